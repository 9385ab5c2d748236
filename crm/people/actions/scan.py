"""Looking through all that an office holds for records that are one person. Nothing is merged by it."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.journal import record
from crm.accounts.models import Office
from crm.core.columns import new_id, now
from crm.core.db import Database
from crm.core.errors import Missing
from crm.core.matching import likely_pairs
from crm.core.work import JobRun, enqueue
from crm.people.models import LikelyPair, Person
from crm.people.queries.duplicates import candidates_of, stored_pairs
from crm.people.queries.known import chunks
from crm.people.rows import insert_missing

SCAN, SCAN_ALL = "people:scan", "people:scan_all"
_LEAST = 0.6
"""Lower ones are named while somebody is written down, but are not worth a list."""


def ask_for_scan(session: Session, actor: Actor) -> None:
    enqueue(session, SCAN, {"office": str(actor.office_id)}, key=str(actor.office_id))


def scan_all(database: Database, _job: JobRun) -> None:
    """Every office that holds somebody, each as work of its own."""
    with database.writing() as session:
        for office_id in session.execute(select(col(Office.id))).scalars():
            enqueue(session, SCAN, {"office": str(office_id)}, key=str(office_id))


def run_scan(database: Database, job: JobRun) -> None:
    scan_office(database, UUID(job.payload["office"]), job.progress)


def scan_office(database: Database, office_id: UUID, progress: Callable[[int, int], None]) -> int:
    """Returns how many pairs there are. May run again after a crash: what is stored stays, what is said stays said."""
    with database.reading() as session:
        candidates = candidates_of(session, office_id)
        stored = stored_pairs(session, office_id)
    ids = list(candidates)
    found: set[tuple[UUID, UUID]] = set()
    for some in chunks(likely_pairs(list(candidates.values()), _LEAST)):
        pairs = {_in_order(ids[one], ids[other]): match.score for one, other, match in some}
        with database.writing() as session:
            _keep(session, office_id, pairs, stored)
        found |= pairs.keys()
        progress(some[-1][0] + 1, len(ids))
    with database.writing() as session:
        for gone in chunks([pair_id for pair, (pair_id, _score) in stored.items() if pair not in found]):
            is_open = col(LikelyPair.apart_at).is_(None)
            session.execute(delete(LikelyPair).where(col(LikelyPair.id).in_(gone), is_open))
    progress(len(ids), len(ids))
    return len(found)


def _in_order(one: UUID, other: UUID) -> tuple[UUID, UUID]:
    return min(one, other), max(one, other)


def _keep(
    session: Session,
    office_id: UUID,
    pairs: dict[tuple[UUID, UUID], float],
    stored: dict[tuple[UUID, UUID], tuple[UUID, float]],
) -> None:
    """New pairs, and the scores of those that were known and have changed."""
    made = {"office_id": office_id, "apart_at": None, "apart_by": None, "created_at": now()}
    new = [
        {"id": new_id(), "first_id": first, "second_id": second, "score": score, **made}
        for (first, second), score in pairs.items()
        if (first, second) not in stored
    ]
    insert_missing(session, LikelyPair, new)
    changed = [
        {"id": stored[pair][0], "score": score}
        for pair, score in pairs.items()
        if stored.get(pair, (0, score))[1] != score
    ]
    if changed:
        session.execute(update(LikelyPair), changed)


def keep_apart(session: Session, actor: Actor, pair_id: UUID) -> LikelyPair:
    """Somebody has looked: they are two people, and no scan says so again."""
    pair = session.get(LikelyPair, pair_id)
    if pair is None or pair.office_id != actor.office_id:
        raise Missing()
    pair.apart_at, pair.apart_by = now(), actor.user_id
    record(session, actor, "kept_apart", session.get_one(Person, pair.first_id), {"from": pair.second_id})
    session.flush()
    return pair
