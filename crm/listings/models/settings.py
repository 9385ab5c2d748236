from typing import Any
from uuid import UUID

from sqlmodel import Field

from crm.core.columns import json_column, personal, text_column
from crm.core.db import Row


class ListingSettings(Row, table=True):
    """How a mission keeps its list: months until confirmation, grace, order, self-nomination, relay, embedding."""

    __tablename__ = "listing_settings"
    office_id: UUID = Field(foreign_key="office.id", unique=True)
    confirm_months: int = 12
    grace_days: int = 30
    order: str = "institution"
    nominations: bool = True
    relay: bool = False
    embed_hosts: list[str] = Field(default_factory=list, sa_type=json_column())


class Nomination(Row, table=True):
    """Somebody proposed themself or a colleague by the public form; the mission checks it before anything is made."""

    __tablename__ = "nomination"
    office_id: UUID = Field(foreign_key="office.id", index=True)
    person_id: UUID | None = Field(default=None, foreign_key="person.id", ondelete="SET NULL", index=True)
    by_self: bool = Field(default=True, sa_column_kwargs=personal("nomination"))
    fields: dict[str, Any] = Field(
        default_factory=dict, sa_type=json_column(), sa_column_kwargs=personal("nomination", erase="row")
    )
    nominator: str | None = Field(default=None, sa_column_kwargs=personal("nomination"))
    proposed_by: UUID | None = Field(default=None, foreign_key="user_account.id", index=True)
    """Of the office's own people, such as a fellow; None for the public form."""
    state: str = Field(default="open", sa_column_kwargs=personal("nomination"))


class RelayMessage(Row, table=True):
    """A message to a listed person, kept until its sender's address is confirmed, then sent and deleted."""

    __tablename__ = "relay_message"
    listing_id: UUID = Field(foreign_key="listing.id", ondelete="CASCADE", index=True)
    sender_name: str
    sender_email: str
    text: str = Field(sa_type=text_column())
    state: str = "unverified"
