from uuid import UUID

from pydantic import Field
from starlette.datastructures import UploadFile

from crm.core.forms import FormModel
from crm.imports.models import Decision


class UploadForm(FormModel):
    file: UploadFile
    language: str = Field(default="", max_length=5)


class ColumnsForm(FormModel):
    """``columns`` holds the field of each column in the order shown; ``header`` 0 stands for no heading."""

    encoding: str | None = Field(default=None, max_length=30)
    grid: int | None = Field(default=None, ge=0, le=1000)
    header: int | None = Field(default=None, ge=0, le=100_000)
    columns: list[str] = Field(default_factory=list, max_length=300)


class ApplyListForm(FormModel):
    """``meetings``: each exchange of cards becomes a contact of its day."""

    meetings: bool = False


class DecideForm(FormModel):
    """Without ``row_id`` the decision is for all rows that are still open."""

    decision: Decision
    row_id: UUID | None = None
    outcome: str = Field(default="", max_length=20)
    after: str = Field(default="", max_length=200)
