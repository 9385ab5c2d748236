from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from crm.accounts.forms import Email
from crm.core.forms import Day, FormModel
from crm.events.models import Admission, HostRole, LetterKind, Mode, Outcome, Reply, Reserve
from crm.people.forms import valid_country
from crm.people.models import Sector

Short = Annotated[str, Field(max_length=300)]
Line = Annotated[str, Field(max_length=300)]
Long = Annotated[str, Field(max_length=8000)]
Texts = dict[str, Long]
Capacity = Annotated[int, Field(ge=1, le=100_000)]


def _sector(code: str) -> str:
    return Sector(code).value if code else ""


class Spoken(FormModel):
    """A form with boxes in several languages: ``title.ja`` and ``title.en`` become ``title``."""

    @model_validator(mode="before")
    @classmethod
    def _gather(cls, values: Any) -> Any:
        if not isinstance(values, dict):
            return values
        gathered: dict[str, Any] = {}
        for name, value in values.items():
            field, dot, language = name.partition(".")
            if not dot:
                gathered.setdefault(name, value)
            elif isinstance(value, str) and value.strip():
                gathered.setdefault(field, {})[language] = value
        return gathered


def boxes_of(**texts: dict[str, str]) -> dict[str, str]:
    """The other way round: what the boxes hold."""
    return {f"{name}.{code}": text for name, said in texts.items() for code, text in said.items()}


class EventForm(Spoken):
    """``starts`` and ``ends`` are read where the event is."""

    title: Texts = Field(default_factory=dict)
    text: Texts = Field(default_factory=dict)
    place: Texts = Field(default_factory=dict)
    access: Texts = Field(default_factory=dict)
    dress: Texts = Field(default_factory=dict)
    initiative: Short | None = None
    mode: Mode = Mode.VENUE
    admission: Admission = Admission.INVITATION
    online_address: Annotated[str, Field(max_length=1000, pattern=r"^https://\S+$")] | None = None
    starts: datetime
    ends: datetime
    zone: str
    languages: list[str] = Field(default_factory=list)
    venue_capacity: Capacity | None = None
    online_capacity: Capacity | None = None
    companions: Annotated[int, Field(ge=0, le=9)] = 0
    answer_by: Day | None = None
    change_until: datetime | None = None
    asks_needs: bool = False
    asks_photo: bool = False
    asks_pass: bool = False
    questions: Texts = Field(default_factory=dict)
    """One a line, in each language in the same order."""
    budget: Annotated[int, Field(ge=0, le=10**11)] | None = None
    is_public: bool = False
    takes_interest: bool = False
    version: int | None = None


class HostForm(Spoken):
    office: UUID | None = None
    name: Texts = Field(default_factory=dict)
    role: HostRole = HostRole.CO_HOST
    may_edit: bool = False


class ItemForm(Spoken):
    starts: Annotated[str, Field(max_length=5, pattern=r"^([01]?\d|2[0-3]):[0-5]\d$")] | None = None
    title: Texts = Field(default_factory=dict)
    speaker: Texts = Field(default_factory=dict)


class CopyForm(FormModel):
    """Last year's, on a new day; the guests come along without their answers, if wanted."""

    day: Day
    guests: bool = False


class TasksForm(FormModel):
    """Which of the proposed follow-ups are wanted, by number."""

    wanted: list[int] = Field(default_factory=list)


class AddForm(FormModel):
    """People of the records for the guest list; ``query`` leads back to where they were chosen."""

    ids: Annotated[list[UUID], Field(max_length=500)] = Field(default_factory=list)
    reserve: Reserve = Reserve.A
    query: Annotated[str, Field(max_length=4000)] = ""


class EverybodyForm(FormModel):
    """All whom a choice finds; ``expected``: how many were shown to who says so."""

    query: Annotated[str, Field(max_length=4000)] = ""
    expected: int
    recent: bool = False
    reserve: Reserve = Reserve.A


class GuestForm(FormModel):
    """Somebody without a record, or what the office wants to say of a guest."""

    name: Line
    kana: Line | None = None
    latin: Line | None = None
    title: Line | None = None
    institution: Line = ""
    email: Email | None = None
    assistant: Email | None = None
    partner: Line | None = None
    salutation: Line | None = None
    language: str = ""
    reserve: Reserve = Reserve.A
    honoured: bool = False
    country: Annotated[str | None, valid_country] = None
    sector: Annotated[str, AfterValidator(_sector)] = ""
    precedence: Annotated[int, Field(ge=1, le=99_999)] | None = None
    precedence_basis: Line | None = None
    post_since: Day | None = None
    seat_at: Annotated[str, Field(max_length=60)] | None = None
    escort: Line | None = None
    note: Annotated[str, Field(max_length=4000)] | None = None
    anyway: bool = False
    """Although somebody like this is known or on the list."""
    version: int | None = None


