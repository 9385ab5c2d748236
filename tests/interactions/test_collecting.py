"""Mails that come by themselves: to a private address, by a real mailbox, into its owner's tray and no other."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from fastapi import FastAPI
from sqlmodel import select
from starlette.testclient import TestClient

from crm.accounts.models import JournalEntry, Membership
from crm.app import mail_takers
from crm.core.columns import now
from crm.core.db import Database
from crm.core.settings import Settings
from crm.interactions.addresses import address_of, make_address
from crm.interactions.models import IncomingMail, Interaction
from crm.letters.mailbox import collect
from crm.people.models import Person
from tests.conftest import SignIn
from tests.factories.accounts import Post
from tests.interactions.test_files import PDF, fields_of
from tests.mailboxes import Mailbox

pytestmark = pytest.mark.both


@pytest.fixture
def here(settings: Settings, mailbox: Mailbox, app: FastAPI) -> Settings:
    app.state.settings = replace(settings, imap_url=mailbox.url(), filing_address="file+*@meguri.example.org")
    found: Settings = app.state.settings
    return found


def shown_address(browser: TestClient) -> str:
    page = browser.get("/interactions/mail").text
    found = page.split('<code class="wrap">')[1].split("</code>")[0].replace("&#43;", "+")
    assert f'data-copy="{found}"' in page.replace("&#43;", "+")
    return found


def new_address(browser: TestClient) -> str:
    assert browser.post("/interactions/mail/address").status_code == 303
    return shown_address(browser)


def a_mail(**said: Any) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = said.get("sender", "Mari Takase <mari.takase@example.org>")
    mail["To"] = said.get("to", "Attaché <attache@example.org>, Ken Unknown <ken@unknown.example>")
    mail["Subject"] = said.get("subject", "Visit in May")
    mail["Date"] = "Tue, 03 Nov 2026 22:15:00 -0500"
    if identity := said.get("message_id", "<visit-1@example.org>"):
        mail["Message-ID"] = identity
    mail.set_content(said.get("text", "I will visit on 12 May.\n"))
    return mail


def delivered(mail: EmailMessage, address: str) -> bytes:
    """As a mail server lays it down: a blind copy names its recipient nowhere else."""
    return f"Delivered-To: {address}\r\nReceived: from a by b for <{address}>; today\r\n".encode() + mail.as_bytes()


def waiting(database: Database) -> list[IncomingMail]:
    with database.reading() as session:
        return list(session.exec(select(IncomingMail)))


def collected(database: Database, here: Settings) -> int:
    return collect(mail_takers(), database, here)


def test_a_blind_copy_is_proposed_and_filed_after_a_glance(
    boston: tuple[Post, TestClient], takase: Person, database: Database, here: Settings, mailbox: Mailbox
) -> None:
    browser, mail = boston[1], a_mail()
    address = new_address(browser)
    assert address.startswith("file+") and address.endswith("@meguri.example.org")
    mail.add_attachment(PDF, maintype="application", subtype="pdf", filename="講演.pdf")
    mailbox.put(delivered(mail, address.upper()))
    assert collected(database, here) == 1
    assert mailbox.left() == 0
    [mine] = waiting(database)
    assert "Mails to be filed" in browser.get("/").text
    page = browser.get(f"/interactions/mail/{mine.id}").text
    assert "高瀬" in page and "I will visit on 12 May." in page and "講演.pdf" in page
    assert "ken@unknown.example" in page and "file+" not in page
    with database.reading() as session:
        assert session.exec(select(Interaction)).all() == []
    filed = {"people": str(takase.id), "kind": "mail", "day": "2026-11-03", "text": "Visits", "audience": "office"}
    done = browser.post("/interactions", data={**filed, **fields_of(page)})
    assert done.status_code == 303, done.text
    kept = {path.read_bytes() for path in (here.data_dir / "attachments").iterdir()}
    assert PDF in kept
    token = address.partition("+")[2].partition("@")[0].encode()
    assert not any(token in each or token.upper() in each for each in kept), "colleagues do not learn the address"
    mailbox.put(delivered(mail, address))
    assert collected(database, here) == 1, "what was filed comes again, and is done with"
    assert waiting(database) == [] and mailbox.left() == 0


def test_the_same_message_twice_waits_once_even_without_a_message_id(
    boston: tuple[Post, TestClient], database: Database, here: Settings, mailbox: Mailbox
) -> None:
    address = new_address(boston[1])
    known, unknown = a_mail(), a_mail(message_id="", subject="Nameless")
    mailbox.put(delivered(known, address), b"X-Other-Way: 1\r\n" + delivered(known, address))
    mailbox.put(*[delivered(unknown, address)] * 2)
    assert collected(database, here) == 4
    assert sorted(each.subject for each in waiting(database)) == ["Nameless", "Visit in May"]


def test_wrong_revoked_and_renewed_addresses_take_nothing(
    boston: tuple[Post, TestClient], database: Database, here: Settings, mailbox: Mailbox
) -> None:
    browser = boston[1]
    old = new_address(browser)
    new = new_address(browser)
    wrong = "file+" + "0" * 20 + "@meguri.example.org"
    other_host = new.replace("meguri.example.org", "meguri.example.org.evil.example")
    mailbox.put(*(delivered(a_mail(), each) for each in (old, wrong, other_host, "file@meguri.example.org")))
    assert collected(database, here) == 0
    assert waiting(database) == [] and mailbox.aside() == 4
    mailbox.put(delivered(a_mail(), new))
    assert browser.post("/interactions/mail/address/revoke").status_code == 303
    assert "Make a mail address" in browser.get("/interactions/mail").text
    assert collected(database, here) == 0
    assert waiting(database) == []
    with database.reading() as session:
        lines = session.exec(select(JournalEntry).where(JournalEntry.subject_kind == "filing_address")).all()
        assert [line.verb for line in lines] == ["added", "withdrawn", "added", "withdrawn"]


def test_the_address_ends_with_the_post_and_each_office_has_its_own(
    boston: tuple[Post, TestClient], database: Database, here: Settings, mailbox: Mailbox, sign_in: SignIn
) -> None:
    address, theirs = new_address(boston[1]), new_address(sign_in(office="us-chi"))
    assert address != theirs
    mailbox.put(delivered(a_mail(), address))
    assert collected(database, here) == 1
    assert [each.office_id for each in waiting(database)] == [boston[0].actor.office_id]
    with database.writing() as session:
        posts = session.exec(select(Membership).where(Membership.user_id == boston[0].actor.user_id))
        posts.one().until = (now() - timedelta(days=2)).date()
    mailbox.put(delivered(a_mail(message_id="<later@example.org>"), address))
    assert collected(database, here) == 0
    assert len(waiting(database)) == 1 and mailbox.aside() == 1


def test_a_mail_to_two_addresses_waits_for_both(
    boston: tuple[Post, TestClient], database: Database, here: Settings, mailbox: Mailbox, sign_in: SignIn
) -> None:
    colleague = sign_in()
    mail = a_mail(to=f"{new_address(boston[1])}, {new_address(colleague)}")
    mailbox.put(mail.as_bytes(), mail.as_bytes())
    assert collected(database, here) == 2
    assert len({each.user_id for each in waiting(database)}) == 2 == len(waiting(database))
    assert all([each["email"] for each in mail.addresses] == ["mari.takase@example.org"] for mail in waiting(database))


@pytest.mark.parametrize("kind", ["huge", "bomb", "nothing"])
def test_mails_that_cannot_be_read_are_set_aside_and_the_next_is_taken(
    boston: tuple[Post, TestClient], database: Database, here: Settings, mailbox: Mailbox, kind: str
) -> None:
    address = new_address(boston[1])
    bad = {
        "huge": delivered(a_mail(text="x" * 99), address) + b"x" * (21 * 1024 * 1024),
        "bomb": f"Delivered-To: {address}\r\nFrom: a@example.org\r\nContent-Type: text/html\r\n\r\n".encode()
        + b"<div>" * 2_000_000,
        "nothing": f"Delivered-To: {address}\r\n\r\nno head".encode(),
    }[kind]
    mailbox.put(bad, delivered(a_mail(), address))
    assert collected(database, here) == 1 + (kind == "bomb" and mailbox.aside() == 0)
    assert "Visit in May" in [each.subject for each in waiting(database)]


_KILLED = """
import os, signal
from dataclasses import replace
from crm.app import mail_takers
from crm.core.contributions import MailTaker
from crm.core.db import Database
from crm.core.settings import read_settings
from crm.letters.mailbox import collect
from crm.migrations import import_tables

