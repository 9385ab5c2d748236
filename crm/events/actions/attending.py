"""Who was in the online room: from its list, or noted one by one."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.journal import record
from crm.core.columns import now
from crm.core.errors import Refused
from crm.core.i18n import lazy_gettext as _l
from crm.events.arriving import JoinedForm
from crm.events.models import Event, Guest
from crm.people.queries.known import chunks


def note_joined(session: Session, actor: Actor, event: Event, data: JoinedForm) -> int:
    """From now on it is known who was there. Whoever has been noted before stays noted."""
    _open(event)
    times = data.times()
    for some in chunks(list(times)):
        mine = select(Guest).where(col(Guest.event_id) == event.id, col(Guest.id).in_(some))
        for guest in session.execute(mine).scalars():
            guest.joined_at = guest.joined_at or times[guest.id] or event.starts_at
    event.online_noted_at = now()
    session.flush()
    record(session, actor, "let_in", event, {"guests": list(times)})
    return len(times)


def set_joined(session: Session, actor: Actor, event: Event, guest: Guest, *, joined: bool) -> None:
    """One guest; whether all have been noted is not said by it."""
    _open(event)
    guest.joined_at = min(now(), event.ends_at) if joined else None
    session.flush()
    record(session, actor, "let_in" if joined else "undone", event, {"guests": [guest.id]})


def _open(event: Event) -> None:
    if event.starts_at > now():
        raise Refused(_l("The event has not begun yet."))


def value_of(guest_id: UUID, at: datetime | None) -> str:
    """As the tick boxes hold it."""
    return f"{guest_id} {at.isoformat() if at else ''}".strip()
