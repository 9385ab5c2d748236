"""The form for a relation between two people, and how a few of them are drawn."""

from dataclasses import dataclass
from datetime import date
from math import cos, pi, sin
from uuid import UUID

from pydantic import ValidationInfo, field_validator

from crm.core.forms import Day, FormModel
from crm.core.i18n import gettext as _
from crm.people.forms import Short
from crm.people.models.relations import Part


class RelationForm(FormModel):
    other: UUID
    part: Part
    since: Day | None = None
    until: Day | None = None
    note: Short | None = None
    q: str = ""
    """The words that the other one was looked for by, so that the page can be shown again."""

    @field_validator("until")
    @classmethod
    def _ends_after_it_begins(cls, value: date | None, info: ValidationInfo) -> date | None:
        since = info.data.get("since")
        if value and since and value < since:
            raise ValueError(_("The end must not be before the beginning."))
        return value


WIDE, HIGH = 440, 270
"""Of the drawing; its middle is the person."""
_AROUND, _UP = 105, 90
MOST_DRAWN = 12


@dataclass(frozen=True)
class Dot:
    id: UUID
    x: float
    y: float

    @property
    def anchor(self) -> str:
        """On which side of the dot its name stands."""
        return "middle" if abs(self.x) < 20 else "start" if self.x > 0 else "end"


def around(ids: list[UUID]) -> list[Dot]:
    """Evenly on an oval, the first on the right, so that names have room at the sides."""
    some = ids[:MOST_DRAWN]
    turns = (2 * pi * number / len(some) for number in range(len(some)))
    return [
        Dot(id, round(_AROUND * cos(turn), 1), round(_UP * sin(turn), 1)) for id, turn in zip(some, turns, strict=True)
    ]
