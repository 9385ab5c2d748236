from typing import Annotated
from uuid import UUID

from pydantic import Field
from starlette.datastructures import UploadFile

from crm.core.forms import Day, FormModel
from crm.interactions.models import Audience, InteractionKind
from crm.people.forms import Short


class InteractionForm(FormModel):
    """``people`` are ids, ``new_people`` names as written; ``who`` is what was being looked for and is not kept."""

    people: list[UUID] = Field(default_factory=list)
    new_people: list[Short] = Field(default_factory=list)
    who: Annotated[str, Field(max_length=500)] = ""
    kind: InteractionKind = InteractionKind.MET
    day: Day
    place: Short | None = None
    text: Annotated[str, Field(max_length=20_000)] = ""
    follow_up: Short | None = None
    due: Day | None = None
    assignee: UUID | None = None
    staff: list[UUID] = Field(default_factory=list)
    audience: Audience = Audience.OFFICE
    offices: list[UUID] = Field(default_factory=list)
    careful: bool = False
    key: UUID | None = None
    version: int | None = None
    mail: UUID | None = None
    """The waiting message that this is filed from."""


class FilesForm(FormModel):
    files: Annotated[list[UploadFile], Field(min_length=1, max_length=20)]


class InteractionSearch(FormModel):
    """The list's address."""

    q: Annotated[str, Field(max_length=500)] = ""
    kind: list[InteractionKind] = Field(default_factory=list)
    since: Day | None = None
    until: Day | None = None
    mine: bool = False
    after: str | None = None
