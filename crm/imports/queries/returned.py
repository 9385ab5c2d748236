"""A returned list against what is stored now."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.reader import seen_by
from crm.imports.returned import MOST, Change, id_in
from crm.people.exporting import COLUMNS, cells
from crm.people.models import Holding, Person
from crm.people.queries.known import chunks, describe, visible_ids
from crm.people.queries.visible import HELD


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


def compare(session: Session, actor: Actor, rows: list[dict[str, str]]) -> Returned:
    """Against what is stored now: only of people whom the reader's office holds."""
    told = Returned(rows=len(rows))
    ids = {id: row for row in rows if (id := id_in(row["id"]))}
    mine = _held(session, actor, visible_ids(session, actor, ids))
    stored = describe(session, actor, mine)
    for row in rows:
        id = id_in(row["id"])
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


def _held(session: Session, actor: Actor, ids: set[UUID]) -> dict[UUID, int]:
    """Those whom the office holds, with the version of each record."""
    versions: dict[UUID, int] = {}
    held = HELD.join(Person, col(Person.id) == col(Holding.person_id))
    wanted = held.with_only_columns(col(Person.id), col(Person.version))
    for part in chunks(ids):
        found: Any = session.execute(wanted.where(col(Person.id).in_(part)), seen_by(actor))
        versions |= dict(found.all())
    return versions
