"""The journal's daily seal."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import structlog
from sqlalchemy import bindparam, func, select, update
from sqlmodel import Session, col

from crm.accounts.models import JournalEntry, JournalSeal
from crm.accounts.sealing import SEALED, payload_digest, seal_key, seal_of
from crm.core.columns import now
from crm.core.db import Database
from crm.core.settings import read_settings
from crm.core.work import JobRun

SEAL = "accounts:seal"
_AT_ONCE = 2_000
"""Lines marked in one transaction: others write in between."""
_LATE = timedelta(hours=1)
"""What began before midnight has been committed by then."""
log = structlog.get_logger("journal")


def run_seal(database: Database, _job: JobRun) -> None:
    seal_journal(database, seal_key(read_settings()), now())


def seal_journal(database: Database, key: bytes, at: datetime) -> list[JournalSeal]:
    """One seal for each day (UTC) that has ended and has lines; broken off, the next run goes on where it stopped.

    A line that comes after its day was sealed is covered by the next seal.
    """
    made = []
    while (day := _next_day(database)) and day < (at - _LATE).astimezone(UTC).date():
        while _mark(database, key, day):
            pass
        with database.writing() as session:
            seal = _seal(session, key, day)
        log.info("sealed", day=day.isoformat(), lines=seal.lines, seal=seal.digest)
        made.append(seal)
    return made


def _next_day(database: Database) -> date | None:
    """The day of the oldest line without a seal, or one that was begun; never before a day that is sealed."""
    with database.reading() as session:
        last: date | None = session.execute(select(func.max(col(JournalSeal.day)))).scalar()
        begun: date | None = session.execute(select(func.max(col(JournalEntry.sealed_on)))).scalar()
        if begun and (last is None or begun > last):
            return begun
        oldest = select(col(JournalEntry.created_at)).where(col(JournalEntry.sealed_on).is_(None))
        first: datetime | None = session.execute(oldest.order_by(col(JournalEntry.id)).limit(1)).scalar()
    if first is None:
        return None
    return max(first.date(), last + timedelta(days=1)) if last else first.date()


def _mark(database: Database, key: bytes, day: date) -> int:
    """Put some lines into the seal of this day; returns how many."""
    end = datetime.combine(day + timedelta(days=1), time(), UTC)
    free = select(col(JournalEntry.id), col(JournalEntry.changes))
    free = free.where(col(JournalEntry.sealed_on).is_(None), col(JournalEntry.created_at) < end)
    with database.writing() as session:
        lines = session.execute(free.order_by(col(JournalEntry.id)).limit(_AT_ONCE)).all()
        if lines:
            table: Any = JournalEntry.__table__  # type: ignore[attr-defined]
            marked = update(table).where(table.c.id == bindparam("line"))
            marked = marked.values(sealed_on=day, payload_digest=bindparam("digest"))
            values = [{"line": id, "digest": payload_digest(key, changes)} for id, changes in lines]
            session.connection().execute(marked, values)
    return len(lines)


def _seal(session: Session, key: bytes, day: date) -> JournalSeal:
    last = session.execute(select(col(JournalSeal.digest)).order_by(col(JournalSeal.day).desc()).limit(1)).scalar()
    columns = (getattr(JournalEntry, name) for name in SEALED)
    lines = select(*columns).where(col(JournalEntry.sealed_on) == day).order_by(col(JournalEntry.id))
    digest, number = seal_of(key, day, last or "", session.execute(lines.execution_options(yield_per=5_000)))
    seal = JournalSeal(day=day, lines=number, digest=digest)
    session.add(seal)
    session.flush()
    return seal
