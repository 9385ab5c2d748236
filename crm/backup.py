"""``crm backup FILE`` and ``crm restore FILE``: everything but the secret key, in one archive.

SQLite is copied by its own backup interface; PostgreSQL's tables go out by COPY in one transaction, which sees one
moment. What is restored is brought to the newest schema afterwards, so that an old archive fits a newer program.
"""

import json
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import psycopg
import typer
from alembic import command
from rich import print as say
from sqlalchemy import insert, inspect, make_url
from sqlmodel import select

from crm.accounts.models import JournalEntry, User
from crm.app import keeping
from crm.core.columns import new_id, now
from crm.core.db import Database
from crm.core.errors import Missing
from crm.core.files import STORES, Folder, NotKept
from crm.core.settings import Settings, read_settings
from crm.core.stores import store_of
from crm.migrations import configuration, migrate
from crm.people.tombstones import tombstone_key
from crm.privacy.actions.requests import Rules
from crm.privacy.replaying import Erased, read_erasures, replay

_ABOUT, _SQLITE, _TABLES, _FILES = "about.json", "database.sqlite3", "tables", "files"
_APART = ("secret.key",)
"""Kept apart from the data that it signs."""


_BACKED_UP = insert(JournalEntry.__table__).values(verb="backed_up", subject_kind="backup")  # type: ignore[attr-defined]
"""Names the columns that were always there: who upgrades makes a backup before the database is brought up to date."""


class BackupError(Exception):
    """A sentence for the operator."""


def backup(file: Path) -> None:
    """Write the database and the files to a new archive. Keep ``secret.key`` in another place."""
    settings = read_settings()
    try:
        size = write_archive(settings, file)
    except (BackupError, NotKept) as fault:
        say(f"[red]{fault}[/red]")
        raise typer.Exit(1) from fault
    say(f"{file}: {size / 1e6:.1f} MB. The secret key is not in it: keep {settings.data_dir / 'secret.key'} elsewhere.")


def restore(
    file: Path,
    erasures: Annotated[Path | None, typer.Option(help="Erasures kept outside, as `crm erasures` printed them")] = None,
) -> None:
    """Read an archive into an empty database and data directory; who was erased since then is erased again."""
    settings = read_settings()
    try:
        told = read_erasures(erasures.read_text("utf-8").splitlines()) if erasures else []
        about = read_archive(settings, file)
    except (BackupError, OSError, ValueError) as fault:
        say(f"[red]{fault}[/red]")
        raise typer.Exit(1) from fault
    if told:
        say(f"Erased again: {erase_again(settings, told)} people.")
    say(f"Restored as of {about['at']}. Put secret.key into {settings.data_dir}, then start.")


def move_files() -> None:
    """Move files from the data directory into the bucket of CRM_FILES_URL; may be run again."""
    settings = read_settings()
    say(f"Moved: {sum(_move(settings, kind) for kind in STORES)} files.")


def _move(settings: Settings, kind: str) -> int:
    folder, store = Folder(settings.data_dir / kind), store_of(settings, kind)
    names = list(folder.names()) if store != folder else []
    for name in names:
        with (folder.path / name).open("rb") as content:
            store.keep(name, content)
        folder.remove(name)
    return len(names)


def erase_again(settings: Settings, told: list[Erased]) -> int:
    kept, database = keeping(), Database(settings.database_url)
    rules = Rules(kept.withdrawal, kept.erasure, tombstone_key(settings))
    count = replay(database, told, rules)
    database.engine.dispose()
    return count


def write_archive(settings: Settings, file: Path) -> int:
    """Returns its size in bytes. Nothing is left of an archive that could not be finished."""
    if file.exists():
        raise BackupError(f"{file} is there already.")
    if file.resolve().is_relative_to(settings.data_dir.resolve()):
        raise BackupError(f"{file} lies in the data that it is to keep. Please name a place outside CRM_DATA_DIR.")
    database = Database(settings.database_url)
    with database.writing() as session:
        session.execute(_BACKED_UP, {"id": new_id(), "created_at": now()})
    half = file.with_name(f"{file.name}.part")
    try:
        half.touch(mode=0o600)
        with zipfile.ZipFile(half, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
            copy = _copy_sqlite if database.is_sqlite else _copy_postgres
            about = {"at": datetime.now(UTC).isoformat(timespec="seconds"), **copy(database, archive)}
            for path in _kept_files(settings):
                archive.write(path, f"{_FILES}/{path.relative_to(settings.data_dir)}")
            for kind in STORES:
                _copy_store(settings, kind, archive)
            archive.writestr(_ABOUT, json.dumps(about))
        half.replace(file)
    finally:
        half.unlink(missing_ok=True)
        database.engine.dispose()
    return file.stat().st_size


def _kept_files(settings: Settings) -> Iterator[Path]:
    """All in the data directory but the database itself, the key and what has a store of its own."""
    stored = [settings.data_dir / kind for kind in STORES]
    for path in sorted(settings.data_dir.rglob("*")):
        apart = path.name in _APART or ".sqlite3" in path.name or path.parent in stored
        if path.is_file() and not apart:
            yield path


def _copy_store(settings: Settings, kind: str, archive: zipfile.ZipFile) -> None:
    """From wherever they lie, under names that fit a folder and a bucket alike; what is gone since is left out.

    Also what a folder still has beside a bucket: the setting may be younger than the files.
    """
    done: set[str] = set()
    for store in (store_of(settings, kind), Folder(settings.data_dir / kind)):
        for name in store.names():
            if name not in done:
                done.add(name)
                with suppress(Missing):
                    _write(archive, f"{_FILES}/{kind}/{name}", store.read(name))


def _write(archive: zipfile.ZipFile, name: str, pieces: Iterator[bytes]) -> None:
    with archive.open(name, "w", force_zip64=True) as target:
        for piece in pieces:
            target.write(piece)


def _copy_sqlite(database: Database, archive: zipfile.ZipFile) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / _SQLITE
        with (
            closing(sqlite3.connect(str(database.engine.url.database))) as source,
            closing(sqlite3.connect(copy)) as target,
        ):
            source.backup(target)
        archive.write(copy, _SQLITE)
    return {"kind": "sqlite"}


def _copy_postgres(database: Database, archive: zipfile.ZipFile) -> dict[str, Any]:
    with psycopg.connect(_plain_url(database)) as connection:
        connection.execute("set transaction isolation level repeatable read, read only")
        [revision] = connection.execute("select version_num from alembic_version").fetchone() or [""]
        tables = _tables(database)
        for table in tables:
            with archive.open(f"{_TABLES}/{table}", "w", force_zip64=True) as target:
                columns = _columns(connection, table)
                with connection.cursor().copy(f'copy "{table}" ({columns}) to stdout') as rows:
                    for part in rows:
                        target.write(part)
        columns_of = {table: _columns(connection, table) for table in tables}
    return {"kind": "postgresql", "revision": revision, "tables": tables, "columns": columns_of}


def _tables(database: Database) -> list[str]:
    """What others point at comes first."""
    found = inspect(database.engine).get_sorted_table_and_fkc_names()
    return [name for name, _keys in found if name and name != "alembic_version"]


def _columns(connection: "psycopg.Connection[Any]", table: str) -> str:
    rows = connection.execute(
        "select column_name from information_schema.columns"
        " where table_schema = current_schema() and table_name = %s order by ordinal_position",
        [table],
    )
    return ", ".join(f'"{name}"' for (name,) in rows)


def _plain_url(database: Database) -> str:
    return database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)


