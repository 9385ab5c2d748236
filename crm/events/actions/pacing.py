"""How fast the letters of an event leave, and how they are held and let go.

What is asked for after the stop leaves; what was asked for before is held, also what a running job has yet to write.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.journal import record
from crm.core.columns import now
from crm.core.mail import LetterState, OutboxLetter
from crm.events.models import Event
from crm.events.queries.sending import letter_ids_of

MINUTE = timedelta(minutes=1)


class Pace:
    """When the next letter is due: after those of this event that wait as it will (``state``), so many a minute."""

    def __init__(self, session: Session, event: Event, said: dict[str, Any]) -> None:
        self.starts, self.per_minute = datetime.fromisoformat(said["starts"]), int(said["per_minute"])
        self.state = LetterState.STOPPED if is_held(event, said) else LetterState.QUEUED
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
    waiting = _of(event, LetterState.QUEUED)
    number = session.execute(select(func.count()).select_from(OutboxLetter).where(waiting)).scalar_one()
    held = update(OutboxLetter).where(waiting).values(state=LetterState.STOPPED)
    session.execute(held, execution_options={"synchronize_session": False})
    record(session, actor, "withdrawn", event, {"letters": number})
    return int(number)


def release_letters(session: Session, actor: Actor, event: Event) -> int:
    """Let them go on as far from each other as they were to leave, whatever kind they are; none before its time."""
    _mark(session, event, None)
    held = _of(event, LetterState.STOPPED)
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
