"""What is written into a report, and its photographs."""

from typing import Annotated

from pydantic import Field
from starlette.datastructures import UploadFile

from crm.core.forms import FormModel
from crm.events.forms import Line, Spoken, Texts
from crm.events.models import Precision


class ReportForm(Spoken):
    stated: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    precision: Precision = Precision.EXACT
    person_times: bool = False
    stated_online: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    precision_online: Precision = Precision.EXACT
    attendance: Texts = Field(default_factory=dict)
    summary: Texts = Field(default_factory=dict)
    feedback: Texts = Field(default_factory=dict)
    next_steps: Texts = Field(default_factory=dict)
    version: int | None = None


class PicturesForm(FormModel):
    files: Annotated[list[UploadFile], Field(min_length=1, max_length=20)]


class PictureForm(Spoken):
    """``agreed``: everybody who can be recognised in it."""

    caption: dict[str, Line] = Field(default_factory=dict)
    alt: dict[str, Line] = Field(default_factory=dict)
    agreed: bool = False
    version: int | None = None
