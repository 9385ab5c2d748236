"""What is chosen when two records become one."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from crm.core.forms import FormModel

FIELDS = ("full_name", "family", "given", "kanji", "kana", "latin", "sector", "preferred_language")
"""Of which a person has one."""
UNDO_DAYS = 90
Side = Literal["kept", "other"]


class MergeForm(FormModel):
    other: UUID
    version: int
    other_version: int
    full_name: Side = "kept"
    family: Side = "kept"
    given: Side = "kept"
    kanji: Side = "kept"
    kana: Side = "kept"
    latin: Side = "kept"
    sector: Side = "kept"
    preferred_language: Side = "kept"
    ask: bool = False
    """Whether other offices that hold the lost record are asked about their part."""


class DeclineForm(FormModel):
    reason: Annotated[str, Field(max_length=500)]
