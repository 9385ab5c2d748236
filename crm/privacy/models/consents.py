from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from crm.core.choices import Choice
from crm.core.columns import UTCDateTime, choice, json_column, personal, text_column
from crm.core.db import Row
from crm.core.i18n import lazy_gettext as _l


class Purpose(Choice):
    PUBLIC_LISTING = "public_listing", _l("Public listing on the PI Map")
    BULK_REUSE = "bulk_reuse", _l("Re-use in open data")
    SEARCH_ENGINES = "search_engines", _l("Search engines")
    RELAY = "relay", _l("Messages through the relay form")


class Channel(Choice):
    WEB = "web", _l("Web page")
    EMAIL = "email", _l("E-mail")
    PHONE = "phone", _l("Phone")
    PAPER = "paper", _l("Paper")
    MEETING = "meeting", _l("Meeting")


class ConsentReceipt(Row, table=True):
    """A person allowed a purpose: which fields, shown which text, how, when, until when, recorded by whom."""

    __tablename__ = "consent_receipt"
    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE", index=True)
    office_id: UUID = Field(foreign_key="office.id", index=True)
    purpose: Purpose = Field(sa_type=choice(Purpose), sa_column_kwargs=personal("consent", erase="keep"))
    fields: list[str] = Field(
        default_factory=list, sa_type=json_column(), sa_column_kwargs=personal("consent", erase="keep")
    )
    text_version: str = Field(sa_column_kwargs=personal("consent", erase="keep"))
    language: str = Field(sa_column_kwargs=personal("consent", erase="keep"))
    channel: Channel = Field(sa_type=choice(Channel), sa_column_kwargs=personal("consent", erase="keep"))
    given_at: datetime = Field(sa_type=UTCDateTime, sa_column_kwargs=personal("consent", erase="keep"))
    expires_at: datetime | None = Field(
        default=None, sa_type=UTCDateTime, sa_column_kwargs=personal("consent", erase="keep")
    )
    withdrawn_at: datetime | None = Field(
        default=None, sa_type=UTCDateTime, sa_column_kwargs=personal("consent", erase="keep")
    )
    evidence: str | None = Field(default=None, sa_type=text_column(), sa_column_kwargs=personal("consent"))
    recorded_by: UUID | None = Field(default=None, foreign_key="user_account.id")
