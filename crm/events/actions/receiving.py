"""受付: who has come in. A door that was offline may say it later, and two doors may say it twice: it counts once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.journal import record
from crm.core.columns import new_id, now
from crm.core.errors import Refused
from crm.core.i18n import lazy_gettext as _l
from crm.core.search import fold
from crm.events.forms import WalkInForm
from crm.events.models import Answer, CheckIn, Event, Guest, Reply
from crm.events.queries.guests import words_of
from crm.people.rows import insert_missing

EARLY, LATE = timedelta(hours=12), timedelta(hours=12)


@dataclass(frozen=True)
class Arrival:
    """``place``: 0 for the guest, else the number of the companion."""

    guest_id: UUID
    place: int
    at: datetime
    door: str = ""


def check_in(session: Session, actor: Actor, event: Event, arrivals: Sequence[Arrival]) -> int:
    """Returns how many are new. Guests of other events, and company that cannot be, are passed over."""
    if event.cancelled_at:
        raise Refused(_l("This event has been cancelled."))
    ids = {one.guest_id for one in arrivals}
    mine = select(col(Guest.id), col(Guest.places)).where(col(Guest.event_id) == event.id, col(Guest.id).in_(ids))
    listed = {row.id: max(row.places, event.companions + 1) for row in session.execute(mine)}
    inside = select(col(CheckIn.guest_id), col(CheckIn.place)).where(col(CheckIn.guest_id).in_(listed))
    there = {(row.guest_id, row.place) for row in session.execute(inside)}
    real = [one for one in arrivals if one.place < listed.get(one.guest_id, 0)]
    rows = {(one.guest_id, one.place): _row(actor, event, one) for one in real}
    new = [row for key, row in rows.items() if key not in there]
    insert_missing(session, CheckIn, new)
    if new:
        record(session, actor, "let_in", event, {"guests": [row["guest_id"] for row in new]})
    return len(new)


def _row(actor: Actor, event: Event, one: Arrival) -> dict[str, object]:
    """A clock of a device may be wrong: a time far from the event becomes the time of hearing of it."""
    sane = event.starts_at - EARLY <= one.at <= min(event.ends_at + LATE, now() + timedelta(minutes=5))
    return {
        "id": new_id(), "created_at": now(), "event_id": event.id, "guest_id": one.guest_id, "place": one.place,
        "at": one.at if sane else now(), "door": one.door, "user_id": actor.user_id,
    }  # fmt: skip


def take_back(session: Session, actor: Actor, event: Event, guest: Guest, place: int) -> None:
    """It was somebody else."""
    session.execute(delete(CheckIn).where(col(CheckIn.guest_id) == guest.id, col(CheckIn.place) == place))
    record(session, actor, "undone", event, {"guests": [guest.id]})


def walk_in(session: Session, actor: Actor, event: Event, data: WalkInForm) -> Guest:
    """Somebody whom nobody expected is let in."""
    guest = Guest(
        event_id=event.id, office_id=actor.office_id, proposed_by=actor.user_id, name=data.name,
        institution=data.institution, sort_key=fold(data.name), words=words_of(data.name, data.institution),
        language=event.languages[0] if event.languages else "en", reply=Reply.VENUE, replied_at=now(), places=1,
        source="door",
    )  # fmt: skip
    session.add(guest)
    session.flush()
    session.add(Answer(guest_id=guest.id, reply=Reply.VENUE, places=1, noted_by=actor.user_id))
    session.flush()
    check_in(session, actor, event, [Arrival(guest.id, 0, now(), data.door)])
    return guest