import_tables()

def dying(taker):
    def take(database, settings, raw):
        took = taker.take(database, settings, raw)
        if took:
            os.kill(os.getpid(), signal.SIGKILL)
        return took
    return MailTaker(taker.order, take)

settings = read_settings()
collect([dying(each) for each in mail_takers()], Database(settings.database_url), settings)
"""


def test_a_kill_in_the_middle_proposes_once(
    boston: tuple[Post, TestClient], database: Database, here: Settings, mailbox: Mailbox
) -> None:
    address = new_address(boston[1])
    mailbox.put(*(delivered(a_mail(message_id=f"<{n}@example.org>", subject=f"Mail {n}"), address) for n in range(3)))
    environ = {**os.environ, "CRM_DATABASE_URL": here.database_url, "CRM_DATA_DIR": str(here.data_dir)}
    environ |= {"CRM_IMAP_URL": here.imap_url, "CRM_FILING_ADDRESS": here.filing_address}
    for _ in range(2):
        killed = subprocess.run([sys.executable, "-c", _KILLED], env=environ, check=False)
        assert killed.returncode == -signal.SIGKILL
    assert (len(waiting(database)), mailbox.left()) == (1, 3)
    assert collected(database, here) == 3
    assert sorted(each.subject for each in waiting(database)) == ["Mail 0", "Mail 1", "Mail 2"]
    assert mailbox.left() == 0


def test_a_full_tray_leaves_the_rest_in_the_mailbox(
    boston: tuple[Post, TestClient], database: Database, here: Settings, mailbox: Mailbox, monkeypatch: Any
) -> None:
    monkeypatch.setattr("crm.interactions.collecting.MOST_WAITING", 2)
    address = new_address(boston[1])
    mailbox.put(*(delivered(a_mail(message_id=f"<{n}@example.org>"), address) for n in range(3)))
    assert collected(database, here) == 2
    assert (len(waiting(database)), mailbox.aside()) == (2, 1)


def test_without_mailbox_or_pattern_there_is_no_address(
    app: FastAPI, boston: tuple[Post, TestClient], settings: Settings, here: Settings, database: Database
) -> None:
    for changed in (settings, replace(here, filing_address=""), replace(here, filing_address="file@example.org")):
        app.state.settings = changed
        assert "Your private address" not in boston[1].get("/interactions/mail").text
        assert boston[1].post("/interactions/mail/address").status_code == 404


def test_another_key_of_the_installation_makes_no_dead_address(
    boston: tuple[Post, TestClient], database: Database, here: Settings, monkeypatch: Any
) -> None:
    with database.writing() as session:
        make_address(session, boston[0].actor, here)
    other = replace(here)
    monkeypatch.setenv("CRM_SECRET_KEY", "another key")
    with database.reading() as session:
        assert address_of(session, here, boston[0].actor)
        assert address_of(session, other, boston[0].actor) == ""