class GuestSearch(BaseModel):
    """The list's address."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    q: Annotated[str, Field(max_length=300)] = ""
    state: Literal[
        "",
        "to_invite",
        "silent",
        "comes",
        "in_person",
        "online",
        "no",
        "waiting",
        "answered",
        "came",
        "joined",
        "missed",
        "no_photo",
    ] = ""
    reserve: Literal["", "a", "b"] = ""
    source: Annotated[str, Field(max_length=60)] = ""
    sector: Literal["", "none"] | Sector = ""
    """``none``: of whom nobody has said it."""
    sort: Literal["name", "precedence", "table"] = "name"
    after: str | None = None


class GuestFile(GuestSearch):
    kind: Literal["csv", "xlsx"] = "xlsx"


class LetterForm(FormModel):
    """Subject and text of one letter in every language of the event: ``subject.ja``, ``body.ja`` …"""

    model_config = ConfigDict(extra="allow")

    kind: LetterKind = LetterKind.INVITE

    def texts(self) -> dict[str, tuple[str, str]]:
        """Language → (subject, body) of those that say anything."""
        extra = self.model_extra or {}
        codes = {name.partition(".")[2] for name in extra if name.startswith(("subject.", "body."))}
        said = {code: (str(extra.get(f"subject.{code}", "")), str(extra.get(f"body.{code}", ""))) for code in codes}
        return {code: both for code, both in said.items() if any(both)}


class SendForm(FormModel):
    kind: LetterKind
    starts: datetime | None = None
    """Not before, where the event is; at once without it."""
    per_minute: Annotated[int, Field(ge=1, le=600)] = 60
    wrong: Annotated[list[Annotated[str, Field(max_length=60)]], Field(max_length=200)] = Field(default_factory=list)
    """Texts that a correction is about."""


class ReplyForm(FormModel):
    """A guest's answer. ``companion``: whom they bring, one name each. ``beyond``: the staff's, over the capacity."""

    reply: Reply
    partner: Line | None = None
    """Who is invited with them, as the badge has it."""
    partner_comes: bool = False
    companion: list[Line] = Field(default_factory=list)
    substitute: Line | None = None
    needs: Annotated[str, Field(max_length=1000)] | None = None
    needs_agreed: bool = False
    photo: Literal["yes", "no"] | None = None
    legal_name: Line | None = None
    plate: Annotated[str, Field(max_length=40)] = ""
    beyond: bool = False
    said: list[Annotated[str, Field(max_length=1000)]] = Field(default_factory=list)

    @model_validator(mode="before")
    @classmethod
    def _keep_places(cls, values: Any) -> Any:
        """Answers to questions keep their places, also the empty ones between them."""
        if isinstance(values, dict):
            said = [values[name] for name in sorted(values) if name.startswith("said.")]
            numbered = {name: value for name, value in values.items() if not name.startswith("said.")}
            return {**numbered, "said": [str(each).strip() or "–" for each in said]} if said else numbered
        return values


class FeedbackForm(FormModel):
    rating: Annotated[int, Field(ge=1, le=5)]
    words: Annotated[str, Field(max_length=4000)] = ""


class RegisterForm(ReplyForm):
    """A registration by somebody whom nobody has invited."""

    name: Line
    institution: Line = ""
    email: Email
    source: Annotated[str, Field(max_length=60)] | None = None


class PassForm(FormModel):
    """For the guards of a venue; an empty name takes it away."""

    legal_name: Line | None = None
    plate: Annotated[str, Field(max_length=40)] = ""


class DesksForm(FormModel):
    """One reception desk a line: ``A: A–K, あ–さ``; one without letters receives everybody else."""

    desks: Annotated[str, Field(max_length=2000)] = ""

    def lines(self) -> list[str]:
        return [line.strip() for line in self.desks.split("\n") if line.strip()]


class OutcomeForm(FormModel):
    outcome: Outcome | None = None


class RecordForm(FormModel):
    """The record that a guest is; ``anew``: none of those that look like it."""

    person: UUID | None = None
    anew: bool = False


class EventSearch(BaseModel):
    model_config = ConfigDict(extra="ignore")

    when: Literal["coming", "past"] = "coming"
    year: Annotated[int, Field(ge=1900, le=2999)] | None = None
