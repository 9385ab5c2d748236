"""Looking through all that an office holds for records that are one person. Nothing is merged by it."""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
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
from crm.people.queries.duplicates import candidates_of
from crm.people.rows import insert_missing

SCAN, SCAN_ALL = "people:scan", "people:scan_all"
_AT_ONCE = 500
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
    ids = list(candidates)
    pairs = likely_pairs(list(candidates.values()), _LEAST)
    found = 0
    started = now()
    for some in _parts(pairs):
        rows = [
            {
                "id": new_id(), "created_at": now(), "office_id": office_id, "score": match.score,
                "first_id": min(ids[one], ids[other]), "second_id": max(ids[one], ids[other]),
                "apart_at": None, "apart_by": None,
            }
            for one, other, match in some
        ]  # fmt: skip
        with database.writing() as session:
            _forget(session, office_id, rows)
            insert_missing(session, LikelyPair, rows)
        found += len(rows)
        progress(some[-1][0] + 1, len(ids))
    with database.writing() as session:
        old = col(LikelyPair.apart_at).is_(None) & (col(LikelyPair.created_at) < started)
        session.execute(delete(LikelyPair).where(col(LikelyPair.office_id) == office_id, old))
    progress(len(ids), len(ids))
    return found


def _parts(pairs: Iterator[Any]) -> Iterator[list[Any]]:
    while some := list(islice(pairs, _AT_ONCE)):
        yield some


def _forget(session: Session, office_id: UUID, rows: list[dict[str, Any]]) -> None:
    """What an earlier scan said of the same two, unless somebody has said that they are two."""
    firsts = {row["first_id"] for row in rows}
    same = col(LikelyPair.first_id).in_(firsts) & (col(LikelyPair.office_id) == office_id)
    seconds = col(LikelyPair.second_id).in_({row["second_id"] for row in rows})
    session.execute(delete(LikelyPair).where(same, seconds, col(LikelyPair.apart_at).is_(None)))


def keep_apart(session: Session, actor: Actor, pair_id: UUID) -> LikelyPair:
    """Somebody has looked: they are two people, and no scan says so again."""
    pair = session.get(LikelyPair, pair_id)
    if pair is None or pair.office_id != actor.office_id:
        raise Missing()
    pair.apart_at, pair.apart_by = now(), actor.user_id
    record(session, actor, "kept_apart", session.get_one(Person, pair.first_id), {"from": pair.second_id})
    session.flush()
    return pair
