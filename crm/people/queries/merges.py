from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.models import User
from crm.core.columns import now
from crm.people.merging import FIELDS, UNDO_DAYS
from crm.people.models import Person, PersonMerge
from crm.people.queries.record import Record

_LOST = aliased(Person)


@dataclass(frozen=True)
class Merged:
    id: UUID
    at: datetime
    by: str | None
    lost: str


def merges_of(session: Session, actor: Actor, person_id: UUID) -> list[Merged]:
    """What the reader's office has merged into this record and can still take apart."""
    rows = (
        select(col(PersonMerge.id), col(PersonMerge.created_at), col(User.name), col(_LOST.full_name))
        .join(_LOST, col(_LOST.id) == col(PersonMerge.lost_id))
        .outerjoin(User, col(User.id) == col(PersonMerge.merged_by))
        .where(
            col(PersonMerge.office_id) == actor.office_id,
            col(PersonMerge.kept_id) == person_id,
            col(PersonMerge.undone_at).is_(None),
            col(PersonMerge.created_at) > now() - timedelta(days=UNDO_DAYS),
        )
        .order_by(col(PersonMerge.id).desc())
    )
    return [Merged(*row) for row in session.execute(rows)]


def now_known_as(session: Session, actor: Actor, person_id: UUID) -> UUID | None:
    """The record that one, which the reader's office or everybody has merged, went into."""
    own = select(col(PersonMerge.kept_id)).where(
        col(PersonMerge.lost_id) == person_id,
        col(PersonMerge.office_id) == actor.office_id,
        col(PersonMerge.undone_at).is_(None),
    )
    found: UUID | None = session.execute(own.order_by(col(PersonMerge.id).desc())).scalars().first()
    person = session.get(Person, person_id)
    return found or (person.merged_into if person else None)


def to_choose(kept: Record, other: Record) -> list[tuple[str, Any, Any]]:
    """(field, here, there) where both say something, and not the same."""
    pairs = ((name, getattr(kept.person, name), getattr(other.person, name)) for name in FIELDS)
    return [(name, here, there) for name, here, there in pairs if here and there and here != there]
