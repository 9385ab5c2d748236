"""Lists of invented people, as an office would upload them."""

from pathlib import Path
from uuid import UUID

from sqlmodel import Session, col, select

from crm.accounts.access import Actor
from crm.core.db import Database
from crm.imports.actions.apply import apply_list, ask_to_apply
from crm.imports.actions.read import read_list
from crm.imports.actions.upload import keep_list
from crm.imports.models import ImportFile, ImportRow

HEADING = "Name,Name in kanji,Institution,Position,City,Country,Research fields,E-mail,ORCID\n"


def a_list(*lines: str) -> bytes:
    """CSV with the usual heading; every line is one person."""
    return (HEADING + "".join(line + "\n" for line in lines)).encode()


def no_progress(done: int, total: int) -> None: ...


def a_read_list(database: Database, actor: Actor, folder: Path, data: bytes, name: str = "list.csv") -> ImportFile:
    """Kept and read, ready to be checked."""
    with database.writing() as session:
        file = keep_list(session, actor, folder, name, data, "en")
    read_list(database, file.id, folder, no_progress)
    return again(database, file.id)


def an_applied_list(database: Database, actor: Actor, folder: Path, data: bytes) -> ImportFile:
    file = a_read_list(database, actor, folder, data)
    with database.writing() as session:
        ask_to_apply(session, actor, session.get_one(ImportFile, file.id), background=False)
    apply_list(database, file.id, None, no_progress)
    return again(database, file.id)


def again(database: Database, file_id: UUID) -> ImportFile:
    with database.reading() as session:
        return session.get_one(ImportFile, file_id)


def rows_in(session: Session, file: ImportFile) -> list[ImportRow]:
    wanted = select(ImportRow).where(ImportRow.file_id == file.id).order_by(col(ImportRow.position))
    return list(session.exec(wanted))
