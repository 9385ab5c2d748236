"""Whoever comes all the same has changed their answer: it is noted as such, and forgotten if it was a mistake."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, case, select, update
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.events.models import Answer, CheckIn, Companion, Guest, Reply
from crm.events.queries.door import state_at_door
from crm.people.rows import insert_missing

_PLACES = case((col(Guest.places) < 1, 1), else_=col(Guest.places))
_COMES = (
    update(Guest)
    .where(col(Guest.id) == bindparam("guest"))
    .values(
        reply=Reply.VENUE, waiting_since=None, offered_until=None, replied_at=bindparam("at"), places=_PLACES,
        version=col(Guest.version) + 1,
    )
)  # fmt: skip
_BOTH = update(Guest).where(col(Guest.id) == bindparam("guest")).values(places=2, version=col(Guest.version) + 1)


def answer_by_coming(session: Session, actor: Actor, came: Sequence[tuple[Any, dict[str, Any]]]) -> None:
    """Guests as they stood on the list, each with the row of who has come in: most of them were expected."""
    others = [(guest, row) for guest, row in came if row["place"] == 0 and state_at_door(guest)]
    if others:
        rows = [{"guest": guest.id, "at": row["at"]} for guest, row in others]
        session.connection().execute(_COMES, rows)
        answers = [
            Answer(guest_id=guest.id, reply=Reply.VENUE, places=max(1, guest.places), noted_by=actor.user_id)
            for guest, _row in others
        ]
        insert_missing(session, Answer, [one.model_dump() for one in answers])
    partners = [guest for guest, row in came if row["place"] == 1 and guest.partner and guest.places < 2]
    if partners:
        both = [Companion(guest_id=one.id, place=1, name=one.partner, invited=True) for one in partners]
        insert_missing(session, Companion, [one.model_dump() for one in both])
        session.connection().execute(_BOTH, [{"guest": one.id} for one in partners])
    for guest in (*(guest for guest, _row in others), *partners):
        if known := session.identity_map.get(session.identity_key(Guest, guest.id)):
            session.expire(known)


def answer_as_before(session: Session, mistaken: CheckIn) -> None:
    """What the guest had said before somebody was taken for them."""
    guest = session.get_one(Guest, mistaken.guest_id)
    if mistaken.place or guest.replied_at != mistaken.at:
        return
    said = select(Answer).where(col(Answer.guest_id) == guest.id).order_by(col(Answer.created_at).desc()).limit(2)
    answers = session.execute(said).scalars().all()
    before = answers[1] if len(answers) > 1 else None
    guest.reply, guest.places = (before.reply, before.places) if before else (None, 0)
    guest.replied_at = before.created_at if before else None
    guest.waiting_since = before.created_at if before and before.waits else None
    if answers:
        session.delete(answers[0])
    session.flush()
