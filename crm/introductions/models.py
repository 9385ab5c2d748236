from datetime import date
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from crm.core.choices import Choice
from crm.core.columns import choice, personal, text_column
from crm.core.db import Versioned
from crm.core.i18n import lazy_gettext as _l

_OPEN = text("closed_on is null")


class Side(Choice):
    """Of an introduction: who asks, or whom we propose."""

    ASKER = "asker", _l("Who asks")
    PERSON = "person", _l("Whom we propose")


class Result(Choice):
    MET = "met", _l("They met")
    VISIT = "visit", _l("Visit")
    JOINT_RESEARCH = "joint_research", _l("Joint research")
    POST = "post", _l("A post")
    NOTHING = "nothing", _l("Nothing came of it")


class Introduction(Versioned, table=True):
    """Somebody asks whom they could turn to: "who at this university works on X?"."""

    __tablename__ = "introduction"
    __table_args__ = (
        Index("ix_introduction_open", "office_id", "asked_on", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )
    office_id: UUID = Field(foreign_key="office.id", index=True)
    author_id: UUID = Field(foreign_key="user_account.id")
    asker: str = Field(sa_column_kwargs=personal("name", erase="row"))
    """As written: a person, a laboratory, a ministry."""
    asker_id: UUID | None = Field(default=None, foreign_key="person.id", ondelete="CASCADE", index=True)
    """Where the one who asks has a record too."""
    question: str = Field(sa_type=text_column(), sa_column_kwargs=personal("note", erase="row"))
    asked_on: date = Field(sa_column_kwargs=personal("note"))
    closed_on: date | None = Field(default=None, sa_column_kwargs=personal("note"))


class Proposal(Versioned, table=True):
    """Whom the office proposes. Both sides agree before either learns the other's address; each step is a day."""

    __tablename__ = "introduction_proposal"
    __table_args__ = (UniqueConstraint("introduction_id", "person_id"),)
    introduction_id: UUID = Field(foreign_key="introduction.id", ondelete="CASCADE")
    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE", index=True)
    proposed_on: date = Field(sa_column_kwargs=personal("introduction"))
    asker_agreed_on: date | None = Field(default=None, sa_column_kwargs=personal("introduction"))
    person_agreed_on: date | None = Field(default=None, sa_column_kwargs=personal("introduction"))
    declined_on: date | None = Field(default=None, sa_column_kwargs=personal("introduction"))
    declined_by: Side | None = Field(default=None, sa_type=choice(Side), sa_column_kwargs=personal("introduction"))
    introduced_on: date | None = Field(default=None, sa_column_kwargs=personal("introduction"))
    result: Result | None = Field(default=None, sa_type=choice(Result), sa_column_kwargs=personal("introduction"))
    result_on: date | None = Field(default=None, sa_column_kwargs=personal("introduction"))

    @property
    def waits_for(self) -> list[Side]:
        """Who has not answered yet."""
        if self.declined_on or self.introduced_on:
            return []
        answers = ((Side.ASKER, self.asker_agreed_on), (Side.PERSON, self.person_agreed_on))
        return [side for side, day in answers if day is None]

    @property
    def may_be_introduced(self) -> bool:
        return bool(self.asker_agreed_on and self.person_agreed_on) and not (self.declined_on or self.introduced_on)
