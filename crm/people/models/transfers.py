from datetime import date
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field

from crm.core.columns import personal
from crm.core.db import Versioned

_OPEN = text("answered_on is null and withdrawn_on is null")


class Transfer(Versioned, table=True):
    """A person moves into another office's area: one office offers the record, the other accepts or declines."""

    __tablename__ = "transfer"
    __table_args__ = (
        Index(
            "uq_transfer_open", "person_id", "from_office_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN
        ),
    )
    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE", index=True)
    from_office_id: UUID = Field(foreign_key="office.id", index=True)
    to_office_id: UUID = Field(foreign_key="office.id", index=True)
    reason: str = Field(sa_column_kwargs=personal("note", erase="row"))
    offered_by: UUID | None = Field(default=None, foreign_key="user_account.id")
    answered_on: date | None = Field(default=None, sa_column_kwargs=personal("holding"))
    answered_by: UUID | None = Field(default=None, foreign_key="user_account.id")
    accepted: bool | None = None
    withdrawn_on: date | None = Field(default=None, sa_column_kwargs=personal("holding"))
