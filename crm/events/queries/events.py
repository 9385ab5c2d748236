"""Events as the offices that carry them see them, and as the public does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, Uuid, bindparam, exists, func, or_, select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.models import Office
from crm.accounts.reader import NOW, OFFICE
from crm.core.columns import now
from crm.core.dates import fiscal_year
from crm.core.errors import Forbidden, Missing
from crm.core.i18n import said_in
from crm.events.forms import EventSearch
from crm.events.models import CheckIn, Event, EventHost, Guest, HostRole, ProgrammeItem

_SHOWN = 200


def carried_by(office_id: Any) -> Any:
    """A condition on ``event``: the office's own, and those that it carries with another. Also for a bind."""
    beside = exists().where(col(EventHost.event_id) == col(Event.id), col(EventHost.office_id) == office_id)
    return or_(col(Event.office_id) == office_id, beside)


def events_of(actor: Actor) -> Select[Event]:
    """Those of the reader's office, and those that it carries with another."""
    return select(Event).where(carried_by(actor.office_id))


_ONE = select(Event).where(col(Event.id) == bindparam("event", type_=Uuid()), carried_by(OFFICE))


def event_of(session: Session, actor: Actor, event_id: UUID) -> Event:
    """Missing for an event of others: nobody learns that it is there."""
    found: Event | None = session.execute(_ONE, {"event": event_id, "office": actor.office_id}).scalars().first()
    if found is None:
        raise Missing()
    return found


def own_event(session: Session, actor: Actor, event_id: UUID) -> Event:
    """Of the reader's own office: what only the host may do."""
    event = event_of(session, actor, event_id)
    if event.office_id != actor.office_id:
        raise Forbidden()
    return event


def editable_event(session: Session, actor: Actor, event_id: UUID) -> Event:
    """Also for people of a co-host that the host lets work on it."""
    event = event_of(session, actor, event_id)
    if not may_edit(session, actor, event):
        raise Forbidden()
    return event


def may_edit(session: Session, actor: Actor, event: Event) -> bool:
    if event.office_id == actor.office_id:
        return True
    beside = exists().where(
        col(EventHost.event_id) == event.id, col(EventHost.office_id) == actor.office_id, col(EventHost.may_edit)
    )
    return bool(session.execute(select(beside)).scalar())


@dataclass(frozen=True)
class Line:
    """An event in the list; ``comes`` counts places, ``came`` people who were let in."""

    event: Event
    host: str
    guests: int
    comes: int
    came: int


def list_events(session: Session, actor: Actor, wanted: EventSearch) -> list[Line]:
    """Coming ones from the next, past ones from the last; of a fiscal year if one is wanted."""
    mine = events_of(actor)
    if wanted.when == "coming":
        mine = mine.where(col(Event.ends_at) >= now()).order_by(col(Event.starts_at))
    else:
        mine = mine.where(col(Event.ends_at) < now()).order_by(col(Event.starts_at).desc())
    if wanted.year:
        zone = ZoneInfo(actor.zone)
        edges = [datetime.combine(date(year, 4, 1), time(), zone) for year in (wanted.year, wanted.year + 1)]
        mine = mine.where(col(Event.starts_at) >= edges[0], col(Event.starts_at) < edges[1])
    events = session.execute(mine.limit(_SHOWN)).scalars().all()
    return _counted(session, events)


def _counted(session: Session, events: Sequence[Event]) -> list[Line]:
    ids = [event.id for event in events]
    comes = func.sum(col(Guest.places)).filter(col(Guest.waiting_since).is_(None))
    listed = select(col(Guest.event_id), func.count(), comes).where(col(Guest.event_id).in_(ids))
    numbers = {id: (all, coming or 0) for id, all, coming in session.execute(listed.group_by(col(Guest.event_id)))}
    inside = select(col(CheckIn.event_id), func.count()).where(col(CheckIn.event_id).in_(ids))
    came: dict[UUID, int] = dict(session.execute(inside.group_by(col(CheckIn.event_id))).all())
    offices = select(Office).where(col(Office.id).in_({event.office_id for event in events}))
    names = {office.id: office.name for office in session.execute(offices).scalars()}
    return [
        Line(event, names.get(event.office_id, ""), *numbers.get(event.id, (0, 0)), came.get(event.id, 0))
        for event in events
    ]


def by_fiscal_year(lines: Sequence[Line]) -> list[tuple[int, list[Line]]]:
    years: dict[int, list[Line]] = {}
    for line in lines:
        years.setdefault(fiscal_year(line.event.starts_here.date()), []).append(line)
    return sorted(years.items(), reverse=True)


@dataclass(frozen=True)
class Carrier:
    """A co-host as it is shown; ``host`` is its row, ``office`` the office that it is, if it is one."""

    host: EventHost
    office: Office | None

    @property
    def name(self) -> str:
        return self.office.name if self.office else said_in(self.host.name)


def carriers_of(session: Session, event: Event) -> list[Carrier]:
    mine = select(EventHost, Office).outerjoin(Office, col(Office.id) == col(EventHost.office_id))
    rows = session.execute(mine.where(col(EventHost.event_id) == event.id).order_by(col(EventHost.id)))
    order = list(HostRole)
    found = [Carrier(host, office) for host, office in rows]
    return sorted(found, key=lambda one: order.index(one.host.role))


def programme_of(session: Session, event: Event) -> list[ProgrammeItem]:
    mine = select(ProgrammeItem).where(col(ProgrammeItem.event_id) == event.id)
    return list(session.execute(mine.order_by(col(ProgrammeItem.place), col(ProgrammeItem.id))).scalars())


COMING_COUNT = (
    select(func.count())
    .select_from(Event)
    .where(carried_by(OFFICE), col(Event.ends_at) >= NOW, col(Event.cancelled_at).is_(None))
    .scalar_subquery()
)


def public_events() -> Select[Event, Office]:
    """What anybody may see, with whose it is; in no order."""
    shown = select(Event, Office).join(Office, col(Office.id) == col(Event.office_id))
    return shown.where(col(Event.is_public))


def public_event(session: Session, event_id: UUID) -> Event:
    event = session.get(Event, event_id)
    if event is None or not event.is_public:
        raise Missing()
    return event
