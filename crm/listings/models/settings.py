from uuid import UUID

from sqlmodel import Field

from crm.core.columns import json_column, text_column
from crm.core.db import Row


class ListingSettings(Row, table=True):
    """How a mission keeps its list: months until confirmation, grace, order, self-nomination, relay, embedding."""

    __tablename__ = "listing_settings"
    office_id: UUID = Field(foreign_key="office.id", unique=True)
    confirm_months: int = 12
    grace_days: int = 30
    order: str = "institution"
    nominations: bool = True
    interests: bool = True
    """Whether people who are interested in Japan may leave an entry without an event."""
    relay: bool = False
    embed_hosts: list[str] = Field(default_factory=list, sa_type=json_column())


class RelayMessage(Row, table=True):
    """A message to a listed person, kept until its sender's address is confirmed, then sent and deleted."""

    __tablename__ = "relay_message"
    listing_id: UUID = Field(foreign_key="listing.id", ondelete="CASCADE", index=True)
    sender_name: str
    sender_email: str
    text: str = Field(sa_type=text_column())
    state: str = "unverified"