def read_archive(settings: Settings, file: Path) -> dict[str, Any]:
    """BackupError unless the place is empty and the archive whole; then nothing has been written."""
    try:
        archive = zipfile.ZipFile(file)
        about: dict[str, Any] = json.loads(archive.read(_ABOUT))
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as fault:
        raise BackupError(f"{file} is no backup of Meguri.") from fault
    with archive:
        if broken := archive.testzip():
            raise BackupError(f"{file} is damaged: {broken}.")
        kind = "sqlite" if settings.database_url.startswith("sqlite") else "postgresql"
        if about["kind"] != kind:
            raise BackupError(f"This is a backup of {about['kind']}; CRM_DATABASE_URL names {kind}.")
        _refuse_what_is_in_use(settings)
        files = _file_paths(settings, archive)
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        if kind == "sqlite":
            _fill_sqlite(settings, archive)
        else:
            _fill_postgres(settings, archive, about)
        for name, path in files.items():
            if path.parent.name in STORES and path.parent.parent == settings.data_dir.resolve():
                with archive.open(name) as content:
                    store_of(settings, path.parent.name).keep(path.name, content)  # type: ignore[arg-type]
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                _take_out(archive, name, path)
    migrate(settings.database_url)
    return about


def _sqlite_path(settings: Settings) -> Path:
    return Path(make_url(settings.database_url).database or "")


def _refuse_what_is_in_use(settings: Settings) -> None:
    if settings.database_url.startswith("sqlite"):
        in_use = _sqlite_path(settings).exists()
    else:
        database = Database(settings.database_url)
        in_use = inspect(database.engine).has_table("user_account")
        if in_use:
            with database.reading() as session:
                in_use = session.exec(select(User.id).limit(1)).first() is not None
        database.engine.dispose()
    if in_use or any(_kept_files(settings)) or any(any(store_of(settings, kind).names()) for kind in STORES):
        raise BackupError("There is data already. Restore into an empty database and an empty CRM_DATA_DIR.")


def _fill_sqlite(settings: Settings, archive: zipfile.ZipFile) -> None:
    """Whole or not at all: half a database would look like one that is in use."""
    path = _sqlite_path(settings)
    half = path.with_name(f"{path.name}.part")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        _take_out(archive, _SQLITE, half)
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)


def _fill_postgres(settings: Settings, archive: zipfile.ZipFile, about: dict[str, Any]) -> None:
    """The schema of the archive's day, then its rows, in one transaction."""
    command.upgrade(configuration(settings.database_url), about["revision"])
    database = Database(settings.database_url)
    with psycopg.connect(_plain_url(database)) as connection:
        names = ", ".join(f'"{table}"' for table in about["tables"])
        connection.execute(f"truncate {names}")
        for table in about["tables"]:
            into = f'copy "{table}" ({about["columns"][table]}) from stdin'
            with archive.open(f"{_TABLES}/{table}") as source, connection.cursor().copy(into) as rows:
                while part := source.read(1 << 16):
                    rows.write(part)
    database.engine.dispose()


def _file_paths(settings: Settings, archive: zipfile.ZipFile) -> dict[str, Path]:
    """Name in the archive → where it goes. BackupError for one that would leave the data directory."""
    root = settings.data_dir.resolve()
    names = [name for name in archive.namelist() if name.startswith(f"{_FILES}/") and not name.endswith("/")]
    paths = {name: (root / name.removeprefix(f"{_FILES}/")).resolve() for name in names}
    for name, path in paths.items():
        if not path.is_relative_to(root):
            raise BackupError(f"{name} would be written outside of {root}.")
    return paths


def _take_out(archive: zipfile.ZipFile, name: str, path: Path) -> None:
    with archive.open(name) as source, path.open("wb") as target:
        shutil.copyfileobj(source, target)
