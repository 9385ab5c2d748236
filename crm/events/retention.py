"""What goes of events of long ago: guests who were a name for one evening, and pictures of guests.

The event, its report and the attendance of people with a record stay.
"""

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
from crm.events.models import Event, EventPicture, Guest

_MOST = 500
_NAMES_ALONE = col(Guest.person_id).is_(None)


def old_events(session: Session, office_id: UUID, before: date, _in_use: Any) -> Sequence[UUID]:
    return _over_with(session, office_id, before, (col(Guest.event_id) == col(Event.id)) & _NAMES_ALONE)


def old_pictured(session: Session, office_id: UUID, before: date, _in_use: Any) -> Sequence[UUID]:
    return _over_with(session, office_id, before, col(EventPicture.event_id) == col(Event.id))


def _over_with(session: Session, office_id: UUID, before: date, left: Any) -> Sequence[UUID]:
    """Events that were over by then and still have rows of which the condition holds."""
    since = datetime.combine(before, time(), UTC)
    old = select(col(Event.id)).where(col(Event.office_id) == office_id, col(Event.ends_at) < since)
    return session.execute(old.where(exists().where(left)).order_by(col(Event.ends_at)).limit(_MOST)).scalars().all()


def names_of(session: Session, ids: Sequence[UUID]) -> dict[UUID, tuple[str, str]]:
    """The title, and how many would go."""
    counted = select(col(Guest.event_id), func.count()).where(col(Guest.event_id).in_(ids), _NAMES_ALONE)
    numbers: dict[UUID, int] = dict(session.execute(counted.group_by(col(Guest.event_id))).all())
    return {one.id: (one.name, _guests(numbers.get(one.id, 0))) for one in _events(session, ids)}


def pictured_names(session: Session, ids: Sequence[UUID]) -> dict[UUID, tuple[str, str]]:
    mine = col(EventPicture.event_id)
    counted = select(mine, func.count()).where(mine.in_(ids)).group_by(mine)
    numbers: dict[UUID, int] = dict(session.execute(counted).all())
    return {one.id: (one.name, _pictures(numbers.get(one.id, 0))) for one in _events(session, ids)}


def _events(session: Session, ids: Sequence[UUID]) -> Sequence[Event]:
    return session.execute(select(Event).where(col(Event.id).in_(ids))).scalars().all()


def _guests(number: int) -> str:
    return ngettext("%(num)s guest", "%(num)s guests", number)


def _pictures(number: int) -> str:
    return ngettext("%(num)s photograph", "%(num)s photographs", number)


def forget_guests(session: Session, actor: Actor, event_id: UUID, _rules: Any) -> None:
    _forget(session, actor, event_id, delete(Guest).where(col(Guest.event_id) == event_id, _NAMES_ALONE))


def forget_pictures(session: Session, actor: Actor, event_id: UUID, _rules: Any) -> None:
    """The bytes follow when the store is swept."""
    _forget(session, actor, event_id, delete(EventPicture).where(col(EventPicture.event_id) == event_id))


def _forget(session: Session, actor: Actor, event_id: UUID, gone: Any) -> None:
    event = session.get_one(Event, event_id, with_for_update=True)
    session.execute(gone)
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
PICTURES = RetentionRule(
    kind="event_picture",
    label=_l("Photographs of events"),
    why=_l("Who can be recognised in a report’s photographs is known no longer than the guest list is kept."),
    months=24,
    due=old_pictured,
    names=pictured_names,
    erase=forget_pictures,
)
