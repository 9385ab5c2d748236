from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlmodel import Field

from crm.core.columns import PROVENANCE, json_column, now
from crm.core.db import Row


class Origin(StrEnum):
    HAND = "hand"
    IMPORT = "import"
    ORCID = "orcid"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Source:
    """Where somebody had it from; ``file`` and ``row`` of a list."""

    origin: Origin = Origin.HAND
    file: str = ""
    row: int | None = None

    def said_by(self, office_id: UUID | None) -> dict[str, Any]:
        said = {"origin": self.origin.value, "office": str(office_id or ""), "on": now().date().isoformat()}
        return {**said, "file": self.file, "row": self.row} if self.file else said


BY_HAND = Source()


class Stated(Row):
    """A fact that every office sees who sees the person: ``source`` is who stated it, where from and when.

    It goes along through merges and back. Empty for what was stored before this was noted.
    """

    source: dict[str, Any] = Field(default_factory=dict, sa_type=json_column(), sa_column_kwargs=PROVENANCE)
