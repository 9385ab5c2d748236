"""The mailbox that the worker empties, on a real IMAP server: reports, and faults of server, line and mails."""

import logging
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from email.message import EmailMessage
from typing import Any

import pytest
from sqlmodel import select

from crm.core.contributions import MailTaker
from crm.core.db import Database
from crm.core.mail import Letter, LetterState, OutboxLetter, post
from crm.core.settings import Settings
from crm.letters.bounces import take_report
from crm.letters.mailbox import MOST_BYTES, collect, opened, trouble_with
from crm.people.models import ContactKind, ContactPoint, ContactState
from tests.factories.accounts import an_actor
from tests.factories.people import a_person
from tests.letters.test_bounces import report
from tests.mailboxes import Mailbox

REPORTS = [MailTaker(10, take_report)]


@pytest.fixture
def sent(database: Database) -> OutboxLetter:
    with database.writing() as session:
        actor = an_actor(session)
        person = a_person(session, actor, email="guest@example.org")
        letter = Letter("event_invitation", "guest@example.org", "A Guest", "Invitation", "Dear guest", "en")
        row = post(session, letter, office_id=actor.office_id, person_id=person.id)
        row.state = LetterState.SENT
        return row


def a_mail(subject: str = "Hello", text: str = "Text") -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "somebody@example.org", "office@example.org", subject
    mail["Message-ID"] = f"<{len(subject)}@example.org>"
    mail.set_content(text)
    return mail.as_bytes()


class Keeper:
    """A room that takes what says so, and may fail on the way."""

    def __init__(self) -> None:
        self.kept: list[bytes] = []

    def take(self, _database: Database, _settings: Settings, raw: bytes) -> bool:
        if b"broken" in raw:
            raise LookupError("no such charset")
        self.kept.append(raw)
        return b"for us" in raw


@pytest.mark.both
def test_reports_mark_the_letter_and_the_address_and_are_gone(
    mailbox: Mailbox, database: Database, settings: Settings, sent: OutboxLetter
) -> None:
    mailbox.put(report("postfix", sent.message_id), report("delayed", sent.message_id), a_mail())
    assert collect(REPORTS, database, replace(settings, imap_url=mailbox.url())) == 2
    with database.reading() as session:
        letter = session.get_one(OutboxLetter, sent.id)
        email = ContactPoint.kind == ContactKind.EMAIL
        assert session.exec(select(ContactPoint).where(email)).one().state is ContactState.BOUNCED
    assert letter.state is LetterState.FAILED and str(letter.error).startswith("5.1.1")
    assert (mailbox.left(), mailbox.aside()) == (1, 1), "the mail that is for nobody waits for a person"


def test_a_report_about_a_letter_of_somebody_else_is_set_aside(
    mailbox: Mailbox, database: Database, settings: Settings, sent: OutboxLetter
) -> None:
    mailbox.put(report("postfix", "<other@meguri.invalid>"))
    assert collect(REPORTS, database, replace(settings, imap_url=mailbox.url())) == 0
    assert (mailbox.left(), mailbox.aside()) == (1, 1)
    with database.reading() as session:
        assert session.get_one(OutboxLetter, sent.id).state is LetterState.SENT


def test_broken_and_huge_mails_are_set_aside_and_stop_nothing(
    mailbox: Mailbox, database: Database, settings: Settings
) -> None:
    keeper, here = Keeper(), replace(settings, imap_url=mailbox.url())
    huge = a_mail("huge", "for us") + b"x" * MOST_BYTES
    mailbox.put(a_mail("first", "for us"), a_mail("broken"), huge, b"\x00\xff not a mail", a_mail("last", "for us"))
    assert collect([MailTaker(1, keeper.take)], database, here) == 2
    assert (mailbox.left(), mailbox.aside()) == (3, 3)
    assert collect([MailTaker(1, keeper.take)], database, here) == 0
    assert len(keeper.kept) == 3, "what was set aside is not read again"
    mailbox.unflag()
    collect([MailTaker(1, keeper.take)], database, here)
    assert len(keeper.kept) == 4, "until somebody takes the flag away"


def test_the_messages_are_handed_over_as_they_came(mailbox: Mailbox, database: Database, settings: Settings) -> None:
    keeper, raw = Keeper(), a_mail("日本語", "for us: 訪問")
    mailbox.put(raw.replace(b"\n", b"\r\n"))
    collect([MailTaker(1, keeper.take)], database, replace(settings, imap_url=mailbox.url()))
    assert keeper.kept == [raw.replace(b"\n", b"\r\n")]


