from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from crm.core.forms import Day, FormModel
from crm.introductions.models import Result, Side
from crm.people.forms import Short


class IntroductionForm(FormModel):
    asker: Short
    asker_id: UUID | None = None
    question: Annotated[str, Field(max_length=4000)]
    asked_on: Day


class ProposalForm(FormModel):
    person_id: UUID
    q: str = ""
    """The words that they were looked for by, so that the page can be shown again."""


class StepForm(FormModel):
    """``agreed`` and ``declined`` need the side."""

    step: Literal["agreed", "declined", "introduced", "result", "back"]
    side: Side | None = None
    result: Result | None = None
    version: int
