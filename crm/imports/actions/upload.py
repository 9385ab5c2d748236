"""Taking a list in: its bytes beside the database, a row for it, and the work of reading it."""

import hashlib
from pathlib import Path, PurePosixPath
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.journal import record
from crm.core.columns import new_id
from crm.core.errors import WrongField
from crm.core.work import enqueue
from crm.imports.models import ImportFile
from crm.imports.reading.errors import sentence

MOST_MEGABYTES = 20
READ = "imports:read"


def folder_of(data_dir: Path) -> Path:
    return data_dir / "imports"


def upload_list(session: Session, actor: Actor, folder: Path, name: str, data: bytes, language: str) -> ImportFile:
    """Keep the file and have it read in the background, as the same file was when somebody corrected it before."""
    file = keep_list(session, actor, folder, name, data, language)
    file.choices = choices_before(session, file)
    enqueue(session, READ, {"file": str(file.id), "folder": str(folder)}, key=str(file.id))
    return file


def keep_list(session: Session, actor: Actor, folder: Path, name: str, data: bytes, language: str) -> ImportFile:
    if not data:
        raise WrongField("file", sentence("empty"))
    if len(data) > MOST_MEGABYTES * 1024 * 1024:
        raise WrongField("file", sentence("too_large", limit=MOST_MEGABYTES))
    file = ImportFile(
        id=new_id(),
        office_id=actor.office_id,
        uploaded_by=actor.user_id,
        name=plain_name(name),
        digest=hashlib.sha256(data).hexdigest(),
        size=len(data),
        language=language,
    )
    session.add(file)
    session.flush()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / str(file.id)).write_bytes(data)
    record(session, actor, "uploaded", file, {"name": file.name, "size": file.size})
    return file


def choices_before(session: Session, file: ImportFile) -> dict[str, Any]:
    same = (col(ImportFile.office_id) == file.office_id, col(ImportFile.digest) == file.digest)
    wanted = select(col(ImportFile.choices)).where(*same, col(ImportFile.id) != file.id)
    return session.execute(wanted.order_by(col(ImportFile.id).desc()).limit(1)).scalar() or {}


def plain_name(name: str) -> str:
    """Only the last part, without control characters: browsers and mail programs send all kinds of names."""
    last = PurePosixPath(name.replace("\\", "/")).name
    return "".join(sign for sign in last if sign.isprintable())[-200:] or "list"
