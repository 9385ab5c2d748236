from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from crm.core.columns import UTCDateTime, json_column, personal
from crm.core.db import Row


class EventInterest(Row, table=True):
    """Somebody at a booth or a seminar who is interested in Japan: kept until the address is confirmed.

    Then a proposal to the mission holds what was typed, and this row only says which link it came through.
    """

    __tablename__ = "event_interest"
    office_id: UUID = Field(foreign_key="office.id", index=True)
    event_id: UUID | None = Field(default=None, foreign_key="event.id", ondelete="SET NULL", index=True)
    source: str | None = None
    language: str = "en"
    fields: dict[str, Any] = Field(
        default_factory=dict, sa_type=json_column(), sa_column_kwargs=personal("nomination", erase="row")
    )
    confirmed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    nomination_id: UUID | None = Field(default=None, foreign_key="nomination.id", ondelete="SET NULL", index=True)
