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
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import UUID

import structlog
from sqlalchemy import Row, bindparam, delete, func, select, update
from sqlmodel import Session, col

from crm.core.columns import UTCDateTime, now
from crm.core.db import Database
from crm.core.mail import LetterState, OutboxLetter
from crm.core.settings import Settings, read_settings
from crm.core.work import JobRun
from crm.letters.kinds import SPARED, UNASKED
from crm.people.models import ContactKind, ContactPoint, ContactState

BATCH = 20
BATCHES_PER_CONNECTION = 5
"""Servers hang up on who sends too many letters in one go."""
DOUBT = timedelta(minutes=10)
FIRST_PAUSE = timedelta(minutes=1)
MOST_ATTEMPTS = 6
TIMEOUT = 30
log = structlog.get_logger()


def send_letters(database: Database, _job: JobRun) -> None:
    deliver(database, read_settings())


def deliver(database: Database, settings: Settings) -> int:
    """Send what is due; returns how many letters left. Without a mail server everything stays queued."""
    if not settings.smtp_url or not _something_is_due(database):
        return 0
    sent, batch = 0, _claim(database)
    while batch:
        try:
            with connect(settings.smtp_url) as server:
                for _ in range(BATCHES_PER_CONNECTION):
                    for letter in batch:
                        sent += _send_one(database, server, settings, letter)
                    if not (batch := _claim(database)):
                        break
        except (OSError, smtplib.SMTPException) as error:
            log.warning("mail server", error=type(error).__name__)
            _put_back(database, [letter.id for letter in batch], f"{type(error).__name__}: {error}")
            return sent
    return sent


_TABLE = OutboxLetter.__table__  # type: ignore[attr-defined]
_MOMENT: Any = bindparam("moment", type_=UTCDateTime())
_WAITING = _TABLE.c.state.in_([LetterState.QUEUED, LetterState.SENDING])
_DUE = select(_TABLE).where(_WAITING, _TABLE.c.due_at <= _MOMENT).order_by(_TABLE.c.due_at)
_BATCH = _DUE.limit(BATCH).with_for_update(skip_locked=True)
_CLAIM = (
    update(_TABLE)
    .where(_TABLE.c.id.in_(bindparam("ids", expanding=True)))
    .values(state=LetterState.SENDING, due_at=bindparam("doubt"), attempts=_TABLE.c.attempts + 1)
)
_SPARED = (
    select(_TABLE.c.id)
    .join(
        ContactPoint,
        (col(ContactPoint.office_id) == _TABLE.c.office_id) & (col(ContactPoint.value) == func.lower(_TABLE.c.to)),
    )
    .where(
        _TABLE.c.id.in_(bindparam("ids", expanding=True)),
        _TABLE.c.kind.in_(UNASKED),
        col(ContactPoint.state) == ContactState.DO_NOT_USE,
    )
)
_SPARE = (
    update(_TABLE)
    .where(_TABLE.c.id.in_(bindparam("ids", expanding=True)))
    .values(state=LetterState.STOPPED, error=SPARED)
)
"""A letter may wait for weeks: whoever has asked in the meantime to be left alone is."""
_SENT = (
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("letter"))
    .values(state=LetterState.SENT, sent_at=bindparam("at"), error=None)
)
_FORGET = delete(_TABLE).where(_TABLE.c.id == bindparam("letter"), _TABLE.c.forget_when_sent)
"""Statements made once: sending waits for them."""
Claimed = Row[Any]
"""A row of the outbox, as it was before it was claimed."""


def _something_is_due(database: Database) -> bool:
    """Asked without a writer's lock."""
    with database.reading() as session:
        return session.execute(_DUE.limit(1), {"moment": now()}).first() is not None


def _claim(database: Database) -> Sequence[Claimed]:
    """A batch, marked as being sent; who else claims at this moment gets others."""
    while True:
        with database.engine.begin() as connection:
            due = connection.execute(_BATCH, {"moment": now()}).all()
            ids = [letter.id for letter in due]
            spared = set(connection.execute(_SPARED, {"ids": ids}).scalars()) if ids else set()
            letters = [letter for letter in due if letter.id not in spared]
            if spared:
                connection.execute(_SPARE, {"ids": list(spared)})
            if letters:
                connection.execute(_CLAIM, {"ids": [letter.id for letter in letters], "doubt": now() + DOUBT})
        if letters or not due:
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


def _send_one(database: Database, server: smtplib.SMTP, settings: Settings, letter: Claimed) -> bool:
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
    _mark_sent(database, letter.id)
    return True


def as_message(letter: OutboxLetter | Claimed, settings: Settings) -> EmailMessage:
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


def _note_refusal(database: Database, letter: Claimed, code: int, said: str) -> None:
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
        with database.writing() as session:
            failed = update(OutboxLetter).where(col(OutboxLetter.id) == letter_id)
            session.execute(failed.values(state=LetterState.FAILED, error=error))
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
    mine = select(OutboxLetter).where(col(OutboxLetter.id).in_(ids), col(OutboxLetter.state) == LetterState.SENDING)
    return session.execute(mine).scalars().all()


def _mark_sent(database: Database, letter_id: UUID) -> None:
    """A short transaction for each letter, so that a crash repeats no more than one."""
    with database.engine.begin() as connection:
        connection.execute(_SENT, {"letter": letter_id, "at": now()})
        connection.execute(_FORGET, {"letter": letter_id})


def _words(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said
