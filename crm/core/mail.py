"""A letter as a value, and the outbox that keeps it until it is sent. Delivery itself is the room ``letters/``."""

from dataclasses import dataclass
from datetime import datetime
from email.utils import make_msgid
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, Session

from crm.core.columns import IMPERSONAL, UTCDateTime, choice, new_id, now, personal, refers_to_person, text_column
from crm.core.db import Row


class LetterState(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    STOPPED = "stopped"
    """Called back by itself: nothing but a hand on this letter sends it."""
    HELD = "held"
    """With the others of its event, until they are let go."""


@dataclass(frozen=True)
class Letter:
    """What is said, to whom, in the recipient's language. ``kind`` names the letter (``listing_request``)."""

    kind: str
    to: str
    to_name: str
    subject: str
    text: str
    language: str
    html: str | None = None
    reply_to: str | None = None
    calendar: str | None = None
    """iCalendar, attached."""
    unsubscribe: str | None = None
    """Address of the one-click door (RFC 8058), for letters that one may do without."""


class OutboxLetter(Row, table=True):
    __tablename__ = "outbox_letter"
    __table_args__ = (Index("ix_outbox_letter_due", "state", "due_at"),)

    kind: str = Field(sa_column_kwargs=IMPERSONAL)
    to: str = Field(sa_column_kwargs=personal("contact", erase="row"))
    to_name: str = Field(sa_column_kwargs=personal("name", erase="row"))
    subject: str = Field(sa_column_kwargs=personal("correspondence", erase="row"))
    text: str = Field(sa_type=text_column(), sa_column_kwargs=personal("correspondence", erase="row"))
    html: str | None = Field(
        default=None, sa_type=text_column(), sa_column_kwargs=personal("correspondence", erase="row")
    )
    language: str = Field(sa_column_kwargs=IMPERSONAL)
    reply_to: str | None = Field(default=None, sa_column_kwargs=personal("contact", erase="row"))
    calendar: str | None = Field(
        default=None, sa_type=text_column(), sa_column_kwargs=personal("correspondence", erase="row")
    )
    unsubscribe: str | None = Field(default=None, sa_column_kwargs=personal("correspondence", erase="row"))
    message_id: str = Field(index=True, sa_column_kwargs=IMPERSONAL)
    office_id: UUID | None = Field(default=None, index=True)
    person_id: UUID | None = refers_to_person()
    forget_when_sent: bool = Field(default=False, sa_column_kwargs=IMPERSONAL)
    """The person has been erased: the letter that tells them so is kept until it has left, no longer."""
    state: LetterState = Field(default=LetterState.QUEUED, sa_type=choice(LetterState), sa_column_kwargs=IMPERSONAL)
    due_at: datetime = Field(default_factory=now, sa_type=UTCDateTime)
    attempts: int = Field(default=0, sa_column_kwargs=IMPERSONAL)
    error: str | None = Field(
        default=None, sa_type=text_column(), sa_column_kwargs=personal("correspondence", erase="row")
    )
    sent_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


def post(
    session: Session, letter: Letter, *, office_id: UUID | None = None, person_id: UUID | None = None
) -> OutboxLetter:
    """Put a letter into the outbox, in this transaction."""
    row = outbox_row(letter, office_id=office_id, person_id=person_id)
    session.add(row)
    session.flush()
    return row


def outbox_row(letter: Letter, *, office_id: UUID | None = None, person_id: UUID | None = None) -> OutboxLetter:
    """Not stored yet."""
    return OutboxLetter(**outbox_values(letter, office_id=office_id, person_id=person_id))


def outbox_values(
    letter: Letter, *, office_id: UUID | None = None, person_id: UUID | None = None, due_at: datetime | None = None,
    state: LetterState = LetterState.QUEUED,
) -> dict[str, Any]:  # fmt: skip
    """The same as plain values, for many at once. The Message-ID is fixed here, so that a repeat is visible."""
    return {
        **vars(letter),
        "id": new_id(),
        "created_at": now(),
        "message_id": make_msgid(domain="meguri.invalid"),
        "office_id": office_id,
        "person_id": person_id,
        "state": state,
        "due_at": due_at or now(),
        "attempts": 0,
        "error": None,
        "sent_at": None,
        "forget_when_sent": False,
    }
