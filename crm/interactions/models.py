from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from crm.accounts.models import PrivateAddress
from crm.core.choices import Choice
from crm.core.columns import PROVENANCE, UTCDateTime, choice, json_column, personal, text_column
from crm.core.db import Row, Versioned
from crm.core.i18n import lazy_gettext as _l
from crm.core.search import fold


class InteractionKind(Choice):
    MET = "met", _l("Meeting")
    CALL = "call", _l("Call")
    MAIL = "mail", _l("E-mail")
    VISIT = "visit", _l("Visit")
    EVENT = "event", _l("Event")


class Audience(Choice):
    OFFICE = "office", _l("Your office alone")
    OFFICES = "offices", _l("Named offices")
    MISSIONS = "missions", _l("All missions")


_GIVEN = text("audience <> 'office'")
NOT_KEPT = text("interaction.audience <> 'office'")
"""Written out, or the index of those that are given to others would not be used."""


class Interaction(Versioned, table=True):
    """A contact: staff of an office and people met, called or wrote to each other.

    ``day`` is what was said, where the office is; ``at`` is where it stands in a story.
    ``key`` comes with the form, so that what a bad line sends twice is stored once.
    """

    __tablename__ = "interaction"
    __table_args__ = (
        Index("ix_interaction_office", "office_id", "at", "id"),
        Index("ix_interaction_given", "at", "id", sqlite_where=_GIVEN, postgresql_where=_GIVEN),
    )
    office_id: UUID = Field(foreign_key="office.id")
    author_id: UUID = Field(foreign_key="user_account.id")
    kind: InteractionKind = Field(sa_type=choice(InteractionKind))
    day: date
    at: datetime = Field(sa_type=UTCDateTime)
    place: str | None = Field(default=None, sa_column_kwargs=personal("note"))
    text: str = Field(default="", sa_type=text_column(), sa_column_kwargs=personal("note", restricted=True))
    words: str = Field(default="", sa_type=text_column(), sa_column_kwargs={**PROVENANCE, "server_default": ""})
    """Text and place, folded: what is looked through."""
    audience: Audience = Field(default=Audience.OFFICE, sa_type=choice(Audience))
    careful: bool = False
    """Handle with care: only for whom the office trusts with it, and never for another office."""
    task_id: UUID | None = Field(default=None, foreign_key="task.id", ondelete="SET NULL")
    """The follow-up that was noted with it."""
    key: UUID | None = Field(default=None, unique=True)
    message_id: str | None = Field(default=None, index=True, sa_column_kwargs=personal("note"))
    """Of the mail that it was filed from, so that nobody files it twice."""


def words_of(text: str, place: str | None) -> str:
    return fold(f"{text}\n{place or ''}")


class Participant(Row, table=True):
    """Somebody of the people was there."""

    __tablename__ = "interaction_participant"
    __table_args__ = (UniqueConstraint("interaction_id", "person_id"),)
    interaction_id: UUID = Field(foreign_key="interaction.id", ondelete="CASCADE")
    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE", index=True)


class Attendance(Row, table=True):
    """Somebody of the office's staff was there."""

    __tablename__ = "interaction_attendance"
    __table_args__ = (UniqueConstraint("interaction_id", "user_id"),)
    interaction_id: UUID = Field(foreign_key="interaction.id", ondelete="CASCADE")
    user_id: UUID = Field(foreign_key="user_account.id")


class InteractionReader(Row, table=True):
    """An office that may read the contact beside the one that had it."""

    __tablename__ = "interaction_reader"
    __table_args__ = (UniqueConstraint("interaction_id", "office_id"),)
    interaction_id: UUID = Field(foreign_key="interaction.id", ondelete="CASCADE")
    office_id: UUID = Field(foreign_key="office.id", index=True)


class Attachment(Row, table=True):
    """A file kept with a contact; its bytes lie beside the database under the row's id."""

    __tablename__ = "attachment"
    interaction_id: UUID = Field(foreign_key="interaction.id", ondelete="CASCADE", index=True)
    name: str = Field(sa_column_kwargs=personal("note", restricted=True))
    media_type: str
    size: int
    digest: str
    added_by: UUID = Field(foreign_key="user_account.id")


_STANDING, _NAMED = text("revoked_at is null"), text("message_id <> ''")


class FilingAddress(PrivateAddress, table=True):
    """A user's private address for mails of one office. What is theirs in it is made from ``id`` with the
    installation's key; only its hash is kept."""

    __tablename__ = "filing_address"
    __table_args__ = (
        Index(
            "uq_filing_address_standing", "user_id", "office_id", unique=True, sqlite_where=_STANDING,
            postgresql_where=_STANDING,
        ),
    )  # fmt: skip
    token_hash: str = Field(unique=True)


class IncomingMail(Row, table=True):
    """A message that waits for a glance; forgotten after some days, or the moment it is filed."""

    __tablename__ = "incoming_mail"
    __table_args__ = (
        Index(
            "uq_incoming_mail_message", "user_id", "office_id", "message_id", unique=True, sqlite_where=_NAMED,
            postgresql_where=_NAMED,
        ),
    )  # fmt: skip
    office_id: UUID = Field(foreign_key="office.id")
    user_id: UUID = Field(foreign_key="user_account.id", index=True)
    message_id: str = Field(default="", sa_column_kwargs=personal("note"))
    subject: str = Field(default="", sa_column_kwargs=personal("note", restricted=True))
    sent_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    addresses: list[dict[str, str]] = Field(
        default_factory=list, sa_type=json_column(), sa_column_kwargs=personal("contact", restricted=True)
    )
    """Who wrote, then to whom: ``name`` and ``email``."""
    text: str = Field(default="", sa_type=text_column(), sa_column_kwargs=personal("note", restricted=True))
    files: list[dict[str, object]] = Field(
        default_factory=list, sa_type=json_column(), sa_column_kwargs=personal("note", restricted=True)
    )
    """``id``, ``name``, ``media_type``, ``size``, ``digest``: the message itself first, then what came with it."""
