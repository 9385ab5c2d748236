from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from crm.core.columns import json_column, personal
from crm.core.db import Row


class JournalEntry(Row, table=True):
    """One line per action, in its transaction. ``changes`` is the personal payload, which erasure may empty."""

    __tablename__ = "journal_entry"
    __table_args__ = (
        Index("ix_journal_entry_subject", "subject_kind", "subject_id"),
        Index("ix_journal_entry_office", "office_id", "id"),
    )
    actor_id: UUID | None = Field(default=None, foreign_key="user_account.id", index=True)
    office_id: UUID | None = Field(default=None, foreign_key="office.id")
    verb: str
    subject_kind: str
    subject_id: UUID | None = None
    changes: dict[str, Any] | None = Field(
        default=None, sa_type=json_column(), sa_column_kwargs=personal("history", restricted=True)
    )