def test_without_a_mailbox_nothing_is_asked(database: Database, settings: Settings) -> None:
    assert collect(REPORTS, database, settings) == 0


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("imaps://box:secret-word@localhost:{closed}/", "cannot be reached"),
        ("imaps://{user}:secret-word@localhost:{port}/", "refuses us (MailboxLoginError)"),
        ("imaps://{user}:パスワード@localhost:{port}/", "refuses us"),
        ("imaps://{user}:pass%20word%2Fwith%40signs@localhost:{port}/Nowhere", "refuses us (MailboxFolderSelectError)"),
        ("imaps://localhost/", "names no host or no user"),
        ("imap://box:secret-word@mail.example.org/", "clear text"),
        ("imaps://box:secret-word@localhost:secret-port/", "is no address"),
        ("pop3://box:secret-word@localhost/", "is no address"),
        ("secret-word", "is no address"),
    ],
)
def test_what_is_wrong_is_said_without_the_password(
    mailbox: Mailbox, database: Database, settings: Settings, caplog: Any, capsys: Any, url: str, why: str
) -> None:
    address = url.format(user=mailbox.user, port=mailbox.port, closed=1)
    said, aside = trouble_with(address)
    assert why in said and aside == 0
    with caplog.at_level(logging.DEBUG):
        assert collect(REPORTS, database, replace(settings, imap_url=address)) == 0
    told = said + caplog.text + "".join(capsys.readouterr()) + repr(replace(settings, imap_url=address))
    assert "secret-" not in told and "パスワード" not in told


def test_a_certificate_that_nobody_vouches_for_is_refused(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    assert trouble_with(mailbox.url()) == ("", 0)
    assert trouble_with(mailbox.url().replace("localhost", "127.0.0.2"))[0].startswith("The mailbox")
    monkeypatch.delenv("SSL_CERT_FILE")
    assert "certificate is not trusted" in trouble_with(mailbox.url())[0]


def test_a_line_may_be_made_safe_after_it_was_opened(mailbox: Mailbox) -> None:
    url = mailbox.url().replace("imaps:", "imap+starttls:").replace(str(mailbox.port), str(mailbox.starttls))
    mailbox.put(a_mail())
    with opened(url) as box:
        assert len(box.uids("ALL")) == 1
    with opened(url.replace("imap+starttls:", "imap:")) as box:
        assert len(box.uids("ALL")) == 1, "nobody listens on this machine's own line"


def test_a_folder_may_be_named(mailbox: Mailbox, database: Database, settings: Settings) -> None:
    with opened(mailbox.url()) as box:
        box.folder.create("戻り")
        box.append(a_mail("x", "for us"), "戻り")
    keeper, url = Keeper(), mailbox.url(folder="%E6%88%BB%E3%82%8A")
    assert collect([MailTaker(1, keeper.take)], database, replace(settings, imap_url=url)) == 1


_KILLED = """
import os, signal, sys
from crm.core.contributions import MailTaker
from crm.core.db import Database
from crm.core.settings import read_settings
from crm.letters import mailbox
from crm.letters.bounces import take_report

def take(database, settings, raw):
    took = take_report(database, settings, raw)
    os.kill(os.getpid(), signal.SIGKILL)  # after the commit, before the mailbox knows
    return took

settings = read_settings()
mailbox.collect([MailTaker(1, take)], Database(settings.database_url), settings)
"""


@pytest.mark.both
def test_a_kill_after_the_commit_loses_nothing_and_says_nothing_twice(
    mailbox: Mailbox, database: Database, settings: Settings, sent: OutboxLetter
) -> None:
    mailbox.put(report("postfix", sent.message_id))
    environ = {**os.environ, "CRM_DATABASE_URL": settings.database_url, "CRM_IMAP_URL": mailbox.url()}
    environ |= {"CRM_DATA_DIR": str(settings.data_dir)}
    killed = subprocess.run([sys.executable, "-c", _KILLED], env=environ, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert mailbox.left() == 1
    here = replace(settings, imap_url=mailbox.url())
    assert collect(REPORTS, database, here) == 1
    assert mailbox.left() == 0
    with database.reading() as session:
        assert session.get_one(OutboxLetter, sent.id).state is LetterState.FAILED


def test_a_server_that_says_nothing_is_not_waited_for_long(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch, silent_port: int
) -> None:
    monkeypatch.setattr("crm.letters.mailbox.TIMEOUT", 0.3)
    begun = time.monotonic()
    assert collect(REPORTS, database, replace(settings, imap_url=f"imaps://a:b@localhost:{silent_port}/")) == 0
    assert time.monotonic() - begun < 10


@pytest.fixture
def silent_port() -> Any:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_doctor_tells_whether_the_mailbox_answers(mailbox: Mailbox, settings: Settings, database: Database) -> None:
    from crm.doctor import findings

    def said(**changes: Any) -> str:
        return " ".join(sentence for _severity, sentence in findings(replace(settings, **changes)))

    assert "CRM_IMAP_URL is not set" in said()
    assert "refuses us" in said(imap_url=mailbox.url("wrong"))
    mailbox.put(a_mail())
    collect(REPORTS, database, replace(settings, imap_url=mailbox.url()))
    there = said(imap_url=mailbox.url())
    assert "1 mails were set aside" in there and "CRM_FILING_ADDRESS is not set" in there
    assert "one asterisk" in said(imap_url=mailbox.url(), filing_address="file@example.org")
    assert "CRM_FILING" not in said(imap_url=mailbox.url(), filing_address="file+*@example.org")
