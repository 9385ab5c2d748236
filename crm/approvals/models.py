from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from crm.core.choices import Choice
from crm.core.columns import UTCDateTime, choice, json_column, text_column
from crm.core.contributions import Proposed
from crm.core.db import Row, Versioned
from crm.core.i18n import lazy_gettext as _l

_CIRCULATING = text("state = 'circulating'")
_OPEN = text("verdict is null")


class ApprovalState(Choice):
    CIRCULATING = "circulating", _l("In circulation")
    DECIDED = "decided", _l("Approved")
    SENT_BACK = "sent_back", _l("Sent back")
    RETRACTED = "retracted", _l("Taken back by who drafted it")


class StepRole(Choice):
    CONSULTED = "consulted", _l("Consulted")
    DECIDES = "decides", _l("Decides")


class Verdict(Choice):
    AGREED = "agreed", _l("Agreed")
    SENT_BACK = "sent_back", _l("Sent back")


class ApprovalRule(Row, table=True):
    """An office wants acts of this kind decided on first: whom to consult, in this order, and who decides."""

    __tablename__ = "approval_rule"
    __table_args__ = (UniqueConstraint("office_id", "act"),)
    office_id: UUID = Field(foreign_key="office.id")
    act: str
    series: str = ""
    """What document numbers begin with."""
    consulted: list[str] = Field(default_factory=list, sa_type=json_column())
    """Ids of users, as text."""
    decider_id: UUID = Field(foreign_key="user_account.id")


class ApprovalDeputy(Row, table=True):
    """代決: who answers for somebody who is away, from one day to another."""

    __tablename__ = "approval_deputy"
    office_id: UUID = Field(foreign_key="office.id", index=True)
    user_id: UUID = Field(foreign_key="user_account.id")
    deputy_id: UUID = Field(foreign_key="user_account.id", index=True)
    since: date
    until: date


class ApprovalSilence(Row, table=True):
    """A user does not want mails about papers that wait in this office."""

    __tablename__ = "approval_silence"
    __table_args__ = (UniqueConstraint("user_id", "office_id"),)
    user_id: UUID = Field(foreign_key="user_account.id")
    office_id: UUID = Field(foreign_key="office.id")


class ApprovalRequest(Versioned, table=True):
    """起案: an outward act, written down and numbered, carried out the moment it is decided."""

    __tablename__ = "approval_request"
    __table_args__ = (
        UniqueConstraint("office_id", "year", "number"),
        Index("ix_approval_request_open", "office_id", sqlite_where=_CIRCULATING, postgresql_where=_CIRCULATING),
    )
    office_id: UUID = Field(foreign_key="office.id")
    year: int
    """Fiscal, from April."""
    number: int
    series: str = ""
    act: str
    subjects: list[str] = Field(default_factory=list, sa_type=json_column())
    """Ids of what is acted on, as text."""
    chosen: dict[str, Any] = Field(default_factory=dict, sa_type=json_column())
    """How it is to be done, as the act's own form said it: it is carried out so."""
    title: str
    reason: str = Field(sa_type=text_column())
    drafter_id: UUID = Field(foreign_key="user_account.id", index=True)
    state: ApprovalState = Field(default=ApprovalState.CIRCULATING, sa_type=choice(ApprovalState))
    answers: int = 0
    """Steps answered: each changes the version, so that nobody agrees twice by two clicks."""
    closed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    outcome: str = Field(default="", sa_type=text_column())
    """What was done, in the language of who decided."""

    @property
    def reference(self) -> str:
        return f"{self.series} {self.year}-{self.number:04d}".strip()

    @property
    def proposed(self) -> Proposed:
        return Proposed(self.act, [UUID(each) for each in self.subjects], self.chosen)


class ApprovalStep(Row, table=True):
    __tablename__ = "approval_step"
    __table_args__ = (
        UniqueConstraint("request_id", "place"),
        Index("ix_approval_step_open", "user_id", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )
    request_id: UUID = Field(foreign_key="approval_request.id", ondelete="CASCADE")
    place: int
    role: StepRole = Field(sa_type=choice(StepRole))
    user_id: UUID = Field(foreign_key="user_account.id")
    verdict: Verdict | None = Field(default=None, sa_type=choice(Verdict))
    by_id: UUID | None = Field(default=None, foreign_key="user_account.id")
    """Who answered: a deputy where it is not ``user_id``."""
    note: str = Field(default="", sa_type=text_column())
    told: list[str] = Field(default_factory=list, sa_type=json_column())
    """Ids of users who had a mail that it is their turn: who stands in is told too."""
    at: datetime | None = Field(default=None, sa_type=UTCDateTime)
