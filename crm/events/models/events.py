from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from crm.core.choices import Choice
from crm.core.columns import UTCDateTime, choice, json_column, now, personal, text_column
from crm.core.db import Row, Versioned
from crm.core.i18n import lazy_gettext as _l
from crm.core.i18n import said_in

Texts = dict[str, str]
"""Language → text."""


class Mode(Choice):
    VENUE = "venue", _l("At a venue")
    ONLINE = "online", _l("Online")
    HYBRID = "hybrid", _l("At a venue and online")


class Admission(Choice):
    INVITATION = "by_invitation", _l("By invitation")
    REGISTRATION = "by_registration", _l("Open for registration, with a waiting list")


class Event(Versioned, table=True):
    """Something an office is host of. Times are moments with the zone of the place beside them."""

    __tablename__ = "event"
    __table_args__ = (Index("ix_event_office", "office_id", "starts_at"),)
    office_id: UUID = Field(foreign_key="office.id")
    author_id: UUID = Field(foreign_key="user_account.id")
    title: Texts = Field(default_factory=dict, sa_type=json_column())
    text: Texts = Field(default_factory=dict, sa_type=json_column())
    place: Texts = Field(default_factory=dict, sa_type=json_column())
    access: Texts = Field(default_factory=dict, sa_type=json_column())
    """How to get there, where to park, when the door opens."""
    dress: Texts = Field(default_factory=dict, sa_type=json_column())
    initiative: str | None = None
    mode: Mode = Field(default=Mode.VENUE, sa_type=choice(Mode, "event_mode"))
    admission: Admission = Field(default=Admission.INVITATION, sa_type=choice(Admission))
    online_address: str | None = None
    """For those who come online; told to them alone."""
    starts_at: datetime = Field(sa_type=UTCDateTime)
    ends_at: datetime = Field(sa_type=UTCDateTime)
    zone: str
    languages: list[str] = Field(default_factory=list, sa_type=json_column())
    """In which its letters are written; a letter in a language that is missing is not sent."""
    venue_capacity: int | None = None
    online_capacity: int | None = None
    companions: int = 0
    """How many a guest may bring."""
    answer_by: date | None = None
    change_until: datetime | None = Field(default=None, sa_type=UTCDateTime)
    """Until then answers may be changed; without it until the beginning."""
    asks_needs: bool = True
    asks_photo: bool = True
    asks_pass: bool = False
    """What the guards of the venue want to know."""
    questions: list[Texts] = Field(default_factory=list, sa_type=json_column())
    survey_until: date | None = None
    """The last day on which guests may say how it was, where the event is; without it as long as their link lives."""
    budget: int | None = None
    """Yen."""
    desks: list[str] = Field(default_factory=list, sa_type=json_column())
    """Which reception desk receives whom, one a line: ``A: A–K, あ–さ``."""
    is_public: bool = False
    letters_held_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    """Letters that were asked for before are held, also those that a running job has yet to write."""
    takes_interest: bool = False
    """Whether its public page offers the form for people who are interested in Japan."""
    online_noted_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    """Since then it is known who was in the online room; before, nobody of them has missed anything."""
    cancelled_at: datetime | None = Field(default=None, sa_type=UTCDateTime)

    @property
    def name(self) -> str:
        return said_in(self.title)

    @property
    def where(self) -> str:
        return said_in(self.place)

    @property
    def starts_here(self) -> datetime:
        """Where the event is."""
        return self.starts_at.astimezone(ZoneInfo(self.zone))

    @property
    def ends_here(self) -> datetime:
        return self.ends_at.astimezone(ZoneInfo(self.zone))

    @property
    def has_venue(self) -> bool:
        return self.mode is not Mode.ONLINE

    @property
    def is_online(self) -> bool:
        return self.mode is not Mode.VENUE

    @property
    def has_begun(self) -> bool:
        return self.starts_at < now()

    @property
    def is_over(self) -> bool:
        return self.ends_at < now()

    @property
    def takes_survey(self) -> bool:
        closed = self.survey_until and now().astimezone(ZoneInfo(self.zone)).date() > self.survey_until
        return self.starts_at <= now() and not closed

    @property
    def answers_until(self) -> datetime:
        return self.change_until or self.starts_at

    @property
    def takes_answers(self) -> bool:
        return self.cancelled_at is None and now() < self.answers_until


