"""For the caterer and the venue: what those who come need, and what they answered to the organiser's questions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, select
from sqlmodel import Session, col

from crm.core.i18n import gettext as _
from crm.core.i18n import said_in
from crm.core.search import fold
from crm.events.models import Event, Guest, GuestNeeds
from crm.events.queries.guests import EVENT, STATES

NEEDS_DAYS = 30
UNSAID = "–"
"""What the form puts where a question was left empty."""


@dataclass
class Same:
    """What several said alike, as the first of them wrote it."""

    words: str
    guests: list[Row[Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Asked:
    """A question, and its answers from the most frequent. ``is_careful``: given with a consent of its own."""

    label: str
    answers: list[Same]
    is_careful: bool = False


_COMING = (
    select(
        col(Guest.id), col(Guest.name), col(Guest.badge), col(Guest.substitute), col(Guest.institution),
        col(Guest.seat_at), col(Guest.reply), col(Guest.said), col(GuestNeeds.words),
    )
    .outerjoin(GuestNeeds, col(GuestNeeds.guest_id) == col(Guest.id))
    .where(col(Guest.event_id) == EVENT, STATES["comes"])
    .order_by(col(Guest.sort_key), col(Guest.id))
)  # fmt: skip


def needs_of(session: Session, event: Event) -> list[Asked]:
    """Of those who come. Needs are there only with consent, and as long as they may be kept."""
    rows = session.execute(_COMING, {"event": event.id}).all()
    asked = [Asked(_("Diet and access needs"), _alike((row.words, row) for row in rows), is_careful=True)]
    asked += [
        Asked(said_in(question), _alike((row.said[at] if at < len(row.said) else None, row) for row in rows))
        for at, question in enumerate(event.questions)
    ]
    return [one for one in asked if one.answers or not one.is_careful]


def _alike(said: Iterable[tuple[str | None, Row[Any]]]) -> list[Same]:
    found: dict[str, Same] = {}
    for words, row in said:
        if words and words != UNSAID:
            found.setdefault(fold(words), Same(words)).guests.append(row)
    return sorted(found.values(), key=lambda same: -len(same.guests))


def deleted_by(event: Event) -> date:
    """The last day on which needs may be kept, where the event is."""
    return (event.ends_here + timedelta(days=NEEDS_DAYS)).date()


def careful(asked: Sequence[Asked]) -> bool:
    return any(one.is_careful for one in asked)
