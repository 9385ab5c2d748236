"""Requests under the law: 開示・訂正・利用停止 of what one controller, an office, holds of a person."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field

from crm.core.choices import Choice
from crm.core.columns import choice, json_column, personal, text_column
from crm.core.db import Versioned
from crm.core.i18n import lazy_gettext as _l
from crm.privacy.models.consents import Channel

DAYS = 30
"""For the decision, and again when it is extended: Article 83 of the Act on the Protection of Personal Information,
by the Commission's answer Q5-6-1 (https://www.ppc.go.jp/all_faq_index/faq7-q5-6-1)."""


class RequestKind(Choice):
    DISCLOSURE = "disclosure", _l("Disclosure")
    CORRECTION = "correction", _l("Correction")
    SUSPENSION = "suspension", _l("Suspension of use")
    ERASURE = "erasure", _l("Erasure")


class Decision(Choice):
    GRANTED = "granted", _l("Granted")
    PARTLY = "partly", _l("Granted in part")
    REFUSED = "refused", _l("Refused")
    NOT_HELD = "not_held", _l("No such record is held")


_OPEN = text("decision is null")


class RightsRequest(Versioned, table=True):
    """What a person asks of an office: each step is a day of its own, and the journal says who took it.

    ``wishes`` are the fields of ``PersonForm`` as they should be, of a request for correction.
    """

    __tablename__ = "rights_request"
    __table_args__ = (
        Index("ix_rights_request_open", "office_id", "received_on", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )
    office_id: UUID = Field(foreign_key="office.id", index=True)
    person_id: UUID | None = Field(default=None, foreign_key="person.id", ondelete="SET NULL", index=True)
    kind: RequestKind = Field(sa_type=choice(RequestKind), sa_column_kwargs=personal("request", erase="keep"))
    channel: Channel = Field(
        sa_type=choice(Channel, "requestchannel"), sa_column_kwargs=personal("request", erase="keep")
    )
    requester: str = Field(sa_column_kwargs=personal("name", erase="keep"))
    """As written in the request; an agent with whom they act for."""
    reply_to: str = Field(default="", sa_column_kwargs=personal("contact", erase="keep"))
    language: str = Field(default="ja", sa_column_kwargs=personal("request", erase="keep"))
    wishes: dict[str, Any] = Field(default_factory=dict, sa_type=json_column(), sa_column_kwargs=personal("request"))
    words: str = Field(default="", sa_type=text_column(), sa_column_kwargs=personal("request", erase="keep"))
    received_on: date = Field(sa_column_kwargs=personal("request", erase="keep"))
    identified_on: date | None = Field(default=None, sa_column_kwargs=personal("request", erase="keep"))
    identified_by: str | None = Field(default=None, sa_column_kwargs=personal("request", erase="keep"))
    """By what: a personal link, a passport, a licence … never a number of it."""
    others_checked_on: date | None = Field(default=None, sa_column_kwargs=personal("request", erase="keep"))
    others_note: str | None = Field(
        default=None, sa_type=text_column(), sa_column_kwargs=personal("note", erase="keep", restricted=True)
    )
    extended_on: date | None = Field(default=None, sa_column_kwargs=personal("request", erase="keep"))
    extended_why: str | None = Field(default=None, sa_column_kwargs=personal("request", erase="keep"))
    fee: int | None = Field(default=None, sa_column_kwargs=personal("request", erase="keep"))
    """Yen, once paid."""
    decision: Decision | None = Field(
        default=None,
        sa_type=choice(Decision, "requestdecision"),
        sa_column_kwargs=personal("request", erase="keep"),
    )
    parts: list[str] = Field(
        default_factory=list, sa_type=json_column(), sa_column_kwargs=personal("request", erase="keep")
    )
    """What is granted, where it is granted in part: see ``privacy.parts``."""
    decided_on: date | None = Field(default=None, sa_column_kwargs=personal("request", erase="keep"))
    grounds: list[str] = Field(
        default_factory=list, sa_type=json_column(), sa_column_kwargs=personal("request", erase="keep")
    )
    reasons: str | None = Field(default=None, sa_type=text_column(), sa_column_kwargs=personal("request", erase="keep"))
    carried_out_on: date | None = Field(default=None, sa_column_kwargs=personal("request", erase="keep"))
    left_over: list[str] = Field(default_factory=list, sa_type=json_column(), sa_column_kwargs=personal("request"))
    """What an erasure could not settle by itself, or what the law keeps: codes."""

    @property
    def due(self) -> date:
        return self.received_on + timedelta(days=DAYS * (2 if self.extended_on else 1))

    @property
    def step(self) -> str:
        """What comes next."""
        if self.decision:
            grants = self.decision in (Decision.GRANTED, Decision.PARTLY)
            return "carry_out" if grants and not self.carried_out_on else "done"
        return "decide" if self.identified_on and self.person_id else "identify"
