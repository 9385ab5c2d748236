"""受付: who has come in. A door that was offline may say it later, and two doors may say it twice: it counts once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.journal import record
from crm.core.columns import IDS, new_id, now
from crm.core.errors import Refused
from crm.core.i18n import lazy_gettext as _l
from crm.core.search import fold
from crm.events.actions.coming import answer_as_before, answer_by_coming
from crm.events.arriving import WalkInForm
from crm.events.models import Answer, CheckIn, CheckInUndone, Event, Guest, Reply
from crm.events.queries.guests import EVENT
from crm.events.queries.spellings import words_of
from crm.people.rows import insert_missing

EARLY, LATE = timedelta(hours=12), timedelta(hours=12)


_LISTED = select(
    col(Guest.id), col(Guest.places), col(Guest.partner), col(Guest.reply), col(Guest.waiting_since)
).where(col(Guest.event_id) == EVENT, col(Guest.id).in_(IDS))
_INSIDE = select(col(CheckIn.guest_id), col(CheckIn.place)).where(col(CheckIn.guest_id).in_(IDS))
_UNDONE = (
    select(col(CheckInUndone.guest_id), col(CheckInUndone.place), func.max(col(CheckInUndone.at)).label("at"))
    .where(col(CheckInUndone.guest_id).in_(IDS))
    .group_by(col(CheckInUndone.guest_id), col(CheckInUndone.place))
)
"""When it was last said that it was somebody else. Statements made once: to build one costs more than to run it."""


@dataclass(frozen=True)
class Arrival:
    """Or the word that there was none. ``place``: 0 for the guest, else the number of the companion. With a name it is
    somebody whom nobody expected, under an id that the door has made.
    """

    guest_id: UUID
    place: int
    at: datetime
    door: str = ""
    name: str = ""
    institution: str = ""


def check_in(session: Session, actor: Actor, event: Event, arrivals: Sequence[Arrival]) -> int:
    """Returns how many are new. Guests of other events, company that cannot be, and what has been taken back since
    it was noted are passed over.
    """
    if event.cancelled_at:
        raise Refused(_l("This event has been cancelled."))
    if not arrivals:
        return 0
    asked = {"event": event.id, "ids": list({one.guest_id for one in arrivals})}
    listed = {row.id: row for row in session.execute(_LISTED, asked)}
    there = {(row.guest_id, row.place) for row in session.execute(_INSIDE, asked)}
    real = [one for one in arrivals if one.place < _most(event, listed.get(one.guest_id))]
    rows = {(one.guest_id, one.place): _row(actor, event, one) for one in real}
    undone = {(row.guest_id, row.place): row.at for row in session.execute(_UNDONE, asked)}
    new = [row for key, row in rows.items() if key not in there and (key not in undone or row["at"] > undone[key])]
    insert_missing(session, CheckIn, new)
    for key in rows.keys() & there:
        session.execute(update(CheckIn).where(_of(*key), rows[key]["at"] > _LAST).values(again_at=rows[key]["at"]))
    if new:
        answer_by_coming(session, actor, [(listed[row["guest_id"]], row) for row in new])
        record(session, actor, "let_in", event, {"guests": [row["guest_id"] for row in new]})
    return len(new)


def _most(event: Event, listed: Any) -> int:
    return max(listed.places, event.companions + (2 if listed.partner else 1)) if listed else 0


_LAST = func.coalesce(col(CheckIn.again_at), col(CheckIn.at))


def _of(guest_id: UUID, place: int) -> Any:
    return (col(CheckIn.guest_id) == guest_id) & (col(CheckIn.place) == place)


def _row(actor: Actor, event: Event, one: Arrival) -> dict[str, Any]:
    """A clock of a device may be wrong: a time far from the event becomes the time of hearing of it."""
    sane = event.starts_at - EARLY <= one.at <= min(event.ends_at + LATE, now())
    return {
        "id": new_id(), "created_at": now(), "event_id": event.id, "guest_id": one.guest_id, "place": one.place,
        "at": one.at if sane else now(), "door": one.door, "user_id": actor.user_id,
    }  # fmt: skip


def take_back(session: Session, actor: Actor, event: Event, mistakes: Sequence[Arrival]) -> None:
    """It was somebody else. The last word about a guest counts, whichever door says it and in whatever order it comes:
    an arrival that was noted after the mistake stays.
    """
    ids = {one.guest_id for one in mistakes}
    mine = select(col(Guest.id)).where(col(Guest.event_id) == event.id, col(Guest.id).in_(ids))
    listed = set(session.execute(mine).scalars())
    rows = [_row(actor, event, one) for one in mistakes if one.guest_id in listed]
    insert_missing(session, CheckInUndone, rows)
    for row in rows:
        mistaken = select(CheckIn).where(_of(row["guest_id"], row["place"]), row["at"] >= _LAST)
        for came in session.execute(mistaken).scalars():
            answer_as_before(session, came)
            session.delete(came)
    session.flush()
    if rows:
        record(session, actor, "undone", event, {"guests": [row["guest_id"] for row in rows]})


def walk_in(session: Session, actor: Actor, event: Event, data: WalkInForm) -> Guest:
    """Somebody whom nobody expected is let in."""
    came = Arrival(data.id or new_id(), 0, now(), data.door, data.name, data.institution)
    put_on_list(session, actor, event, [came])
    check_in(session, actor, event, [came])
    return session.get_one(Guest, came.guest_id)


def put_on_list(session: Session, actor: Actor, event: Event, arrivals: Sequence[Arrival]) -> None:
    """Those with a name: a door that was offline has let them in. Said twice, they stand on the list once."""
    said = {one.guest_id: one for one in arrivals if one.name}
    if not said:
        return
    known = set(session.execute(select(col(Guest.id)).where(col(Guest.id).in_(said))).scalars())
    new = [one for id, one in said.items() if id not in known]
    insert_missing(session, Guest, [_walked(actor, event, one).model_dump() | {"version": 1} for one in new])
    came = [Answer(guest_id=one.guest_id, reply=Reply.VENUE, places=1, noted_by=actor.user_id) for one in new]
    insert_missing(session, Answer, [one.model_dump() for one in came])


def _walked(actor: Actor, event: Event, one: Arrival) -> Guest:
    return Guest(
        id=one.guest_id, event_id=event.id, office_id=actor.office_id, proposed_by=actor.user_id, name=one.name,
        institution=one.institution, sort_key=fold(one.name), words=words_of(one.name, one.institution),
        language=event.languages[0] if event.languages else "en", reply=Reply.VENUE, replied_at=now(), places=1,
        source="door",
    )  # fmt: skip
