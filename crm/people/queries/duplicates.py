"""Records of an office that are likely one person."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.acting import actor_for
from crm.accounts.reader import OFFICE, seen_by
from crm.core.matching import Candidate, Match, score
from crm.people.models import Holding, LikelyPair, Person
from crm.people.queries.known import Known, chunks, describe
from crm.people.queries.visible import HELD, sees

_SHOWN = 30
_MANY = 999
_FIRST, _SECOND = aliased(Person), aliased(Person)


@dataclass(frozen=True)
class Pair:
    """With what speaks for one person and what against, as the records stand now."""

    id: UUID
    first: Known
    second: Known
    match: Match


_OPEN = (
    select(col(LikelyPair.id), col(LikelyPair.first_id), col(LikelyPair.second_id))
    .select_from(LikelyPair)
    .join(_FIRST, col(_FIRST.id) == col(LikelyPair.first_id))
    .join(_SECOND, col(_SECOND.id) == col(LikelyPair.second_id))
    .where(
        col(LikelyPair.office_id) == OFFICE,
        col(LikelyPair.apart_at).is_(None),
        col(_FIRST.merged_into).is_(None),
        col(_SECOND.merged_into).is_(None),
        sees(col(LikelyPair.first_id)),
        sees(col(LikelyPair.second_id)),
    )
)


def likely_duplicates(session: Session, actor: Actor) -> list[Pair]:
    """The likeliest first, a pageful: each that is settled makes room for the next."""
    wanted = _OPEN.order_by(col(LikelyPair.score).desc(), col(LikelyPair.id)).limit(_SHOWN)
    rows = session.execute(wanted, seen_by(actor)).all()
    known = describe(session, actor, {id for row in rows for id in row[1:]})
    return [
        Pair(id, known[one], known[other], score(known[one].candidate, known[other].candidate))
        for id, one, other in rows
    ]


_COUNTED = select(func.count()).select_from(_OPEN.limit(_MANY).subquery())


def duplicate_count(session: Session, actor: Actor) -> int:
    """At most ``_MANY``: the first page asks each time, and nobody settles more in a day."""
    return int(session.execute(_COUNTED, seen_by(actor)).scalar_one())


DUPLICATES_COUNT = _COUNTED.scalar_subquery()


def candidates_of(session: Session, office_id: UUID) -> dict[UUID, Candidate]:
    """All whom the office holds, as far as telling them apart needs it."""
    actor = actor_for(session, office_id, None)
    whole = col(Person.merged_into).is_(None)
    held = HELD.join(Person, col(Person.id) == col(Holding.person_id)).where(whole).order_by(col(Person.id))
    ids = list(session.execute(held, seen_by(actor)).scalars())
    found: dict[UUID, Candidate] = {}
    for some in chunks(ids):
        found |= {id: known.candidate for id, known in describe(session, actor, some).items()}
    return found


def stored_pairs(session: Session, office_id: UUID) -> dict[tuple[UUID, UUID], tuple[UUID, float]]:
    """(first, second) → (id, score) of an earlier scan, also of those that somebody has kept apart."""
    columns = (col(LikelyPair.first_id), col(LikelyPair.second_id), col(LikelyPair.id), col(LikelyPair.score))
    rows = session.execute(select(*columns).where(col(LikelyPair.office_id) == office_id))
    return {(first, second): (id, score) for first, second, id, score in rows}
