"""Mail servers that say no, later, or nothing more at all: nothing is lost, and nothing is sent twice unseen."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import update
from sqlmodel import col, select

from crm.core.columns import now
from crm.core.db import Database
from crm.core.mail import Letter, LetterState, OutboxLetter, post
from crm.core.settings import Settings
from crm.letters.delivery import deliver
from tests.conftest import free_port

pytestmark = pytest.mark.both


@dataclass
class Moody:
    """A server of which each answer can be set."""

    recipient: str = "250 OK"
    data: str = "250 OK"
    greylisted: set[str] = field(default_factory=set)
    drops_after: int = 10**9
    slow: float = 0
    got: list[str] = field(default_factory=list)
    port: int = 0

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        if "grey" in address and address not in self.greylisted:
            self.greylisted.add(address)
            return "451 4.7.1 Greylisted, come back later"
        if self.recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.recipient

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        time.sleep(self.slow)
        if len(self.got) >= self.drops_after:
            server.transport.close()
            return "421 gone"
        if self.data.startswith("250"):
            self.got.append(envelope.rcpt_tos[0])
        return self.data


@pytest.fixture
def moody() -> Iterator[Moody]:
    handler = Moody(port=free_port())
    server = Controller(handler, hostname="127.0.0.1", port=handler.port)
    server.start()
    yield handler
    server.stop()


def write(database: Database, *addresses: str) -> None:
    with database.writing() as session:
        for address in addresses:
            post(session, Letter("event_invitation", address, "A Guest", "Invitation", "Dear guest", "en"))


def state_of(database: Database) -> dict[str, tuple[LetterState, str]]:
    with database.reading() as session:
        return {letter.to: (letter.state, letter.error or "") for letter in session.exec(select(OutboxLetter))}


def send(database: Database, settings: Settings, moody: Moody) -> int:
    return deliver(database, replace(settings, smtp_url=f"smtp://127.0.0.1:{moody.port}"))


def later(database: Database) -> None:
    with database.writing() as session:
        session.execute(update(OutboxLetter).where(col(OutboxLetter.due_at) > now()).values(due_at=now()))


def test_a_greylisted_letter_is_tried_again(database: Database, settings: Settings, moody: Moody) -> None:
    write(database, "grey@example.org", "plain@example.org")
    assert send(database, settings, moody) == 1
    state, error = state_of(database)["grey@example.org"]
    assert state is LetterState.QUEUED and "Greylisted" in error
    later(database)
    assert send(database, settings, moody) == 1
    assert sorted(moody.got) == ["grey@example.org", "plain@example.org"]


def test_a_server_that_is_busy_keeps_the_letter_waiting(database: Database, settings: Settings, moody: Moody) -> None:
    moody.data = "452 4.3.1 Too busy"
    write(database, "a@example.org")
    for _ in range(6):
        send(database, settings, moody)
        later(database)
    assert state_of(database)["a@example.org"][0] is LetterState.FAILED  # a person decides after six attempts


def test_a_refused_letter_fails_and_the_others_leave(database: Database, settings: Settings, moody: Moody) -> None:
    moody.recipient = "550 5.1.1 No such user"
    write(database, "a@example.org")
    send(database, settings, moody)
    moody.recipient = "250 OK"
    write(database, "b@example.org")
    assert send(database, settings, moody) == 1
    states = state_of(database)
    assert states["a@example.org"][0] is LetterState.FAILED and "No such user" in states["a@example.org"][1]
    assert states["b@example.org"][0] is LetterState.SENT


def test_a_line_that_drops_loses_nothing(database: Database, settings: Settings, moody: Moody) -> None:
    moody.drops_after = 30
    addresses = [f"guest{number:02d}@example.org" for number in range(50)]
    write(database, *addresses)
    assert send(database, settings, moody) == 30
    states = [state for state, _ in state_of(database).values()]
    assert states.count(LetterState.SENT) == 30 and LetterState.FAILED not in states
    moody.drops_after = 10**9
    later(database)
    send(database, settings, moody)
    assert sorted(moody.got) == addresses


def test_a_slow_server_is_waited_for(database: Database, settings: Settings, moody: Moody) -> None:
    moody.slow = 0.5
    write(database, "a@example.org", "b@example.org")
    assert send(database, settings, moody) == 2
