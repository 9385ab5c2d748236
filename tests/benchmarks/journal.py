"""The journal: lines verified in a second."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from crm.accounts.actions.sealing import seal_journal
from crm.accounts.models import JournalEntry
from crm.accounts.queries.seals import verify_journal
from crm.core.columns import new_id
from crm.core.db import Database
from tests.benchmarks.data import crm, environ_of

KEY = b"a key for measuring"
DAYS, A_DAY = 20, 5_000


def verify_sealed(url: str = "") -> float:
    """Lines a second."""
    environ = environ_of(0, url)
    if not url:
        path = Path(environ["CRM_DATA_DIR"]) / "journal.sqlite3"
        path.unlink(missing_ok=True)
        environ["CRM_DATABASE_URL"] = f"sqlite:///{path}"
    crm("migrate", environ=environ)
    database = Database(environ["CRM_DATABASE_URL"])
    for day in range(DAYS):
        with database.writing() as session:
            session.execute(insert(JournalEntry), list(_lines(day)))
    seal_journal(database, KEY, _noon(DAYS))
    started = time.perf_counter()
    with database.reading() as session:
        verdict = verify_journal(session, KEY)
    seconds = time.perf_counter() - started
    if verdict.lines != DAYS * A_DAY or verdict.broken:
        raise RuntimeError(f"{verdict.lines} lines verified: {verdict.reason}")
    return verdict.lines / seconds


def _noon(day: int) -> datetime:
    return datetime(2026, 11, 2, 12, tzinfo=UTC) + timedelta(days=day)


def _lines(day: int) -> Iterator[dict[str, Any]]:
    for number in range(A_DAY):
        changes = {"kana": ["", "おおの"], "unit": ["Department of Physics", "Institute for Physics"]}
        yield {
            "id": new_id(), "created_at": _noon(day) + timedelta(seconds=number), "verb": "changed",
            "subject_kind": "person", "changes": changes if number % 2 else None,
        }  # fmt: skip
