"""A list that was taken out of here, edited in a spreadsheet, and brought back: what differs, by id."""

import json
import tempfile
from pathlib import Path
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field
from starlette.datastructures import UploadFile

from crm.core.errors import WrongField
from crm.core.forms import FormModel
from crm.core.i18n import LANGUAGES, speaking
from crm.core.i18n import lazy_gettext as _l
from crm.imports.reading.errors import Unreadable
from crm.imports.reading.sandbox import read_file
from crm.people.exporting import COLUMNS, headings

MOST = 1_000
"""Changed rows shown and applied at once."""
_LISTS = ("research_fields", "links")


class ReturnedForm(FormModel):
    file: UploadFile


class ApplyForm(FormModel):
    """``changes``: each a ``Change`` as JSON, one for every row that was ticked."""

    changes: Annotated[list[str], Field(max_length=MOST)] = Field(default_factory=list)


class Change(BaseModel):
    """Of one person: ``values`` by field, in the words of the file; empty takes a value away."""

    id: UUID
    version: int
    values: dict[str, str]

    def form_values(self) -> dict[str, str]:
        """As ``PersonForm`` has them: lists one a line."""
        return {
            name: "\n".join(part.strip() for part in value.split(";")) if name in _LISTS else value
            for name, value in self.values.items()
        }


def read_returned(data: bytes, name: str) -> list[dict[str, str]]:
    """Rows by field, ``id`` among them. WrongField for a file that is none of ours."""
    with tempfile.NamedTemporaryFile(prefix="returned-") as kept:
        kept.write(data)
        kept.flush()
        try:
            with read_file(Path(kept.name), name) as reading:
                fields = _fields_of([column.heading for column in reading.guess.columns])
                rows = [entry.original for entry in reading.entries()]
        except Unreadable as fault:
            raise WrongField("file", str(fault)) from fault
    if "id" not in fields.values():
        raise WrongField("file", _l("This file has no column “Meguri ID”. Please bring back a list exported here."))
    return [{name: row.get(heading, "").strip() for heading, name in fields.items()} for row in rows]


def _fields_of(columns: list[str]) -> dict[str, str]:
    """Heading → field, in whatever language the list was taken out."""
    known: dict[str, str] = {}
    for language in LANGUAGES:
        with speaking(language):
            known |= dict(zip(headings(), ("id", *COLUMNS), strict=True))
    return {heading: known[heading] for heading in columns if heading in known}


def id_in(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def changes_of(form: ApplyForm) -> list[Change]:
    """WrongField for what no page of ours has sent."""
    try:
        return [Change.model_validate(json.loads(text)) for text in form.changes]
    except ValueError as fault:
        raise WrongField("", _l("Something in this request could not be understood.")) from fault
