from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, Json, model_validator

from crm.core.forms import Day, FormModel
from crm.core.i18n import gettext as _


class RuleForm(FormModel):
    act: str
    wanted: bool = False
    series: Annotated[str, Field(max_length=60)] = ""
    consulted: list[UUID] = Field(default_factory=list)
    decider: UUID | None = None


class DeputyForm(FormModel):
    user: UUID
    deputy: UUID
    since: Day
    until: Day

    @model_validator(mode="after")
    def _check_order(self) -> "DeputyForm":
        if self.until < self.since:
            raise ValueError(_("The last day is before the first."))
        return self


class DraftForm(FormModel):
    act: str
    ids: list[UUID]
    chosen: Json[dict[str, Any]] = Field(default_factory=dict)
    title: Annotated[str, Field(max_length=200)]
    reason: Annotated[str, Field(max_length=4000)]


class VerdictForm(FormModel):
    verdict: Literal["agreed", "sent_back"]
    note: Annotated[str, Field(max_length=2000)] = ""
    version: int
