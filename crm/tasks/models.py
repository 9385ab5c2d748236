from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, TextClause, text
from sqlmodel import Field

from crm.accounts.models import PrivateAddress
from crm.core.columns import UTCDateTime, personal, text_column
from crm.core.db import Row, Versioned

_OPEN, _STANDING, _WANTED = text("done_at is null"), text("revoked_at is null"), text("ended_at is null")


def _one_each(name: str, where: TextClause) -> Index:
    """A user has one in each office."""
    return Index(name, "user_id", "office_id", unique=True, sqlite_where=where, postgresql_where=where)


class Task(Versioned, table=True):
    """A follow-up: what an office has promised to do by a day, mostly about a person."""

    __tablename__ = "task"
    __table_args__ = (
        Index("ix_task_open", "office_id", "due", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_task_person_id", "person_id", "office_id"),
    )
    office_id: UUID = Field(foreign_key="office.id")
    person_id: UUID | None = Field(default=None, foreign_key="person.id", ondelete="CASCADE")
    title: str = Field(sa_column_kwargs=personal("note", erase="row"))
    due: date = Field(sa_column_kwargs=personal("note"))
    assignee_id: UUID | None = Field(default=None, foreign_key="user_account.id")
    added_by: UUID | None = Field(default=None, foreign_key="user_account.id")
    done_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    done_by: UUID | None = Field(default=None, foreign_key="user_account.id")
    batch: UUID | None = Field(default=None, index=True)
    """Of the follow-ups that were noted for many people at once, so that they can be taken back."""


class HandOver(Row, table=True):
    """One who leaves has handed the desk over to a successor, who sees a reading list until it has been read."""

    __tablename__ = "hand_over"
    office_id: UUID = Field(foreign_key="office.id")
    from_id: UUID = Field(foreign_key="user_account.id")
    to_id: UUID = Field(foreign_key="user_account.id", index=True)
    note: str = Field(default="", sa_type=text_column())
    moved: int = 0
    read_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class CalendarLink(PrivateAddress, table=True):
    """A user's private address of their deadlines in one office; the address is signed, so nothing of it is stored."""

    __tablename__ = "calendar_link"
    __table_args__ = (_one_each("uq_calendar_link_standing", _STANDING),)


class DailySummary(Row, table=True):
    """A user wants the day's follow-ups of one office by mail, each morning there."""

    __tablename__ = "daily_summary"
    __table_args__ = (_one_each("uq_daily_summary_wanted", _WANTED),)
    user_id: UUID = Field(foreign_key="user_account.id", index=True)
    office_id: UUID = Field(foreign_key="office.id")
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    last_on: date | None = None
    """The newest day, where the office is, that was looked at."""
