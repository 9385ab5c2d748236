"""How fast the letters of an event leave, also after they were held."""

from datetime import datetime, timedelta

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
    """When the next letter is due: after those of this event that wait, so many a minute."""

    def __init__(self, session: Session, event: Event, starts: datetime, per_minute: int) -> None:
        waiting = (
            select(func.count()).select_from(OutboxLetter).where(col(OutboxLetter.id).in_(letter_ids_of(event.id)))
        )
        queued = waiting.where(col(OutboxLetter.state) == LetterState.QUEUED)
        self.before: int = session.execute(queued).scalar_one()
        self.starts, self.per_minute = starts, per_minute

    def due(self, number: int) -> datetime:
        return self.starts + timedelta(seconds=60 * ((self.before + number) // self.per_minute))


def hold_letters(session: Session, actor: Actor, event: Event) -> int:
    """Stop what has not left yet. Returns how many letters."""
    waiting = _of(event, LetterState.QUEUED)
    number = session.execute(select(func.count()).select_from(OutboxLetter).where(waiting)).scalar_one()
    held = update(OutboxLetter).where(waiting).values(state=LetterState.STOPPED)
    session.execute(held, execution_options={"synchronize_session": False})
    record(session, actor, "withdrawn", event, {"letters": number})
    return int(number)


def release_letters(session: Session, actor: Actor, event: Event) -> int:
    """Let them go on as far from each other as they were to leave, whatever kind they are; none before its time."""
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


def _begins(session: Session, event: Event, length: timedelta) -> datetime:
    """After those that were written in the meantime and would leave at the same time."""
    soon = col(OutboxLetter.due_at) <= now() + length
    last = select(func.max(col(OutboxLetter.due_at))).where(_of(event, LetterState.QUEUED), soon)
    queued = session.execute(last).scalar()
    return max(now(), queued + MINUTE) if queued else now()


def _of(event: Event, state: LetterState) -> ColumnElement[bool]:
    return col(OutboxLetter.id).in_(letter_ids_of(event.id)) & (col(OutboxLetter.state) == state)
