"""The cells of one row by field, and what stands around the row."""

from dataclasses import dataclass, field

from crm.imports.reading.affiliation import Affiliation, joined
from crm.imports.reading.shapes import EntryFields

Cells = dict[str, list[str]]


@dataclass(slots=True)
class Person:
    fields: EntryFields
    problem: str | None = None
    doubts: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Around:
    """What a row takes from its surroundings: the heading above (`section`), the row above
    (`carried`), the title of the list; `cards`: its rows are business cards.
    """

    family_first: bool | None = None
    country: str | None = None
    wrapped: bool = False
    section: Affiliation = field(default_factory=Affiliation)
    carried: Affiliation = field(default_factory=Affiliation)
    fill_down: bool = False
    cards: bool = False


def one_line(text: str) -> str:
    whole = ""
    for line in text.split("\n"):
        whole = joined(whole, line.strip())
    return whole
