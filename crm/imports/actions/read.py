"""Reading a kept list: what it holds, and who its rows are."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import col

from crm.accounts.acting import actor_for
from crm.core.columns import new_id, now
from crm.core.db import Database
from crm.imports.actions.erasing import names_erased, without_samples
from crm.imports.matching import Matched, Matcher
from crm.imports.models import Decision, ImportFile, ImportRow, ImportState, Outcome
from crm.imports.reading.errors import Unreadable
from crm.imports.reading.sandbox import Choices, read_file
from crm.imports.reading.sandbox import Outcome as Reading
from crm.imports.reading.shapes import Entry, Said
from crm.imports.reasons import ERASED
from crm.people.rows import insert_rows

AT_ONCE = 500
Progress = Callable[[int, int], None]


def read_list(database: Database, file_id: UUID, folder: Path, progress: Progress) -> None:
    """May run again after a crash: it begins anew then."""
    with database.writing() as session:
        file = session.get(ImportFile, file_id, with_for_update=True)
        if file is None or file.state not in (ImportState.UPLOADED, ImportState.READING):
            return
        file.state, file.refusal = ImportState.READING, None
        session.execute(delete(ImportRow).where(col(ImportRow.file_id) == file_id))
        name, choices = file.name, choices_of(file)
    try:
        reading = read_file(folder / str(file_id), name, choices)
    except Unreadable as refused:
        refuse(database, file_id, refused)
        return
    with reading:
        store_rows(database, file_id, reading, progress)


def choices_of(file: ImportFile) -> Choices:
    chosen = file.choices
    return Choices(
        encoding=chosen.get("encoding"),
        language=file.language or None,
        grids=chosen.get("grids"),
        tables={int(grid): _said(table) for grid, table in chosen.get("tables", {}).items()},
    )


def _said(table: dict[str, Any]) -> Said:
    columns = {int(index): name for index, name in table.get("columns", {}).items()}
    return Said(table.get("header"), columns)


def refuse(database: Database, file_id: UUID, refused: Unreadable) -> None:
    with database.writing() as session:
        file = session.get_one(ImportFile, file_id)
        file.state, file.refusal, file.counts = ImportState.REFUSED, refused.code, {}
        values = {key: str(value) for key, value in refused.values.items()}
        file.guess = {**file.guess, "refusal": values}


def store_rows(database: Database, file_id: UUID, reading: Reading, progress: Progress) -> None:
    """Match the rows and keep them, a batch a transaction."""
    with database.reading() as session:
        file = session.get_one(ImportFile, file_id)
        matcher = Matcher(actor_for(session, file.office_id, file.uploaded_by))
    with reading.path.open("rb") as lines:
        total = max(sum(1 for _ in lines) - 2, 0)
    counts = {str(outcome): 0 for outcome in Outcome}
    done = 0
    for entries in batches(reading):
        with database.writing() as session:
            matched = matcher.match(session, entries)
            insert_rows(session, ImportRow, [row_of(file_id, done + place, one) for place, one in enumerate(matched)])
        for one in matched:
            counts[str(one.outcome)] += 1
        done += len(entries)
        progress(done, max(total, done))
    with database.writing() as session:
        file = session.get_one(ImportFile, file_id)
        guess = about(reading)
        file.guess = without_samples(guess) if names_erased(session, file_id) else guess
        file.counts, file.state = counts, ImportState.READY


def batches(reading: Reading) -> Iterator[Sequence[Entry]]:
    entries = reading.entries()
    while batch := list(islice(entries, AT_ONCE)):
        yield batch


def about(reading: Reading) -> dict[str, Any]:
    return {
        "kind": reading.kind,
        "encoding": reading.encoding,
        "grids": reading.grids,
        "notes": reading.notes,
        **asdict(reading.guess),
    }


def row_of(file_id: UUID, position: int, one: Matched) -> dict[str, Any]:
    """Nothing of somebody who was erased is kept again, not even for the report."""
    kept = one.reason != ERASED
    return {
        "id": new_id(),
        "created_at": now(),
        "file_id": file_id,
        "position": position,
        "row": one.entry.row,
        "sheet": one.entry.sheet or "",
        "outcome": one.outcome,
        "reason": one.reason,
        "doubts": one.entry.doubts,
        "fields": one.fields if kept else {},
        "original": one.entry.original if kept else {},
        "match_id": one.match_id,
        "known_elsewhere": one.known_elsewhere,
        "differences": one.differences,
        "fingerprint": one.fingerprint,
        "decision": Decision.OPEN,
        "person_id": None,
        "made": {} if one.first is None else {"first": one.first, "first_row": one.first_row},
    }
