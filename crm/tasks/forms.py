from datetime import date, timedelta
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from crm.core.forms import Day, FormModel


class TaskForm(FormModel):
    title: Annotated[str, Field(max_length=300)]
    due: Day
    assignee: UUID | None = None
    person: UUID | None = None


class ManyForm(FormModel):
    """The same follow-up about each of many; ``query`` is the list that one comes from."""

    title: Annotated[str, Field(max_length=300)]
    due: Day
    assignee: UUID | None = None
    ids: Annotated[list[UUID], Field(max_length=500)] = Field(default_factory=list)
    query: Annotated[str, Field(max_length=2000)] = ""


class LaterForm(FormModel):
    """For how long a follow-up is put off."""

    days: Annotated[int, Field(ge=1, le=366)]

    def day_after(self, today: date, due: date) -> date:
        """Counted from today where the day has passed already."""
        return max(today, due) + timedelta(days=self.days)


class HandOverForm(FormModel):
    assignee: UUID


class RotationForm(FormModel):
    """Who leaves, who follows, and what the one would tell the other."""

    leaver: UUID
    successor: UUID
    note: Annotated[str, Field(max_length=4000)] = ""


class TaskSearch(BaseModel):
    """The list's address."""

    model_config = ConfigDict(extra="ignore")

    of: Literal["mine", "office"] = "mine"
    state: Literal["open", "done"] = "open"
    after: str | None = None
