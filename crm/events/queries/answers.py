"""What guests have answered lately, for the first page."""

from collections import Counter
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.reader import NOW, OFFICE, seen_by
from crm.events.models import Event, Guest
from crm.events.queries.events import carried_by
from crm.events.queries.guests import STATES

_SHOWN = 10


@dataclass
class Answered:
    """Answers to one event, from the door apart; ``comes`` counts guests, whoever they bring."""

    event: Event
    states: Counter[str] = field(default_factory=Counter)

    @property
    def number(self) -> int:
        return self.states.total()


_WAITS = col(Guest.waiting_since).is_not(None)
_ROWS = (
    select(Event, col(Guest.reply), _WAITS, func.count())
    .join(Guest, col(Guest.event_id) == col(Event.id))
    .where(carried_by(OFFICE), col(Event.ends_at) > NOW, STATES["answered"])
    .group_by(col(Event.id), col(Guest.reply), _WAITS)
    .order_by(col(Event.starts_at), col(Event.id))
)


def answers_of_week(session: Session, actor: Actor) -> list[Answered]:
    """To events that are still to come, of the reader's office and those that it carries with another."""
    found: dict[UUID, Answered] = {}
    for event, reply, waits, number in session.execute(_ROWS, seen_by(actor)):
        state = "waiting" if waits else "comes" if reply.comes else "no"
        found.setdefault(event.id, Answered(event)).states[state] += number
    return list(found.values())[:_SHOWN]
