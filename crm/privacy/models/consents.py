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
    CONTACT = "contact", _l("Letters about an interest in Japan")
    NEWS = "news", _l("News about study, research and events in Japan")
    PASSING_ON = "passing_on", _l("Passing on to universities and institutes in Japan")

    @property
    def carries(self) -> "tuple[Purpose, ...]":
        """What has no ground any more when this is withdrawn, itself among it."""
        return next((group for group in _GROUPS if group[0] is self), (self,))


_GROUPS = (
    (Purpose.PUBLIC_LISTING, Purpose.BULK_REUSE, Purpose.SEARCH_ENGINES, Purpose.RELAY),
    (Purpose.CONTACT, Purpose.NEWS, Purpose.PASSING_ON),
)


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
