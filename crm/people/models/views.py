from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from crm.core.db import Row


class SavedView(Row, table=True):
    """A question to the list of people under a name, for oneself or for the whole office."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("office_id", "user_id", "name"),)
    office_id: UUID = Field(foreign_key="office.id", index=True)
    user_id: UUID = Field(foreign_key="user_account.id")
    name: str
    query: str
    """As the list's address has it, without a page."""
    shared: bool = False
