"""What a person asks for, and what a desk notes of each step."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from crm.accounts.forms import Email
from crm.core.forms import Day, FormModel
from crm.core.i18n import gettext as _
from crm.privacy.grounds import GROUNDS
from crm.privacy.models import Channel, Decision, RequestKind

CORRECTABLE = ("full_name", "kanji", "kana", "latin", "title", "institution", "unit", "city")
"""Fields of ``PersonForm`` that a person may correct by a link."""
Short = Annotated[str, StringConstraints(max_length=300)]
Long = Annotated[str, StringConstraints(max_length=4000)]


def _known_grounds(codes: list[str]) -> list[str]:
    if any(code not in GROUNDS for code in codes):
        raise ValueError(_("Please choose one of the options."))
    return codes


class AskForm(FormModel):
    email: Email
    website: str = ""
    """Empty, unless a program fills in everything that it finds."""


class OwnRequestForm(FormModel):
    kind: RequestKind
    office_id: UUID
    reply_to: Email
    full_name: Short | None = None
    kanji: Short | None = None
    kana: Short | None = None
    latin: Short | None = None
    title: Short | None = None
    institution: Short | None = None
    unit: Short | None = None
    city: Short | None = None
    words: Long = ""


class DeskForm(FormModel):
    """A request that came by letter, at the counter or by mail."""

    kind: RequestKind
    channel: Channel
    requester: Short
    reply_to: Email | None = None
    language: Literal["ja", "en"] = "ja"
    received_on: Day
    words: Long = ""


class IdentityForm(FormModel):
    person_id: UUID
    identified_by: Short
    fee: int | None = None
    version: int


class OthersForm(FormModel):
    others_note: Long
    version: int


class ExtendForm(FormModel):
    extended_why: Long
    version: int


class DecisionForm(FormModel):
    decision: Decision
    grounds: Annotated[list[str], AfterValidator(_known_grounds)] = Field(default_factory=list)
    parts: list[Short] = Field(default_factory=list)
    reasons: Long | None = None
    version: int


class CarryOutForm(FormModel):
    version: int


class ApprovalForm(FormModel):
    items: list[UUID] = Field(default_factory=list)
    version: int


class SettingForm(FormModel):
    kind: Short
    months: Annotated[int, Field(ge=0, le=600)]
    classification: Short = ""


class HoldForm(FormModel):
    reason: Short
