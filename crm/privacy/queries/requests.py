"""Requests under the law as the desk of an office sees them."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select, union
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.models import JournalEntry, User
from crm.accounts.reader import OFFICE, seen_by
from crm.core.columns import now
from crm.people.models import Person
from crm.privacy.models import ConsentReceipt, RequestKind, RightsRequest

_CLOSED = 100


@dataclass(frozen=True)
class Line:
    """``days``: until the decision is due, negative when it is late."""

    request: RightsRequest
    person: Person | None
    days: int

    @property
    def kind(self) -> RequestKind:
        return RequestKind(self.request.kind)


_GRANTED = col(RightsRequest.decision).in_(["granted", "partly"]) & col(RightsRequest.carried_out_on).is_(None)
_IS_OPEN = col(RightsRequest.decision).is_(None) | _GRANTED
_OPEN = (col(RightsRequest.office_id) == OFFICE, _IS_OPEN)
OPEN_COUNT = select(func.count()).select_from(RightsRequest).where(*_OPEN).scalar_subquery()
"""Those that wait for a decision, or to be carried out."""


def open_requests(session: Session, actor: Actor) -> list[Line]:
    """The one that is due first on top."""
    found = session.execute(_requests().where(*_OPEN), seen_by(actor))
    lines = [_line(actor, *row) for row in found]
    return sorted(lines, key=lambda line: line.days)


def closed_requests(session: Session, actor: Actor) -> list[Line]:
    """The newest first."""
    closed = _requests().where(col(RightsRequest.office_id) == actor.office_id, ~_IS_OPEN)
    found = session.execute(closed.order_by(col(RightsRequest.decided_on).desc(), col(RightsRequest.id)).limit(_CLOSED))
    return [_line(actor, *row) for row in found]


def line_of(session: Session, actor: Actor, request: RightsRequest) -> Line:
    person = session.get(Person, request.person_id) if request.person_id else None
    return _line(actor, request, person)


def steps_of(session: Session, request_id: UUID) -> list[tuple[JournalEntry, str | None]]:
    """What was done with a request, and by whom; nobody is the person."""
    lines = select(JournalEntry, col(User.name)).outerjoin(User, col(User.id) == col(JournalEntry.actor_id))
    mine = (col(JournalEntry.subject_kind) == "rights_request") & (col(JournalEntry.subject_id) == request_id)
    return [(entry, name) for entry, name in session.execute(lines.where(mine).order_by(col(JournalEntry.id)))]


def _requests() -> Any:
    return select(RightsRequest, Person).outerjoin(Person, col(Person.id) == col(RightsRequest.person_id))


def _line(actor: Actor, request: RightsRequest, person: Person | None) -> Line:
    known = person if person and person.full_name else None
    return Line(request, known, (request.due - actor.today).days)


def asking_or_consenting(office_id: UUID, before: date) -> Any:
    """Ids of people whose consent to this office is in force, or who have asked something of it since then."""
    given = select(col(ConsentReceipt.person_id)).where(
        col(ConsentReceipt.office_id) == office_id,
        col(ConsentReceipt.withdrawn_at).is_(None),
        or_(col(ConsentReceipt.expires_at).is_(None), col(ConsentReceipt.expires_at) > now()),
    )
    asked = select(col(RightsRequest.person_id)).where(
        col(RightsRequest.office_id) == office_id,
        col(RightsRequest.person_id).is_not(None),
        col(RightsRequest.received_on) >= before,
    )
    return union(given, asked)
