"""The database: one engine, sessions that read or write, and the base of every table."""

import atexit
import fcntl
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import IO, Annotated, Any, ClassVar
from uuid import UUID

from fastapi import Depends, Request
from sqlalchemy import Connection, Engine, MetaData, create_engine, event
from sqlalchemy.orm import declared_attr
from sqlmodel import Field, Session, SQLModel

from crm.core.columns import UTCDateTime, new_id, now

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


_PATIENCE = 5
"""Seconds that a writer on SQLite waits for the others."""


class Base(SQLModel):
    metadata: ClassVar[MetaData] = MetaData(naming_convention=NAMING)


class Row(Base):
    """A table with a key that sorts by time and the moment the row was made."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    created_at: datetime = Field(default_factory=now, sa_type=UTCDateTime)


class Versioned(Row):
    """A row that two people may edit at once: the second to save gets ``StaleDataError``, shown as a 409 page."""

    version: int | None = Field(default=None, sa_column_kwargs={"nullable": False, "info": {"personal": None}})

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 (SQLAlchemy passes the class)
        return {"version_id_col": cls.__table__.c.version}  # type: ignore[attr-defined]


class _Reading(Session):
    def flush(self, objects: Sequence[Any] | None = None) -> None:
        if self.new or self.dirty or self.deleted:
            raise RuntimeError("A request that reads tried to write.")


class Database:
    """An engine with two kinds of session: ``reading`` refuses to flush, ``writing`` takes SQLite's write lock at once.

    SQLite's own deferred BEGIN fails half of all writers under load, so writers begin IMMEDIATE.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = make_engine(url)
        self._reader = self.engine.execution_options(reads_only=True)

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with _Reading(self._reader, autoflush=False, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction: committed at the end, rolled back whole if anything was raised."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session
            session.commit()


def make_engine(url: str) -> Engine:
    if url.startswith("sqlite"):
        engine = create_engine(url, connect_args={"check_same_thread": False, "isolation_level": None}, pool_size=20)
        event.listen(engine, "connect", _prepare_sqlite)
        _queue_at(engine.url.database).watch(engine)
        return engine
    return create_engine(url, pool_size=10, max_overflow=10, pool_pre_ping=True)


def _prepare_sqlite(connection: sqlite3.Connection, _: object) -> None:
    for pragma in (
        f"busy_timeout={_PATIENCE * 1000}",
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "cache_size=-8000",
    ):
        connection.execute(f"PRAGMA {pragma}")


@cache
def _queue_at(path: str | None) -> "_Queue":
    """One line for each file, however often this process has opened it."""
    return _Queue(path)


class _Queue:
    """Writers one after the other, in this process and beside it.

    SQLite itself lets them sleep and try again, so that the unlucky wait for ever: the system's lock on a file beside
    the database wakes them in turn. SQLite's own lock still decides; this one only makes the line.
    """

    def __init__(self, path: str | None) -> None:
        self._turn = Lock()
        self._path = f"{path}.line" if path and path != ":memory:" else None
        self._file: IO[bytes] | None = None

    def watch(self, engine: Engine) -> None:
        event.listen(engine, "begin", self._begin)
        event.listen(engine, "commit", self._end)
        event.listen(engine, "rollback", self._end)

    def _begin(self, connection: Connection) -> None:
        if connection.get_execution_options().get("reads_only", False):
            connection.exec_driver_sql("BEGIN")
            return
        if self._turn.acquire(timeout=_PATIENCE):
            connection.info["has_turn"] = True
            self._lock_file(fcntl.LOCK_EX)
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        except BaseException:
            self._end(connection)
            raise

    def _end(self, connection: Connection) -> None:
        if connection.info.pop("has_turn", False):
            self._lock_file(fcntl.LOCK_UN)
            self._turn.release()

    def _lock_file(self, how: int) -> None:
        """Where the folder cannot be written to, SQLite will say so better."""
        with suppress(OSError):
            if self._file is None and self._path:
                self._file = Path(self._path).open("ab")  # noqa: SIM115 (open as long as the process)
                atexit.register(self._file.close)
            if self._file:
                fcntl.flock(self._file, how)


def database_of(request: Request) -> Database:
    database: Database = request.app.state.database
    return database


def session_for(request: Request) -> AbstractContextManager[Session]:
    """One request, one transaction; it ends before the answer leaves."""
    database = database_of(request)
    return database.reading() if request.method in ("GET", "HEAD") else database.writing()


async def session_of(request: Request) -> Session:
    session: Session = request.state.session
    return session


Sess = Annotated[Session, Depends(session_of)]
