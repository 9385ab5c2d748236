from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.models import User
from crm.core.columns import now
from crm.people.merging import FIELDS, UNDO_DAYS
from crm.people.models import MergeQuestion, Person, PersonMerge
from crm.people.queries.moved import WENT_IN
from crm.people.queries.record import Record

_LOST = aliased(Person)


@dataclass(frozen=True)
class Merged:
    id: UUID
    at: datetime
    by: str | None
    lost: str
    taken_back: bool
    """Another office asked for it and has undone its own part since."""
    declined: list[str]
    """Why other offices, not named, keep their part as it is."""


def merges_of(session: Session, actor: Actor, person_id: UUID) -> list[Merged]:
    """What the reader's office has merged into this record, or into what went in since, and can still take apart."""
    asker = aliased(PersonMerge)
    asked = exists().where(
        col(MergeQuestion.own_id) == col(PersonMerge.id),
        col(asker.id) == col(MergeQuestion.merge_id),
        col(asker.undone_at).is_not(None),
    )
    rows = (
        select(col(PersonMerge.id), col(PersonMerge.created_at), col(User.name), col(_LOST.full_name), asked)
        .join(_LOST, col(_LOST.id) == col(PersonMerge.lost_id))
        .outerjoin(User, col(User.id) == col(PersonMerge.merged_by))
        .where(
            col(PersonMerge.office_id) == actor.office_id,
            or_(col(PersonMerge.kept_id) == person_id, col(PersonMerge.kept_id).in_(WENT_IN)),
            col(PersonMerge.undone_at).is_(None),
            col(PersonMerge.created_at) > now() - timedelta(days=UNDO_DAYS),
        )
        .order_by(col(PersonMerge.id).desc())
    )
    found = session.execute(rows, {"person": person_id, "office": actor.office_id}).all()
    declined = _declined(session, [row[0] for row in found]) if found else {}
    return [Merged(id, at, by, lost, back, declined.get(id, [])) for id, at, by, lost, back in found]


def _declined(session: Session, merges: list[UUID]) -> dict[UUID, list[str]]:
    said = select(col(MergeQuestion.merge_id), col(MergeQuestion.reason)).where(
        col(MergeQuestion.merge_id).in_(merges), col(MergeQuestion.reason) != ""
    )
    reasons: dict[UUID, list[str]] = defaultdict(list)
    for merge_id, reason in session.execute(said.order_by(col(MergeQuestion.reason))):
        reasons[merge_id].append(reason)
    return reasons


def to_choose(kept: Record, other: Record) -> list[tuple[str, Any, Any]]:
    """(field, here, there) where both say something, and not the same."""
    pairs = ((name, getattr(kept.person, name), getattr(other.person, name)) for name in FIELDS)
    return [(name, here, there) for name, here, there in pairs if here and there and here != there]
