"""Forms of the reception desk and of the online room."""

from datetime import UTC, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, field_validator
from starlette.datastructures import UploadFile

from crm.core.forms import FormModel
from crm.events.forms import Line


class DoorForm(FormModel):
    """``place``: 0 for the guest, else the number of the companion."""

    guest: UUID
    place: Annotated[int, Field(ge=0, le=20)] = 0
    door: Annotated[str, Field(max_length=60)] = ""
    q: Annotated[str, Field(max_length=300)] = ""


class WalkInForm(FormModel):
    """``id`` is made by a device that may say it twice."""

    id: UUID | None = None
    name: Line
    institution: Line = ""
    door: Annotated[str, Field(max_length=60)] = ""


class RoomForm(FormModel):
    """The list of an online room, pasted or as a file."""

    text: Annotated[str, Field(max_length=400_000)] = ""
    file: UploadFile | None = None


class JoinedForm(FormModel):
    """Who was online: ``came`` holds of each a guest's id, and when they joined."""

    came: Annotated[list[Annotated[str, Field(max_length=80)]], Field(max_length=5000)] = Field(default_factory=list)

    @field_validator("came")
    @classmethod
    def _check(cls, value: list[str]) -> list[str]:
        for one in value:
            moment_of(one)
        return value

    def times(self) -> dict[UUID, datetime | None]:
        return dict(moment_of(one) for one in self.came)


def moment_of(said: str) -> tuple[UUID, datetime | None]:
    id, _, at = said.partition(" ")
    return UUID(id), datetime.fromisoformat(at).astimezone(UTC) if at else None


class BadgeForm(FormModel):
    """What a badge says. ``listed``: guest list and letters as well; ``remind``: somebody should look at the record."""

    name: Line
    second: Line = ""
    institution: Line = ""
    place: Annotated[int, Field(ge=0, le=20)] = 0
    listed: bool = False
    remind: bool = False
    then: Literal["", "print"] = ""
    at: Annotated[str, Field(max_length=60)] = ""
    q: Annotated[str, Field(max_length=300)] = ""
