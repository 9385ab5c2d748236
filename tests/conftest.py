"""What every test may ask for. Databases, the browser and mailboxes are in files of their own beside this one."""

import gc
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Protocol

import hypothesis
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MessageHandler
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST
from fastapi import FastAPI
from sqlalchemy import event
from starlette.testclient import TestClient

from crm.core.db import Database
from crm.core.settings import Settings, read_settings
from crm.core.work import Worker
from tests.factories.accounts import a_post, a_session_cookie

pytest_plugins = ["tests.databases", "tests.browsing", "tests.mailboxes", "tests.buckets"]

# Wall-clock deadlines fail on a busy machine; what must be fast measures its own processor time.
hypothesis.settings.register_profile("meguri", deadline=None)
hypothesis.settings.load_profile("meguri")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each process begins with its share of the long tests: at the end only short ones are left to be taken over."""
    processes = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    long = [item for item in items if item.get_closest_marker("long")]
    short = [item for item in items if not item.get_closest_marker("long")]
    share = -(-len(short) // processes)
    items[:] = [
        item
        for place in range(processes)
        for item in (*long[place::processes], *short[place * share : (place + 1) * share])
    ]


def pytest_collection_finish() -> None:
    """As the program does it: what was loaded stays, and is not looked through for every few thousand new rows."""
    gc.freeze()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test marked ``both`` runs on SQLite and on PostgreSQL."""
    if "database_url" in metafunc.fixturenames and metafunc.definition.get_closest_marker("both"):
        metafunc.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[None]:
    """The same argon2id at its lowest price; what the program asks for is in ``accounts/test_passwords.py``."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("crm.accounts.passwords._hasher", PasswordHasher.from_parameters(CHEAPEST))
        yield


@pytest.fixture
def settings(tmp_path: Any, database_url: str) -> Settings:
    return read_settings(
        {
            "CRM_DATA_DIR": str(tmp_path / "var"),
            "CRM_DATABASE_URL": database_url,
            "CRM_BASE_URL": "http://testserver",
        }
    )


@pytest.fixture
def app(settings: Settings, database: Database) -> FastAPI:
    return make_app(settings, database)


def make_app(settings: Settings, database: Database) -> FastAPI:
    from crm.app import create_app  # only tests of pages pay for all rooms

    application = create_app(settings)
    application.state.database.engine.dispose()
    application.state.database = database
    return application


@pytest.fixture
def open_client(app: FastAPI) -> Iterator[Callable[[], TestClient]]:
    """Browsers without JavaScript; redirects are shown, not followed."""
    with ExitStack() as stack:

        def opened() -> TestClient:
            headers = {"sec-fetch-site": "same-origin", "accept-language": "en"}
            return stack.enter_context(TestClient(app, follow_redirects=False, headers=headers))

        yield opened


@pytest.fixture
def client(open_client: Callable[[], TestClient]) -> TestClient:
    """A visitor who is not signed in."""
    return open_client()


class SignIn(Protocol):
    def __call__(self, role: str = "attache", office: str = "us-bos", language: str = "en") -> TestClient: ...


@pytest.fixture
def sign_in(open_client: Callable[[], TestClient], database: Database) -> SignIn:
    """A browser of a new user in this role and office."""

    def signed_in(role: str = "attache", office: str = "us-bos", language: str = "en") -> TestClient:
        with database.writing() as session:
            cookie = a_session_cookie(session, a_post(session, role, office, language))
        browser = open_client()
        browser.cookies.set("meguri_session", cookie)
        browser.cookies.set("meguri_language", language)
        return browser

    return signed_in


@pytest.fixture
def worker(database: Database) -> Worker:
    """The background worker; ``worker.run_all()`` does what is due."""
    from crm.app import job_handlers, schedules

    return Worker(database, job_handlers(), schedules())


class Mailbox(MessageHandler):
    """A mail server that keeps what it gets."""

    def __init__(self) -> None:
        super().__init__()
        self.letters: list[Any] = []
        self.url = ""

    def handle_message(self, message: Any) -> None:
        self.letters.append(message)


@pytest.fixture
def smtp() -> Iterator[Mailbox]:
    """A real SMTP server in this process: ``smtp.url``, ``smtp.letters``."""
    mailbox = Mailbox()
    server = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    server.start()
    mailbox.url = f"smtp://127.0.0.1:{server.port}"
    yield mailbox
    server.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def count_queries() -> Callable[[Database], Any]:
    """``with count_queries(database) as statements: …`` collects the SQL, transactions apart."""

    @contextmanager
    def counting(database: Database) -> Iterator[list[str]]:
        statements: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            if not statement.startswith(("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE")):
                statements.append(statement)

        event.listen(database.engine, "before_cursor_execute", note)
        try:
            yield statements
        finally:
            event.remove(database.engine, "before_cursor_execute", note)

    return counting
