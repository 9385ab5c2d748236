"""How fast the letters of an event leave, and how they are held and let go.

What is asked for after the stop leaves; what was asked for before is held, also what a running job has yet to write.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select, update
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.journal import record
from crm.core.columns import now
from crm.core.errors import Refused
from crm.core.i18n import lazy_gettext as _l
from crm.core.mail import LetterState, OutboxLetter
from crm.events.models import Event, Guest, GuestLetter, LetterKind
from crm.events.queries.sending import OWED, WAITING, letter_ids_of, wrong_waiting
from crm.people.queries.known import chunks

MINUTE = timedelta(minutes=1)


class Pace:
    """When the next letter is due: after those of this event that wait as it will (``state``), so many a minute."""

    def __init__(self, session: Session, event: Event, said: dict[str, Any]) -> None:
        self.starts, self.per_minute = datetime.fromisoformat(said["starts"]), int(said["per_minute"])
        self.state = LetterState.HELD if is_held(event, said) else LetterState.QUEUED
        waiting = select(func.count()).select_from(OutboxLetter).where(_of(event, self.state))
        self.before: int = session.execute(waiting).scalar_one()

    def due(self, number: int) -> datetime:
        return self.starts + timedelta(seconds=60 * ((self.before + number) // self.per_minute))


def is_held(event: Event, said: dict[str, Any]) -> bool:
    """Whether the job (``said``: what it was given) was asked for before the stop. Behind the event's row."""
    held, asked = event.letters_held_at, said.get("asked")
    return held is not None and (asked is None or datetime.fromisoformat(asked) <= held)


def hold_letters(session: Session, actor: Actor, event: Event) -> int:
    """Stop what has not left yet. Returns how many letters that are as yet."""
    _mark(session, event, now())
    number = _set_state(session, _of(event, LetterState.QUEUED), LetterState.HELD)
    record(session, actor, "withdrawn", event, {"letters": number})
    return number


def release_letters(session: Session, actor: Actor, event: Event) -> int:
    """Let them go on as far from each other as they were to leave, whatever kind they are; none before its time.

    Of an event that is cancelled, nothing goes but what tells of it.
    """
    held = _of(event, LetterState.HELD)
    if event.cancelled_at:
        held = held & col(OutboxLetter.kind).in_([kind.value for kind in OWED])
        if not session.execute(select(col(OutboxLetter.id)).where(held).limit(1)).first():
            raise Refused(_l("This event has been cancelled."))
    _mark(session, event, None)
    counted = select(col(OutboxLetter.due_at), func.count()).where(held).group_by(col(OutboxLetter.due_at))
    numbers: dict[datetime, int] = dict(session.execute(counted).all())
    if numbers:
        first, last = min(numbers), max(numbers)
        later = max(_begins(session, event, last - first) - first, timedelta())
        for due in numbers:
            same = update(OutboxLetter).where(held, col(OutboxLetter.due_at) == due)
            values = {"state": LetterState.QUEUED, "due_at": due + later}
            session.execute(same.values(values), execution_options={"synchronize_session": False})
    record(session, actor, "sent", event, {"letters": sum(numbers.values())})
    return sum(numbers.values())


def _mark(session: Session, event: Event, moment: datetime | None) -> None:
    """A job writes behind the same lock. The event's version stays: nobody's words have changed."""
    session.refresh(event, with_for_update=True)
    session.execute(update(Event).where(col(Event.id) == event.id).values(letters_held_at=moment))


def _begins(session: Session, event: Event, length: timedelta) -> datetime:
    """After those that were written in the meantime and would leave at the same time."""
    soon = col(OutboxLetter.due_at) <= now() + length
    last = select(func.max(col(OutboxLetter.due_at))).where(_of(event, LetterState.QUEUED), soon)
    queued = session.execute(last).scalar()
    return max(now(), queued + MINUTE) if queued else now()


def _of(event: Event, state: LetterState) -> ColumnElement[bool]:
    return col(OutboxLetter.id).in_(letter_ids_of(event.id)) & (col(OutboxLetter.state) == state)


def _set_state(session: Session, chosen: ColumnElement[bool], state: LetterState) -> int:
    number = session.execute(select(func.count()).select_from(OutboxLetter).where(chosen)).scalar_one()
    letters = update(OutboxLetter).where(chosen).values(state=state)
    session.execute(letters, execution_options={"synchronize_session": False})
    return int(number)


ANEW = {LetterState.QUEUED: "to be written anew", LetterState.HELD: "held, to be written anew"}
"""What stands as a letter's digest until then, by the state that it had."""


def take_back_wrong(session: Session, event: Event, wrong: Sequence[str]) -> None:
    """Letters made from these texts that have not left do not leave like this: they are marked to be written anew."""
    for state, mark in ANEW.items():
        ids = wrong_waiting(event, wrong).where(col(OutboxLetter.state) == state)
        chosen = list(session.execute(ids.with_for_update(of=OutboxLetter)).scalars())
        for part in chunks(chosen):
            marked = update(GuestLetter).where(col(GuestLetter.letter_id).in_(part)).values(digest=mark)
            session.execute(marked, execution_options={"synchronize_session": False})
            _set_state(session, col(OutboxLetter.id).in_(part), LetterState.STOPPED)


def stop_letters_to(session: Session, office_id: UUID, guest: Guest) -> int:
    """Invitations and reminders of the office to somebody who wants none, as far as they have not left."""
    same = [col(OutboxLetter.to) == guest.email] if guest.email else []
    same += [col(OutboxLetter.person_id) == guest.person_id] if guest.person_id else []
    unasked = col(OutboxLetter.kind).in_([LetterKind.INVITE.value, LetterKind.REMINDER.value])
    waiting = col(OutboxLetter.state).in_(WAITING) & (col(OutboxLetter.office_id) == office_id) & unasked
    return _set_state(session, waiting & or_(*same), LetterState.STOPPED) if same else 0
