"""Somebody in kept lists is erased: their rows are done with, and the lists themselves go."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import exists, or_, select, update
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.core.db import Database
from crm.core.settings import read_settings
from crm.core.work import JobRun, enqueue
from crm.imports.actions.upload import folder_of
from crm.imports.models import Decision, ImportFile, ImportRow
from crm.imports.reasons import ERASED

FORGET_ORIGINALS = "imports:forget_originals"


def leave_out(session: Session, actor: Actor, person_id: UUID) -> None:
    """A list is one file: it cannot be kept without one of its lines. What was read of the other lines stays."""
    about = or_(col(ImportRow.person_id) == person_id, col(ImportRow.match_id) == person_id)
    mine = select(col(ImportFile.id)).where(col(ImportFile.office_id) == actor.office_id)
    rows = select(col(ImportRow.id), col(ImportRow.file_id)).where(about, col(ImportRow.file_id).in_(mine))
    found = session.execute(rows).all()
    if found:
        ids = [row.id for row in found]
        session.execute(update(ImportRow).where(col(ImportRow.id).in_(ids)).values(decision=Decision.SKIP))
        files = {row.file_id for row in found}
        for file in session.execute(select(ImportFile).where(col(ImportFile.id).in_(files))).scalars():
            file.guess = without_samples(file.guess)
        drop_originals(session, files)


def without_samples(guess: dict[str, Any]) -> dict[str, Any]:
    """What the reader found, less the cells that it shows as examples."""
    others: dict[str, Any] = {
        name: [without_samples(one) for one in guess[name]] for name in ("beside", "unread") if name in guess
    }
    return {**guess, **others, "columns": [{**column, "samples": []} for column in guess.get("columns") or []]}


def drop_originals(session: Session, files: Collection[UUID]) -> None:
    names = sorted(str(id) for id in files)
    enqueue(session, FORGET_ORIGINALS, {"files": names}, key=" ".join(names))


def names_erased(session: Session, file_id: UUID) -> bool:
    """Whether the list has somebody who was erased before: then no more of it is kept than the others need."""
    rows = select(exists().where(col(ImportRow.file_id) == file_id, col(ImportRow.reason) == ERASED))
    return bool(session.execute(rows).scalar())


def forget_originals(_database: Database, job: JobRun) -> None:
    folder = folder_of(read_settings().data_dir)
    for name in job.payload["files"]:
        (folder / str(UUID(name))).unlink(missing_ok=True)
