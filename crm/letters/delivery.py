"""From the outbox to a mail server.

A letter is marked ``sending`` before it leaves and ``sent`` after. One that a crash leaves in ``sending`` is in doubt:
it is shown so, and sent again after ``DOUBT`` with the same Message-ID. Each letter is marked sent at once, so that a
crash can repeat one letter per open connection at most.
"""

import smtplib
import ssl
from collections.abc import Sequence
from datetime import timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit
from uuid import UUID

import structlog
from sqlalchemy import update
from sqlmodel import Session, col, or_, select

from crm.core.columns import now
from crm.core.db import Database
from crm.core.mail import LetterState, OutboxLetter
from crm.core.settings import Settings, read_settings
from crm.core.work import JobRun
from crm.people.models import ContactKind, ContactPoint, ContactState

BATCH = 20
DOUBT = timedelta(minutes=10)
FIRST_PAUSE = timedelta(minutes=1)
MOST_ATTEMPTS = 6
TIMEOUT = 30
log = structlog.get_logger()


def send_letters(database: Database, _job: JobRun) -> None:
    deliver(database, read_settings())


def deliver(database: Database, settings: Settings) -> int:
    """Send what is due; returns how many letters left. Without a mail server everything stays queued."""
    sent = 0
    while settings.smtp_url and (batch := _claim(database)):
        try:
            with connect(settings.smtp_url) as server:
                sent += sum(_send_one(database, server, settings, letter) for letter in batch)
        except (OSError, smtplib.SMTPException) as error:
            log.warning("mail server", error=type(error).__name__)
            _put_back(database, [letter.id for letter in batch], f"{type(error).__name__}: {error}")
            return sent
    return sent


def _claim(database: Database) -> Sequence[OutboxLetter]:
    states = or_(
        (col(OutboxLetter.state) == LetterState.QUEUED) & (col(OutboxLetter.due_at) <= now()),
        (col(OutboxLetter.state) == LetterState.SENDING) & (col(OutboxLetter.due_at) <= now()),
    )
    due = select(OutboxLetter).where(states).order_by(col(OutboxLetter.due_at)).limit(BATCH)
    with database.reading() as session:
        if session.exec(due).first() is None:
            return []
    with database.writing() as session:
        letters = session.exec(due.with_for_update(skip_locked=True)).all()
        for letter in letters:
            letter.state, letter.due_at, letter.attempts = LetterState.SENDING, now() + DOUBT, letter.attempts + 1
    return letters


def connect(url: str) -> smtplib.SMTP:
    """``smtp://``, ``smtp+starttls://`` or ``smtps://``, with ``user:password@`` where the server wants it."""
    parts = urlsplit(url)
    host = parts.hostname or "localhost"
    if parts.scheme == "smtps":
        context = ssl.create_default_context()
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, parts.port or 465, timeout=TIMEOUT, context=context)
    else:
        server = smtplib.SMTP(host, parts.port or 25, timeout=TIMEOUT)
    if parts.scheme == "smtp+starttls":
        server.starttls(context=ssl.create_default_context())
    if parts.username:
        server.login(unquote(parts.username), unquote(parts.password or ""))
    return server


def _send_one(database: Database, server: smtplib.SMTP, settings: Settings, letter: OutboxLetter) -> bool:
    """A refusal of this one letter is noted on it; a lost connection is raised."""
    try:
        server.send_message(as_message(letter, settings))
    except smtplib.SMTPRecipientsRefused as refusal:
        code, said = next(iter(refusal.recipients.values()))
        _note_refusal(database, letter, code, _words(said))
        return False
    except smtplib.SMTPResponseException as error:
        _note_failure(database, letter.id, error.smtp_code, _words(error.smtp_error))
        return False
    except ValueError as error:
        _note_failure(database, letter.id, 550, str(error))
        return False
    _write(database, letter.id, state=LetterState.SENT, sent_at=now(), error=None)
    return True


def as_message(letter: OutboxLetter, settings: Settings) -> EmailMessage:
    message = EmailMessage()
    message["From"] = Address(settings.site_name, addr_spec=settings.mail_from)
    message["To"] = Address(letter.to_name, addr_spec=letter.to)
    message["Subject"] = letter.subject
    message["Message-ID"] = letter.message_id
    message["Date"] = letter.created_at
    message["Content-Language"] = letter.language
    message["Auto-Submitted"] = "auto-generated"
    if letter.reply_to:
        message["Reply-To"] = letter.reply_to
    if letter.unsubscribe:
        message["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(letter.text)
    if letter.html:
        message.add_alternative(letter.html, subtype="html")
    if letter.calendar:
        message.add_attachment(letter.calendar.encode(), "text", "calendar", filename="invitation.ics")
    return message


def _note_refusal(database: Database, letter: OutboxLetter, code: int, said: str) -> None:
    """The server does not know this address: the office's contact point is marked as bounced."""
    _note_failure(database, letter.id, code, said)
    if code < 500 or letter.person_id is None or letter.office_id is None:
        return
    with database.writing() as session:
        own = (
            (col(ContactPoint.person_id) == letter.person_id)
            & (col(ContactPoint.office_id) == letter.office_id)
            & (col(ContactPoint.kind) == ContactKind.EMAIL)
            & (col(ContactPoint.value) == letter.to)
        )
        session.execute(update(ContactPoint).where(own).values(state=ContactState.BOUNCED))


def _note_failure(database: Database, letter_id: UUID, code: int, said: str) -> None:
    error = f"{code} {said}"
    if code >= 500:
        _write(database, letter_id, state=LetterState.FAILED, error=error)
    else:
        _put_back(database, [letter_id], error)


def _put_back(database: Database, ids: Sequence[UUID], error: str) -> None:
    """Wait longer each time; after the last attempt a person must decide."""
    with database.writing() as session:
        for letter in _still_sending(session, ids):
            letter.error = error[:2000]
            letter.due_at = now() + FIRST_PAUSE * 4 ** (letter.attempts - 1)
            over = letter.attempts >= MOST_ATTEMPTS
            letter.state = LetterState.FAILED if over else LetterState.QUEUED


def _still_sending(session: Session, ids: Sequence[UUID]) -> Sequence[OutboxLetter]:
    mine = select(OutboxLetter).where(col(OutboxLetter.id).in_(ids), OutboxLetter.state == LetterState.SENDING)
    return session.exec(mine).all()


def _write(database: Database, letter_id: UUID, **values: object) -> None:
    with database.writing() as session:
        session.execute(update(OutboxLetter).where(col(OutboxLetter.id) == letter_id).values(**values))


def _words(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said
