"""Invitations and attendance in a person's story, and on the way of a merge."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Uuid, bindparam, literal, or_, select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.models import Office
from crm.accounts.reader import OFFICE, seen_by
from crm.core.columns import IDS, now
from crm.core.contributions import Deadline
from crm.core.errors import Refused
from crm.core.i18n import gettext as _
from crm.core.i18n import lazy_gettext as _l
from crm.events.models import Event, Guest
from crm.events.queries.events import carried_by
from crm.events.queries.guests import CAME
from crm.people.models import Person

ROWS: Any = (
    select(col(Event.starts_at).label("at"), col(Guest.id).label("id"), literal("event").label("kind"))
    .join(Event, col(Event.id) == col(Guest.event_id))
    .where(
        col(Guest.person_id) == bindparam("person", type_=Uuid()),
        carried_by(OFFICE),
        or_(col(Guest.invited_at).is_not(None), col(Guest.reply).is_not(None)),
    )
)


@dataclass(frozen=True)
class Entry:
    guest: Guest
    event: Event
    came: bool


_ENTRIES = select(Guest, Event, CAME).join(Event, col(Event.id) == col(Guest.event_id)).where(carried_by(OFFICE))
_THESE = _ENTRIES.where(col(Guest.id).in_(IDS))
_OF_PERSON = col(Guest.person_id) == bindparam("person", type_=Uuid())
_ALL = _ENTRIES.where(_OF_PERSON).order_by(col(Event.starts_at).desc())


def load(session: Session, actor: Actor, ids: Sequence[UUID]) -> dict[UUID, Entry]:
    rows = session.execute(_THESE, {**seen_by(actor), "ids": ids})
    return {guest.id: Entry(guest, event, came) for guest, event, came in rows}


def events_with(session: Session, actor: Actor, person_id: UUID) -> list[Entry]:
    """Of one person; the newest first."""
    rows = session.execute(_ALL, {**seen_by(actor), "person": person_id})
    return [Entry(guest, event, came) for guest, event, came in rows]


@dataclass(frozen=True)
class Invited:
    guest: Guest
    event: Event
    office: Office
    came: bool


def invitations_of(session: Session, person_id: UUID) -> list[Invited]:
    """For the person: what they were told of, not on which list an office has them in mind."""
    mine = select(Guest, Event, Office, CAME).join(Event, col(Event.id) == col(Guest.event_id))
    mine = mine.join(Office, col(Office.id) == col(Event.office_id)).where(col(Guest.person_id) == person_id)
    told = or_(col(Guest.invited_at).is_not(None), col(Guest.reply).is_not(None))
    return [Invited(*row) for row in session.execute(mine.where(told).order_by(col(Event.starts_at).desc()))]


def invited_since(office_id: UUID, before: date) -> Any:
    """Ids of people whom this office has had on a guest list since then."""
    moment = datetime.combine(before, time(), ZoneInfo("UTC"))
    mine = select(col(Guest.person_id)).join(Event, col(Event.id) == col(Guest.event_id))
    return mine.where(
        col(Event.office_id) == office_id, col(Event.starts_at) >= moment, col(Guest.person_id).is_not(None)
    )


def settle_before_merge(session: Session, kept: Person, lost: Person) -> None:
    """Two places on one guest list may have two answers: a person decides which stands."""
    first, second = (select(col(Guest.event_id)).where(col(Guest.person_id) == each.id) for each in (kept, lost))
    both = select(Event).where(col(Event.id).in_(first), col(Event.id).in_(second))
    if event := session.execute(both).scalars().first():
        raise Refused(
            _l("Both are on the guest list of %(event)s. Please remove one of them there first.", event=event.name)
        )


def dates_of(session: Session, actor: Actor) -> list[Deadline]:
    """For the calendar: the day of each event, and the last day to answer."""
    mine = select(Event).where(
        col(Event.office_id) == actor.office_id, col(Event.ends_at) > now(), col(Event.cancelled_at).is_(None)
    )
    found = []
    for event in session.execute(mine).scalars():
        path = f"/events/{event.id}"
        found.append(Deadline(event.id, event.starts_here.date(), event.name, path, event.created_at))
        if event.answer_by:
            said = _("Answers are due: %(event)s", event=event.name)
            found.append(Deadline(_other(event.id), event.answer_by, said, path, event.created_at))
    return found


def _other(id: UUID) -> UUID:
    """A second entry of the same event needs a name of its own."""
    return UUID(int=id.int ^ 1)
