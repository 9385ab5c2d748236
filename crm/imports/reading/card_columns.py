"""Lists that programs for business cards write: what their columns hold, as ``reference/card_columns.csv`` knows them.

A list is one of cards when a column says on which day they were exchanged. Only then the columns are read as these
programs mean them: elsewhere 会社 or a 1 under a heading of somebody's own may be anything.
"""

import csv
import re
import unicodedata
from functools import cache

from crm.core.paths import PACKAGE
from crm.imports.reading.shapes import ColumnGuess, Line
from crm.imports.reading.values import is_nothing

_FLAGS = frozenset({"1", "1.0", "true", "○", "✓"})
_ONE_ADDRESS = frozenset({"address", "postcode", "region", "city", "street"})


def is_card_heading(line: Line) -> bool:
    """The day of the exchange and a name, both as such a program calls them."""
    fields = {card_field(cell) for cell in line.cells}
    return "met_on" in fields and not fields.isdisjoint({"full_name", "family"})


def settle_cards(columns: list[ColumnGuess], body: list[Line]) -> None:
    """Known headings say what a column holds; a heading of the user's own, with a 1 for those it is about, is a tag."""
    places = [column.index for column in columns if column.field == "met_on"]
    if not places:
        return
    for column in columns:
        if known := card_field(column.heading):
            column.field, column.confidence = known, 1.0
        elif column.heading and column.index > places[0] and _only_flags(column, body):
            column.field, column.confidence = "tags", 0.9
        elif column.field == "research_fields" and column.confidence < 0.5:
            column.field = None


def card_field(heading: str) -> str | None:
    """Cards may have a second address; it stays in the original cells."""
    plain = _plain(heading)
    bare = re.sub(r"\(\d\)", "", plain)
    found = _known().get(bare)
    second = bare != plain and not re.search(r"\(1\)", plain)
    return "ignore" if second and found in _ONE_ADDRESS else found


@cache
def _known() -> dict[str, str]:
    path = PACKAGE / "imports" / "reference" / "card_columns.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {re.sub(r"\(\d\)", "", _plain(row["heading"])): row["field"] for row in csv.DictReader(file)}


def _plain(heading: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", heading)).casefold()


def _only_flags(column: ColumnGuess, body: list[Line]) -> bool:
    values = (line.cells[column.index] for line in body if column.index < len(line.cells))
    return all(is_flag(value) for value in values if not is_nothing(value))


def is_flag(text: str) -> bool:
    return text.strip().casefold() in _FLAGS