class HostRole(Choice):
    CO_HOST = "co_host", _l("Co-host")
    SUPPORTER = "supporter", _l("Supporter")
    COOPERATION = "cooperation", _l("In cooperation with")


class EventHost(Row, table=True):
    """Another office, or a body outside, that carries the event; an office's people may work on it where they may."""

    __tablename__ = "event_host"
    __table_args__ = (UniqueConstraint("event_id", "office_id"),)
    event_id: UUID = Field(foreign_key="event.id", ondelete="CASCADE", index=True)
    office_id: UUID | None = Field(default=None, foreign_key="office.id", index=True)
    name: Texts = Field(default_factory=dict, sa_type=json_column())
    role: HostRole = Field(default=HostRole.CO_HOST, sa_type=choice(HostRole))
    may_edit: bool = False


class ProgrammeItem(Row, table=True):
    """Remarks, a toast, a talk: in the order of the programme (次第)."""

    __tablename__ = "programme_item"
    event_id: UUID = Field(foreign_key="event.id", ondelete="CASCADE", index=True)
    place: int
    starts: str = ""
    """As it is printed: ``18:30``."""
    title: Texts = Field(default_factory=dict, sa_type=json_column())
    speaker: Texts = Field(default_factory=dict, sa_type=json_column())


class LetterKind(Choice):
    INVITE = "event_invitation", _l("Invitation to an event")
    REMINDER = "event_reminder", _l("Reminder of an invitation")
    CORRECTION = "event_correction", _l("Correction")
    THANKS = "event_thanks", _l("Thanks after an event")
    MISSED = "event_missed", _l("To those who could not come")
    CANCELLATION = "event_cancellation", _l("Notice of cancellation")


class LetterText(Versioned, table=True):
    """What a letter of the event says in one language, with fields in braces that are filled for each guest."""

    __tablename__ = "event_letter_text"
    __table_args__ = (UniqueConstraint("event_id", "kind", "language"),)
    event_id: UUID = Field(foreign_key="event.id", ondelete="CASCADE")
    kind: LetterKind = Field(sa_type=choice(LetterKind))
    language: str
    subject: str
    body: str = Field(sa_type=text_column())


class Precision(Choice):
    EXACT = "exact", _l("exactly")
    ABOUT = "about", _l("about")
    AT_LEAST = "at_least", _l("at least")
    JUST_UNDER = "just_under", _l("just under")


class EventReport(Versioned, table=True):
    """実施報告: what is written beside the numbers; the numbers are counted, unless somebody says otherwise.

    ``stated`` is the attendance as it is to be said, which each language words in its own way.
    """

    __tablename__ = "event_report"
    event_id: UUID = Field(foreign_key="event.id", ondelete="CASCADE", unique=True)
    stated: int | None = None
    precision: Precision = Field(default=Precision.EXACT, sa_type=choice(Precision, "report_precision"))
    person_times: bool = False
    """Whoever came twice is counted twice (延べ)."""
    stated_online: int | None = None
    """How many of them took part online."""
    precision_online: Precision = Field(default=Precision.EXACT, sa_type=choice(Precision, "report_precision_online"))
    attendance: Texts = Field(default_factory=dict, sa_type=json_column(), sa_column_kwargs=personal("event"))
    """In other words, where the number does not say it all."""
    summary: Texts = Field(default_factory=dict, sa_type=json_column(), sa_column_kwargs=personal("event"))
    feedback: Texts = Field(default_factory=dict, sa_type=json_column(), sa_column_kwargs=personal("event"))
    next_steps: Texts = Field(default_factory=dict, sa_type=json_column(), sa_column_kwargs=personal("event"))


class EventPicture(Versioned, table=True):
    """A picture of the report; its bytes, made anew, lie beside the database under the row's id.

    Whoever ticks ``agreed`` says that everybody who can be recognised has agreed: without it the picture goes nowhere.
    """

    __tablename__ = "event_picture"
    event_id: UUID = Field(foreign_key="event.id", ondelete="CASCADE", index=True)
    place: int
    caption: Texts = Field(default_factory=dict, sa_type=json_column(), sa_column_kwargs=personal("picture"))
    alt: Texts = Field(default_factory=dict, sa_type=json_column(), sa_column_kwargs=personal("picture"))
    """What is to be seen, for those who do not see it."""
    agreed: bool = False
    width: int
    height: int
    added_by: UUID = Field(foreign_key="user_account.id")
