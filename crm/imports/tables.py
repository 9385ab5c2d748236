"""The sheets and tables of a list on the page of columns: what is shown of each, and what an answer says of each.

The boxes of all tables that are read stand in one form, one table after the other.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, islice
from typing import Any

from crm.core.i18n import gettext as _
from crm.imports.forms import ColumnsForm
from crm.imports.reading.shapes import ANY

Guessed = dict[str, Any]
"""A ``Guess`` as it is kept."""


@dataclass(frozen=True)
class Column:
    """``place``: from 1, through all tables of the page."""

    place: int
    heading: str
    samples: list[str]
    field: str


@dataclass(frozen=True)
class Table:
    """Sheets or tables under the same headings."""

    names: list[str]
    header: Any
    columns: list[Column]


@dataclass(frozen=True)
class Answer:
    """``header`` and ``columns`` are empty where nothing was said."""

    table: Guessed
    header: int | None
    columns: list[str]

    @property
    def grids(self) -> list[int]:
        return grids_of(self.table) or [ANY]

    @property
    def header_shown(self) -> int:
        return first_line(self.table)


def lists_of(guess: Guessed) -> list[Guessed]:
    """Those that are read, in the order of the file."""
    return sorted([guess, *guess.get("beside", [])], key=lambda one: one.get("grid", ANY))


def grids_of(table: Guessed) -> list[int]:
    """None in a file that was refused before anything was found."""
    return [table["grid"], *table["also"]] if "grid" in table else []


def grids_read(guess: Guessed) -> list[int]:
    return [grid for one in lists_of(guess) for grid in grids_of(one)]


def first_line(table: Guessed) -> int:
    header: list[int] = table.get("header") or [0]
    return header[0]


def answers(guess: Guessed, form: ColumnsForm) -> Iterator[Answer]:
    headers, columns = iter(form.header), iter(form.columns)
    for one in lists_of(guess):
        yield Answer(one, next(headers, None), list(islice(columns, len(one.get("columns") or []))))


def tables_of(guess: Guessed, typed: dict[str, Any]) -> list[Table]:
    """Those that are read; what was typed goes before what was found."""
    headers, chosen, places = iter(typed.get("header") or []), iter(typed.get("columns") or []), count(1)
    names = guess.get("grids") or []
    tables = []
    for one in lists_of(guess):
        columns = [
            Column(
                next(places),
                column["heading"] or _("Column %(number)s", number=column["index"] + 1),
                column["samples"],
                next(chosen, column["field"] or "ignore"),
            )
            for column in one.get("columns") or []
        ]
        tables.append(Table([name_of(names, grid) for grid in grids_of(one)], next(headers, first_line(one)), columns))
    return tables


def grid_choices(guess: Guessed) -> list[tuple[int, str, str]]:
    """Every sheet or table with its name; those that are not read with a glance at what they hold."""
    names = guess.get("grids") or []
    glances = {one["grid"]: _glance(one) for one in guess.get("unread", [])}
    shown = {**dict.fromkeys(grids_read(guess), ""), **glances}
    return [(grid, name_of(names, grid), shown[grid]) for grid in sorted(shown)]


def name_of(names: list[str], grid: int) -> str:
    name = names[grid] if grid < len(names) else ""
    return name or _("Table %(number)s in the file", number=grid + 1)


def _glance(table: Guessed) -> str:
    told = ([column["heading"], *column["samples"]] for column in table["columns"])
    return " · ".join(": ".join(part[:40] for part in parts if part) for parts in told)
