"""Letters that came back, in the shapes of several mail systems, by a signed door."""

import hashlib
import hmac
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from sqlmodel import select
from starlette.testclient import TestClient

from crm.core.db import Database
from crm.core.mail import Letter, LetterState, OutboxLetter, post
from crm.letters.bounces import read_bounces
from crm.people.models import ContactKind, ContactPoint, ContactState
from tests.factories.accounts import an_actor
from tests.factories.people import a_person

FOLDER = Path(__file__).parent / "bounces"
SECRET = "a secret of the mail server"


def report(name: str, message_id: str = "<id@meguri.invalid>") -> bytes:
    return (FOLDER / f"{name}.eml").read_bytes().replace(b"<MESSAGE-ID>", message_id.encode())


@pytest.mark.parametrize(
    ("name", "status"),
    [("postfix", "5.1.1"), ("exchange", "5.1.10"), ("gmail", "5.1.1"), ("sendmail", "5.2.2"), ("exim", "5.1.1"),
     ("qmail", "5.1.1")],
)  # fmt: skip
def test_reports_of_mail_systems_are_read(name: str, status: str) -> None:
    [bounce] = read_bounces(report(name))
    assert (bounce.recipient, bounce.status, bounce.message_id) == ("guest@example.org", status, "<id@meguri.invalid>")
    assert bounce.is_permanent and bounce.reason


@pytest.mark.parametrize("name", ["delayed", "reply"])
def test_what_is_no_failure_is_none(name: str) -> None:
    assert read_bounces(report(name)) == []


@pytest.mark.parametrize("raw", [b"", b"\x00\xff\xfe", b"Content-Type: multipart/report; boundary=x\n\n--x\n"])
def test_what_is_no_message_harms_nobody(raw: bytes) -> None:
    assert read_bounces(raw) == []


@pytest.fixture
def sent(database: Database) -> OutboxLetter:
    """A letter to somebody whom the office reaches under this address."""
    with database.writing() as session:
        actor = an_actor(session)
        person = a_person(session, actor, email="guest@example.org")
        letter = Letter("event_invitation", "guest@example.org", "A Guest", "Invitation", "Dear guest", "en")
        row = post(session, letter, office_id=actor.office_id, person_id=person.id)
        row.state = LetterState.SENT
        return row


def tell(app: FastAPI, client: TestClient, raw: bytes, secret: str = SECRET) -> Any:
    app.state.settings = replace(app.state.settings, bounce_secret=SECRET)
    signature = hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
    headers = {"X-Meguri-Signature": signature, "Content-Type": "message/rfc822"}
    return client.post("/letters/bounces", content=raw, headers=headers)


@pytest.mark.both
def test_the_letter_and_the_address_are_marked(
    app: FastAPI, client: TestClient, database: Database, sent: OutboxLetter
) -> None:
    answer = tell(app, client, report("postfix", sent.message_id))
    assert (answer.status_code, answer.json()) == (200, {"noted": 1})
    with database.reading() as session:
        letter = session.get_one(OutboxLetter, sent.id)
        email = ContactPoint.kind == ContactKind.EMAIL
        assert session.exec(select(ContactPoint).where(email)).one().state is ContactState.BOUNCED
    assert letter.state is LetterState.FAILED and letter.error is not None and letter.error.startswith("5.1.1")


def test_nobody_else_can_tell_of_bounces(
    app: FastAPI, client: TestClient, database: Database, sent: OutboxLetter
) -> None:
    raw = report("postfix", sent.message_id)
    assert tell(app, client, raw, secret="guessed").status_code == 403
    assert client.post("/letters/bounces", content=raw, headers={"X-Meguri-Signature": ""}).status_code == 403
    # A true report about another letter, or about an address that it was not written to, changes nothing.
    assert tell(app, client, report("postfix", "<other@meguri.invalid>")).json() == {"noted": 0}
    foreign = raw.replace(b"guest@example.org", b"victim@example.org")
    assert tell(app, client, foreign).json() == {"noted": 0}
    with database.reading() as session:
        assert session.get_one(OutboxLetter, sent.id).state is LetterState.SENT
