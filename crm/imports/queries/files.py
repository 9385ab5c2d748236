from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.core.errors import Missing
from crm.core.paging import Page, capped_count, cut, decode_cursor, encode_cursor
from crm.core.work import Job
from crm.imports.models import ImportFile, ImportRow, Outcome

PER_PAGE = 50


def imports_visible_to(actor: Actor) -> Select[ImportFile]:
    """Those of the reader's office; the newest first."""
    return select(ImportFile).where(col(ImportFile.office_id) == actor.office_id).order_by(col(ImportFile.id).desc())


def visible_import(session: Session, actor: Actor, import_id: UUID) -> ImportFile:
    """Missing for another office's import as for none at all."""
    file: ImportFile | None = session.execute(imports_visible_to(actor).where(col(ImportFile.id) == import_id)).scalar()
    if file is None:
        raise Missing()
    return file


def list_imports(session: Session, actor: Actor, cursor: str | None) -> Page[ImportFile]:
    wanted = imports_visible_to(actor)
    total, capped = capped_count(session, wanted)
    if place := _id_of(cursor):
        wanted = wanted.where(col(ImportFile.id) < place)
    rows, more = cut(session.execute(wanted.limit(PER_PAGE + 1)).all(), PER_PAGE, lambda row: [row[0].id])
    return Page([row[0] for row in rows], more, total, capped)


def _id_of(cursor: str | None) -> UUID | None:
    values = decode_cursor(cursor, 1)
    try:
        return UUID(values[0]) if values else None
    except ValueError:
        return None


def rows_of(file: ImportFile, outcome: Outcome | None = None) -> Any:
    wanted = select(ImportRow).where(col(ImportRow.file_id) == file.id).order_by(col(ImportRow.position))
    return wanted.where(col(ImportRow.outcome) == outcome) if outcome else wanted


def page_of_rows(session: Session, file: ImportFile, outcome: Outcome | None, cursor: str | None) -> Page[ImportRow]:
    values = decode_cursor(cursor, 1)
    place = int(values[0]) if values and values[0].isdigit() else -1
    wanted = rows_of(file, outcome).where(col(ImportRow.position) > place).limit(PER_PAGE + 1)
    rows = list(session.execute(wanted).scalars())
    total = file.counts.get(str(outcome), 0) if outcome else sum(file.counts.values())
    more = encode_cursor([rows[PER_PAGE - 1].position]) if len(rows) > PER_PAGE else None
    return Page(rows[:PER_PAGE], more, total, capped=False)


def job_of(session: Session, file: ImportFile) -> Job | None:
    """The latest background work on a file."""
    wanted = select(Job).where(col(Job.dedup_key) == str(file.id), col(Job.kind).startswith("imports:"))
    return session.execute(wanted.order_by(col(Job.id).desc()).limit(1)).scalar()
