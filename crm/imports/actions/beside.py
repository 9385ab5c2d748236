"""What a list says beside the people themselves: their tags, and that they were met."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Session

from crm.accounts.access import Actor
from crm.people.actions.tagging import tag_listed

Met = tuple[UUID, date]
Rows = list[tuple[str, UUID]]
MetRule = Callable[[Session, Actor, Sequence[Met]], Mapping[Met, Rows]]


def add_beside(
    session: Session, actor: Actor, rows: Sequence[Any], made: dict[UUID, Any], rules: Sequence[MetRule]
) -> None:
    """Adds to ``made`` what undoing takes back; a row that was applied before says nothing new."""
    fresh = [row for row in rows if row.id in made and row.reason != "applied_before"]
    first: dict[Any, UUID] = {}
    tags: dict[UUID, list[str]] = defaultdict(list)
    for row in fresh:
        person_id = made[row.id][0]
        first.setdefault(person_id, row.id)
        tags[person_id] += row.fields.get("tags") or []
        if day := row.fields.get("met_on"):
            first.setdefault((person_id, date.fromisoformat(day)), row.id)
    new_tags, tagged = tag_listed(session, actor, tags)
    for person_id, ids in tagged.items():
        _note(made, first[person_id], [("person_tag", id) for id in ids])
    if new_tags:
        row_id = first[next(iter(tagged))]
        made[row_id][1]["tags"] = [str(id) for id in new_tags]
    met = [key for key in first if isinstance(key, tuple)]
    for rule in rules if met else ():
        for pair, done in rule(session, actor, met).items():
            _note(made, first[pair], done)


def _note(made: dict[UUID, Any], row_id: UUID, rows: Rows) -> None:
    what = made[row_id][1]
    what["rows"] = [*what.get("rows", []), *([table, str(id)] for table, id in rows)]
