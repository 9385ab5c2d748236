from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from crm.core.columns import UTCDateTime, personal
from crm.core.db import Row


class LikelyPair(Row, table=True):
    """Two records of an office that are likely one person; ``apart_at`` when somebody has said that they are two."""

    __tablename__ = "likely_pair"
    __table_args__ = (
        UniqueConstraint("office_id", "first_id", "second_id"),
        Index("ix_likely_pair_score", "office_id", "score", "id"),
    )
    office_id: UUID = Field(foreign_key="office.id")
    first_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE", index=True)
    second_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE", index=True)
    score: float = Field(sa_column_kwargs=personal("identity"))
    apart_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    apart_by: UUID | None = Field(default=None, foreign_key="user_account.id")
