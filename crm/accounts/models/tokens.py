from datetime import date, datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from crm.core.choices import Choice
from crm.core.columns import UTCDateTime, json_column
from crm.core.db import Row
from crm.core.i18n import lazy_gettext as _l


class Scope(Choice):
    """What a token opens; never more than its owner may."""

    PEOPLE_READ = "people:read", _l("Read people")
    PEOPLE_WRITE = "people:write", _l("Add and change people")
    ORGANISATIONS_READ = "organisations:read", _l("Read organisations")
    ORGANISATIONS_WRITE = "organisations:write", _l("Change organisations")
    INTERACTIONS_READ = "interactions:read", _l("Read contacts")
    INTERACTIONS_WRITE = "interactions:write", _l("Log and change contacts")
    TASKS_READ = "tasks:read", _l("Read follow-ups")
    TASKS_WRITE = "tasks:write", _l("Add and change follow-ups")
    LISTINGS_READ = "listings:read", _l("Read PI Map entries")
    LISTINGS_WRITE = "listings:write", _l("Change PI Map entries")


class AccessToken(Row, table=True):
    """A program's key to what its owner may do in one office. It dies with the post; only its hash is kept."""

    __tablename__ = "access_token"
    user_id: UUID = Field(foreign_key="user_account.id", index=True)
    membership_id: UUID = Field(foreign_key="membership.id")
    name: str
    scopes: list[str] = Field(default_factory=list, sa_type=json_column())
    token_hash: str = Field(unique=True)
    expires_at: datetime = Field(sa_type=UTCDateTime)
    last_used_on: date | None = None
    revoked_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class ProgramReply(Row, table=True):
    """What a program has made under one key, for a day: the same again makes nothing, and shows it as it is now."""

    __tablename__ = "program_reply"
    __table_args__ = (UniqueConstraint("token_id", "key"),)
    token_id: UUID = Field(foreign_key="access_token.id", ondelete="CASCADE")
    key: str
    asked: str
    """Hash of route and body."""
    made: UUID
