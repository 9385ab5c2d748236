"""The numbers of an event as a report needs them: how many guests, and how many people with those they bring."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from crm.events.models import CheckIn, Event, Guest
from crm.events.queries.guests import EVENT, STATES, UNSAID, sum_where
from crm.people.models import Sector

SHOWN = ("in_person", "online", "waiting", "no", "silent", "to_invite")
"""Each guest is in one of them."""
_COUNTED = (*SHOWN, "comes", "came", "joined", "missed")


@dataclass(frozen=True)
class Number:
    """``guests`` are the rows that the list shows, ``people`` those of them whom a place is for, or who were let in."""

    guests: int = 0
    people: int = 0

    def __add__(self, other: "Number") -> "Number":
        return Number(self.guests + other.guests, self.people + other.people)


@dataclass(frozen=True)
class Figures:
    """State of the guest list → number; ``sectors``: the same for each sector, ``none`` where nobody has said it."""

    sectors: dict[str, dict[str, Number]]

    def __getitem__(self, state: str) -> Number:
        return sum((numbers[state] for numbers in self.sectors.values()), Number())


_LISTED = func.count()
_BY_SECTOR = (
    select(
        col(Guest.sector), _LISTED,
        *(sum_where(STATES[state], value) for state in _COUNTED for value in (1, col(Guest.places))),
    )
    .where(col(Guest.event_id) == EVENT)
    .group_by(col(Guest.sector))
)  # fmt: skip
_LET_IN = (
    select(col(Guest.sector), func.count())
    .join(CheckIn, col(CheckIn.guest_id) == col(Guest.id))
    .where(col(CheckIn.event_id) == EVENT)
    .group_by(col(Guest.sector))
)


def figures_of(session: Session, event: Event) -> Figures:
    asked = {"event": event.id}
    inside: dict[str, int] = dict(session.execute(_LET_IN, asked).all())
    found = {row[0]: _numbers(row[1:], inside.get(row[0], 0)) for row in session.execute(_BY_SECTOR, asked)}
    order = [*(sector.value for sector in Sector), ""]
    return Figures({code or UNSAID: found[code] for code in order if code in found})


def _numbers(counted: Iterable[Any], inside: int) -> dict[str, Number]:
    listed, *each = counted
    pairs = dict(zip(_COUNTED, zip(each[::2], each[1::2], strict=True), strict=True))
    numbers = {state: Number(guests, people) for state, (guests, people) in pairs.items()}
    # A place is nobody who came: those are counted at the door, or noted as online.
    came = Number(numbers["came"].guests, inside + numbers["joined"].guests)
    return {**numbers, "listed": Number(listed, listed), "came": came}
