from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from crm.core.columns import UTCDateTime, json_column, now, personal
from crm.core.db import Base, Row


class JournalEntry(Row, table=True):
    """One line per action, in its transaction. ``changes`` is the personal payload, which erasure may empty.

    ``sealed_on`` is the day in whose seal the line is; ``payload_digest`` stands for ``changes`` there.
    """

    __tablename__ = "journal_entry"
    __table_args__ = (
        Index("ix_journal_entry_subject", "subject_kind", "subject_id"),
        Index("ix_journal_entry_office", "office_id", "id"),
        Index("ix_journal_entry_sealed", "sealed_on", "id"),
    )
    actor_id: UUID | None = Field(default=None, foreign_key="user_account.id", index=True)
    office_id: UUID | None = Field(default=None, foreign_key="office.id")
    verb: str
    subject_kind: str
    subject_id: UUID | None = None
    changes: dict[str, Any] | None = Field(
        default=None, sa_type=json_column(), sa_column_kwargs=personal("history", restricted=True)
    )
    sealed_on: date | None = None
    payload_digest: str | None = None


class JournalSeal(Base, table=True):
    """A day's lines and the seal before, in one number that only who has the installation's key can make."""

    __tablename__ = "journal_seal"
    day: date = Field(primary_key=True)
    lines: int
    digest: str
    sealed_at: datetime = Field(default_factory=now, sa_type=UTCDateTime)
