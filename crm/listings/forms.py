from datetime import UTC, date, datetime, time
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from crm.accounts.forms import Email
from crm.core.columns import now
from crm.core.forms import Day, FormModel
from crm.core.i18n import lazy_gettext as _l
from crm.listings.fields import ListingField
from crm.listings.models import Wish
from crm.privacy.models import Channel, Purpose

Line = Annotated[str, Field(max_length=300)]


def web_address(text: str) -> str:
    """``https://…`` or ``http://…`` with a host, without spaces."""
    if not text.casefold().startswith(("https://", "http://")) or any(c.isspace() for c in text):
        raise ValueError(_l("Please give an address that begins with https://"))
    if "." not in text.split("/")[2]:
        raise ValueError(_l("Please give an address that begins with https://"))
    return text


WebAddress = Annotated[str, Field(max_length=500), AfterValidator(web_address)]


def past_day(day: date) -> date:
    if day > now().date():
        raise ValueError(_l("This day has not come yet."))
    return day


class FieldsForm(FormModel):
    proposed: list[ListingField] = Field(default_factory=list)


class SelectionForm(FormModel):
    """Entries chosen in a list."""

    ids: list[UUID] = Field(default_factory=list)
    kind: Literal["request", "remind"] = "request"


class HeldConsentForm(FormModel):
    """A consent that the mission already holds: when, how, on what evidence, for which fields."""

    given_on: Annotated[Day, AfterValidator(past_day)]
    channel: Channel
    evidence: str = Field(max_length=2000)
    fields: list[ListingField] = Field(default_factory=list)
    search_engines: bool = False
    bulk_reuse: bool = False

    @property
    def given_at(self) -> datetime:
        return min(datetime.combine(self.given_on, time(12), UTC), now())


class CorrectionForm(FormModel):
    """What a listed person may correct. An empty box takes the value away; the full name must stand."""

    full_name: Line
    kanji: Line | None = None
    kana: Line | None = None
    latin: Line | None = None
    title: Line | None = None
    institution: Line | None = None
    unit: Line | None = None
    city: Line | None = None
    keywords: str | None = Field(default=None, max_length=1000)
    languages: list[str] = Field(default_factory=list)
    open_to: list[str] = Field(default_factory=list)
    page: WebAddress | None = None


class AnswerForm(CorrectionForm):
    """The door: corrections, the choice, and what to do with both. ``version`` is of the entry that was shown."""

    version: int
    act: Literal["show", "agree", "decline", "withdraw"]
    fields: list[ListingField] = Field(default_factory=list)
    search_engines: bool = False
    bulk_reuse: bool = False
    relay: bool = False


class NominationForm(FormModel):
    full_name: Line
    kanji: Line | None = None
    title: Line | None = None
    institution: Line
    unit: Line | None = None
    city: Line | None = None
    country: str = Field(max_length=2)
    keywords: str | None = Field(default=None, max_length=1000)
    page: WebAddress | None = None
    email: Email
    by_self: bool = False
    nominator: Line | None = None
    website: str | None = Field(default=None, max_length=300)
    """A box that people do not see; what fills it in is a program."""


class ProposalForm(NominationForm):
    """By somebody of the office itself, who may not know an address."""

    email: Email | None = None  # type: ignore[assignment]
    note: str | None = Field(default=None, max_length=2000)


class InterestForm(FormModel):
    """Somebody leaves an entry of their own: who, how to write to them, what they wish, what they agree to."""

    full_name: Line
    kanji: Line | None = None
    kana: Line | None = None
    latin: Line | None = None
    email: Email
    title: Line | None = None
    institution: Line | None = None
    city: Line | None = None
    country: str = Field(max_length=2)
    keywords: str | None = Field(default=None, max_length=1000)
    wishes: list[Wish] = Field(default_factory=list)
    words: str | None = Field(default=None, max_length=2000)
    language: Literal["ja", "en"]
    contact: bool = False
    news: bool = False
    passing_on: bool = False
    source: Annotated[str, Field(max_length=60)] | None = None
    website: str | None = Field(default=None, max_length=300)
    """A box that people do not see; what fills it in is a program."""

    @property
    def purposes(self) -> list[str]:
        return [each.value for each in Purpose.CONTACT.carries if getattr(self, each.value)]


class AcceptForm(FormModel):
    """``person``: whom the office knows already, as somebody has decided; without it they are new."""

    person: UUID | None = None
    tag: Annotated[str, Field(max_length=60)] | None = None


class NominationSearch(BaseModel):
    """The address of the list of entries."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    state: Literal["", "open", "approved", "declined"] = ""
    event: UUID | None = None
    source: Annotated[str, Field(max_length=60)] = ""
    after: str | None = None


class MessageForm(FormModel):
    sender_name: Line
    sender_email: Email
    text: Annotated[str, Field(min_length=20, max_length=4000)]
    website: str | None = Field(default=None, max_length=300)
    """A box that people do not see; what fills it in is a program."""


class SettingsForm(FormModel):
    confirm_months: int = Field(ge=3, le=36)
    grace_days: int = Field(ge=7, le=180)
    order: Literal["institution", "field", "kana", "latin"] = "institution"
    nominations: bool = False
    interests: bool = False
    relay: bool = False
    embed_hosts: str | None = Field(default=None, max_length=1000)
