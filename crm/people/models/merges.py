from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from crm.core.columns import UTCDateTime, json_column, personal
from crm.core.db import Row


class PersonMerge(Row, table=True):
    """One office found two records to be one person, and what it moved, so that it can be moved back.

    ``changes`` are {table, id, column, old, new} in the order of doing; ``dropped`` are {table, row}: twins of what the
    kept record had already. ``shared`` and ``shared_dropped`` are the same of what belongs to no office, where this
    merge was the last; ``copied`` are its copies {table, id}, where it was not.
    """

    __tablename__ = "person_merge"
    office_id: UUID = Field(foreign_key="office.id", index=True)
    kept_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE", index=True)
    lost_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE", index=True)
    merged_by: UUID | None = Field(default=None, foreign_key="user_account.id")
    changes: list[dict[str, Any]] = Field(
        default_factory=list, sa_type=json_column(), sa_column_kwargs=personal("history", restricted=True)
    )
    dropped: list[dict[str, Any]] = Field(
        default_factory=list, sa_type=json_column(), sa_column_kwargs=personal("history", restricted=True)
    )
    shared: list[dict[str, Any]] = Field(
        default_factory=list, sa_type=json_column(), sa_column_kwargs=personal("history", restricted=True)
    )
    shared_dropped: list[dict[str, Any]] = Field(
        default_factory=list, sa_type=json_column(), sa_column_kwargs=personal("history", restricted=True)
    )
    copied: list[dict[str, Any]] = Field(
        default_factory=list, sa_type=json_column(), sa_column_kwargs=personal("history", restricted=True)
    )
    undone_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class MergeQuestion(Row, table=True):
    """Another office that holds the lost record of a merge is asked whether its own part goes along.

    Neither office learns which the other is. ``own_id`` is the merge that the answering office made by accepting.
    """

    __tablename__ = "merge_question"
    __table_args__ = (UniqueConstraint("merge_id", "office_id"),)
    merge_id: UUID = Field(foreign_key="person_merge.id", ondelete="CASCADE")
    office_id: UUID = Field(foreign_key="office.id", index=True)
    answered_on: date | None = None
    answered_by: UUID | None = Field(default=None, foreign_key="user_account.id")
    own_id: UUID | None = Field(default=None, foreign_key="person_merge.id", ondelete="SET NULL")
    reason: str = Field(default="", sa_column_kwargs=personal("note"))
    """Why it was declined; the office that asked reads it."""
