"""The organiser's own questions after the event, and what guests say to them."""

from typing import Any
from uuid import UUID

from sqlmodel import Field

from crm.core.choices import Choice
from crm.core.columns import choice, json_column, personal
from crm.core.db import Row
from crm.core.i18n import lazy_gettext as _l
from crm.events.models.events import Texts


class QuestionKind(Choice):
    SHORT = "short_text", _l("Short text")
    LONG = "long_text", _l("Long text")
    ONE = "one_choice", _l("One of several answers")
    SEVERAL = "several_choices", _l("Several answers possible")
    RATING = "rating", _l("Rating from 1 to 5")

    @property
    def offers(self) -> bool:
        """Whether it comes with answers to choose from."""
        return self in (QuestionKind.ONE, QuestionKind.SEVERAL)


class SurveyQuestion(Row, table=True):
    """In the order of ``place``; text and answers to choose from in the languages of the event."""

    __tablename__ = "survey_question"
    event_id: UUID = Field(foreign_key="event.id", ondelete="CASCADE", index=True)
    place: int
    kind: QuestionKind = Field(sa_type=choice(QuestionKind))
    text: Texts = Field(default_factory=dict, sa_type=json_column())
    choices: list[Texts] = Field(default_factory=list, sa_type=json_column())
    required: bool = False


class SurveyAnswer(Row, table=True):
    """What a guest says to all of them: question → text, number of the choice, numbers, or 1 to 5."""

    __tablename__ = "survey_answer"
    guest_id: UUID = Field(foreign_key="guest.id", ondelete="CASCADE", unique=True)
    said: dict[str, Any] = Field(default_factory=dict, sa_type=json_column(), sa_column_kwargs=personal("event"))
