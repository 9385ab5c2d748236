from typing import Annotated
from uuid import UUID

from pydantic import Field
from starlette.datastructures import UploadFile

from crm.core.forms import FormModel
from crm.imports.models import Decision


class UploadForm(FormModel):
    file: UploadFile
    language: str = Field(default="", max_length=5)


class ColumnsForm(FormModel):
    """``header`` (0 for no heading) and ``columns`` (fields) go through the tables in the order shown.

    ``read`` are the sheets or tables that are to be read.
    """

    encoding: str | None = Field(default=None, max_length=30)
    read: list[Annotated[int, Field(ge=0)]] = Field(default_factory=list)
    header: list[Annotated[int, Field(ge=0, le=100_000)]] = Field(default_factory=list)
    columns: list[str] = Field(default_factory=list)


class ApplyListForm(FormModel):
    """``meetings``: each exchange of cards becomes a contact of its day."""

    meetings: bool = False


class DecideForm(FormModel):
    """Without ``row_id`` the decision is for all rows that are still open."""

    decision: Decision
    row_id: UUID | None = None
    outcome: str = Field(default="", max_length=20)
    after: str = Field(default="", max_length=200)
