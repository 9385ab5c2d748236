"""A list that was taken out of here, edited in a spreadsheet, and brought back: what differs, by id."""

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlmodel import Session, col
from starlette.datastructures import UploadFile

from crm.accounts.access import Actor
from crm.core.errors import WrongField
from crm.core.forms import FormModel
from crm.core.i18n import LANGUAGES, speaking
from crm.core.i18n import lazy_gettext as _l
from crm.imports.reading.errors import Unreadable
from crm.imports.reading.sandbox import read_file
from crm.people.exporting import COLUMNS, cells, headings
from crm.people.models import Holding, Person
from crm.people.queries.known import chunks, describe, visible_ids
from crm.people.queries.visible import HELD, seen_by

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


@dataclass(frozen=True)
class Different:
    """A row of the file. ``differences``: field → [stored, in the file]."""

    name: str
    change: Change
    differences: dict[str, tuple[str, str]]

    @property
    def sent(self) -> str:
        return self.change.model_dump_json()


@dataclass
class Returned:
    """``unknown``: rows whose id is nobody's whom the reader may change; ``left``: changed rows beyond ``MOST``."""

    rows: int = 0
    same: int = 0
    left: int = 0
    unknown: list[str] = field(default_factory=list)
    different: list[Different] = field(default_factory=list)


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


def compare(session: Session, actor: Actor, rows: list[dict[str, str]]) -> Returned:
    """Against what is stored now: only of people whom the reader's office holds."""
    told = Returned(rows=len(rows))
    ids = {id: row for row in rows if (id := _id(row["id"]))}
    mine = _held(session, actor, visible_ids(session, actor, ids))
    stored = describe(session, actor, mine)
    for row in rows:
        id = _id(row["id"])
        if id is None or id not in stored:
            told.unknown.append(row.get("full_name") or row["id"])
            continue
        now = dict(zip(COLUMNS, cells(stored[id])[1:], strict=True))
        differences = _differences(now, row)
        if not differences:
            told.same += 1
        elif len(told.different) < MOST:
            values = {name: new for name, (_old, new) in differences.items()}
            change = Change(id=id, version=mine[id], values=values)
            told.different.append(Different(now["kanji"] or now["full_name"], change, differences))
        else:
            told.left += 1
    return told


def _differences(now: Mapping[str, str], row: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    said = ((name, now[name], row[name]) for name in COLUMNS if name in row)
    return {name: (old, new) for name, old, new in said if _plain(old) != _plain(new)}


def _plain(text: str) -> str:
    """Spreadsheets change line ends and spaces."""
    return " ".join(text.split())


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _held(session: Session, actor: Actor, ids: set[UUID]) -> dict[UUID, int]:
    """Those whom the office holds, with the version of each record."""
    versions: dict[UUID, int] = {}
    held = HELD.join(Person, col(Person.id) == col(Holding.person_id))
    wanted = held.with_only_columns(col(Person.id), col(Person.version))
    for part in chunks(ids):
        found: Any = session.execute(wanted.where(col(Person.id).in_(part)), seen_by(actor))
        versions |= dict(found.all())
    return versions


def changes_of(form: ApplyForm) -> list[Change]:
    """WrongField for what no page of ours has sent."""
    try:
        return [Change.model_validate(json.loads(text)) for text in form.changes]
    except ValueError as fault:
        raise WrongField("", _l("Something in this request could not be understood.")) from fault
