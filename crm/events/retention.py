"""Guests of long ago who were a name for one evening: the event and the attendance of people with a record stay."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import delete, exists, func, select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.journal import record
from crm.core.contributions import RetentionRule
from crm.core.i18n import lazy_gettext as _l
from crm.core.i18n import ngettext
from crm.events.models import Event, Guest

_MOST = 500
_NAMES_ALONE = col(Guest.person_id).is_(None)


def old_events(session: Session, office_id: UUID, before: date, _in_use: Any) -> Sequence[UUID]:
    since = datetime.combine(before, time(), UTC)
    old = select(col(Event.id)).where(
        col(Event.office_id) == office_id,
        col(Event.ends_at) < since,
        exists().where(col(Guest.event_id) == col(Event.id), _NAMES_ALONE),
    )
    return session.execute(old.order_by(col(Event.ends_at)).limit(_MOST)).scalars().all()


def names_of(session: Session, ids: Sequence[UUID]) -> dict[UUID, tuple[str, str]]:
    """The title, and how many would go."""
    counted = select(col(Guest.event_id), func.count()).where(col(Guest.event_id).in_(ids), _NAMES_ALONE)
    numbers: dict[UUID, int] = dict(session.execute(counted.group_by(col(Guest.event_id))).all())
    events = session.execute(select(Event).where(col(Event.id).in_(ids))).scalars()
    return {one.id: (one.name, _guests(numbers.get(one.id, 0))) for one in events}


def _guests(number: int) -> str:
    return ngettext("%(num)s guest", "%(num)s guests", number)


def forget_guests(session: Session, actor: Actor, event_id: UUID, _rules: Any) -> None:
    event = session.get_one(Event, event_id, with_for_update=True)
    session.execute(delete(Guest).where(col(Guest.event_id) == event_id, _NAMES_ALONE))
    session.flush()
    record(session, actor, "erased", event)


GUESTS = RetentionRule(
    kind="guest",
    label=_l("Guests without a record"),
    why=_l("Names on guest lists of past events, with their answers; the event, its report and its numbers stay."),
    months=24,
    due=old_events,
    names=names_of,
    erase=forget_guests,
)
