from uuid import UUID

from sqlmodel import Field

from crm.core.columns import json_column, personal
from crm.core.db import Row
from crm.events.models.events import Texts


class EventPicture(Row, table=True):
    """A picture for the report; its bytes lie beside the database under the row's id, without what a camera wrote."""

    __tablename__ = "event_picture"
    event_id: UUID = Field(foreign_key="event.id", ondelete="CASCADE", index=True)
    caption: Texts = Field(default_factory=dict, sa_type=json_column(), sa_column_kwargs=personal("event"))
    basis: str = Field(sa_column_kwargs=personal("event"))
    """How everybody who can be recognised has agreed."""
    width: int
    height: int
    added_by: UUID = Field(foreign_key="user_account.id")
