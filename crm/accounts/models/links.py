from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from crm.core.choices import Choice
from crm.core.columns import UTCDateTime, choice
from crm.core.db import Row
from crm.core.i18n import lazy_gettext as _l


class LinkPurpose(Choice):
    INVITATION = "invitation", _l("Invitation to an account")
    PASSWORD_RESET = "password_reset", _l("New password")
    LISTING = "listing", _l("Confirmation of a listing")
    NOMINATION = "nomination", _l("Confirmation of an address")
    RELAY = "relay", _l("Confirmation of a message")
    MY_DATA = "my_data", _l("One's own data")
    EVENT = "event", _l("Answer to an invitation")


class SignedLink(Row, table=True):
    """A door without an account: one purpose, one subject, an end, and only the hash of its secret is kept."""

    __tablename__ = "signed_link"
    __table_args__ = (Index("ix_signed_link_purpose_subject_id", "purpose", "subject_id"),)
    purpose: LinkPurpose = Field(sa_type=choice(LinkPurpose))
    subject_id: UUID
    token_hash: str = Field(unique=True)
    expires_at: datetime = Field(sa_type=UTCDateTime)
    opened_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    issued_by: UUID | None = Field(default=None, foreign_key="user_account.id")
