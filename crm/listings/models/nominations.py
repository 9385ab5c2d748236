from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from crm.core.choices import Choice
from crm.core.columns import IMPERSONAL, UTCDateTime, choice, json_column, personal
from crm.core.db import Row
from crm.core.i18n import current_language, said_in
from crm.core.i18n import lazy_gettext as _l
from crm.core.places import country_name


class NominationKind(Choice):
    PROPOSAL = "proposal", _l("Proposed for the PI Map")
    INTEREST = "interest", _l("Interested in Japan")


class Wish(Choice):
    """What somebody would like to do in Japan, or with people there."""

    STUDY = "study", _l("Studying in Japan")
    POSTDOC = "postdoc", _l("A postdoctoral position")
    VISIT = "visit", _l("A stay as a visiting researcher")
    JOINT_RESEARCH = "joint_research", _l("Research together with people in Japan")
    POST = "post", _l("A permanent post, or a group of my own")


class Nomination(Row, table=True):
    """What came in by a public form, or from the office's own people; somebody looks before anything is made of it.

    Somebody is proposed for the PI map, or says of themself that they are interested in Japan. ``state``: such an
    interest is ``unconfirmed`` until its address is; then ``open``, ``approved`` or ``declined``.
    """

    __tablename__ = "nomination"
    __table_args__ = (Index("ix_nomination_event_source", "event_id", "source"),)
    office_id: UUID = Field(foreign_key="office.id", index=True)
    person_id: UUID | None = Field(default=None, foreign_key="person.id", ondelete="SET NULL", index=True)
    kind: NominationKind = Field(
        default=NominationKind.PROPOSAL, sa_type=choice(NominationKind), sa_column_kwargs=IMPERSONAL
    )
    by_self: bool = Field(default=True, sa_column_kwargs=personal("nomination"))
    fields: dict[str, Any] = Field(
        default_factory=dict, sa_type=json_column(), sa_column_kwargs=personal("nomination", erase="row")
    )
    nominator: str | None = Field(default=None, sa_column_kwargs=personal("nomination"))
    proposed_by: UUID | None = Field(default=None, foreign_key="user_account.id", index=True)
    """Of the office's own people, such as a fellow; None for the public form."""
    state: str = Field(default="open", sa_column_kwargs=personal("nomination"))
    agreed: dict[str, Any] = Field(default_factory=dict, sa_type=json_column(), sa_column_kwargs=personal("consent"))
    """``purposes``, and the ``version`` and ``language`` of the text that was read; becomes receipts with a person."""
    confirmed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    event_id: UUID | None = Field(default=None, sa_column_kwargs=IMPERSONAL)
    """Where it was left. No key: events stand on this room."""
    occasion: dict[str, str] = Field(
        default_factory=dict, sa_type=json_column(), sa_column_kwargs=personal("nomination")
    )
    """What that event was called."""
    source: str | None = Field(default=None, sa_column_kwargs=personal("nomination"))
    """Which link or code brought it, as for a registration."""

    @property
    def is_interest(self) -> bool:
        return self.kind is NominationKind.INTEREST

    @property
    def wishes(self) -> list[Wish]:
        return [Wish(each) for each in self.fields.get("wishes", [])]

    @property
    def country(self) -> str:
        return country_name(self.fields.get("country") or "", current_language()) or ""

    @property
    def came_from(self) -> str:
        """Event and link, as far as they are known."""
        return " · ".join(filter(None, [said_in(self.occasion) if self.occasion else "", self.source]))

    @property
    def likely_tag(self) -> str:
        """``came_from``, seen to be cut where it is longer than a tag may be (60 letters)."""
        whole = self.came_from
        return whole if len(whole) <= 60 else f"{whole[:59].rstrip()}…"
