"""What readers hand on: grids of lines, guesses about columns, entries."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

FIELDS = (
    "full_name", "family", "given", "kanji", "kana", "title", "institution", "unit", "city", "region", "country",
    "research_fields", "email", "phone", "links", "orcid", "erad", "researchmap", "languages", "open_to",
    "met_on", "tags", "postcode", "address", "street", "note", "ignore",
)  # fmt: skip
MANY = frozenset({"research_fields", "links", "languages", "open_to"})


@dataclass(slots=True)
class Line:
    """One row of a grid. `number` is what a person sees in the file (sheet row, line of a text, row of a table)."""

    number: int
    cells: list[str]
    links: dict[int, list[str]] | None = None
    section: str | None = None


@dataclass(slots=True)
class Grid:
    """`lines` can be walked more than once. `context` is text around the table: title, notes above it."""

    name: str
    lines: Iterable[Line]
    context: list[str] = field(default_factory=list)
    fields: list[str] | None = None
    wrapped: bool = False
    hidden: bool = False

    def head(self, count: int) -> list[Line]:
        return list(islice(iter(self.lines), count))


@dataclass(slots=True)
class Reading:
    """A file, read but not yet understood. `notes` are codes of `errors.SENTENCES`."""

    file: str
    kind: str
    encoding: str | None
    grids: list[Grid]
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class ColumnGuess:
    index: int
    heading: str
    field: str | None
    confidence: float
    samples: list[str]


@dataclass(slots=True)
class Guess:
    """What the columns of a grid hold. `header` are the line numbers of the heading rows (none: no heading found).

    `also` are further grids with the same headings; `beside` are lists with headings of their own, which are read too;
    `unread` is what else the file holds.
    """

    grid: int
    also: list[int]
    header: list[int]
    columns: list[ColumnGuess]
    family_first: bool | None = None
    country: str | None = None
    fill_down: bool = False
    grouped_by: int | None = None
    beside: list["Guess"] = field(default_factory=list)
    unread: list["Guess"] = field(default_factory=list)

    @property
    def grids(self) -> list[int]:
        return [self.grid, *self.also]

    def field_of(self) -> dict[int, str]:
        return {column.index: column.field for column in self.columns if column.field and column.field != "ignore"}

    def choose(self, columns: dict[int, str | None]) -> None:
        """What the user says about columns goes before what was guessed."""
        for column in self.columns:
            if column.index in columns:
                column.field, column.confidence = columns[column.index], 1.0


@dataclass(frozen=True, slots=True)
class Said:
    """The user's word on one table. `header` is a line number, 0 for no heading; None leaves it to the reader."""

    header: int | None = None
    columns: dict[int, str | None] = field(default_factory=dict)


ANY = -1
"""Stands for every table of a file in which none was found yet."""


@dataclass(slots=True)
class EntryFields:
    """`family` and `given` are in the script of `full_name`. `latin` is the name in Latin letters where the list has
    it, family name first and in capitals (YAMADA Taro) if the list shows which it is. What comes after ``note`` is
    read of business cards alone; ``met_on`` is a day as ISO writes it.
    """

    full_name: str | None = None
    family: str | None = None
    given: str | None = None
    kanji: str | None = None
    kana: str | None = None
    latin: str | None = None
    former: str | None = None
    title: str | None = None
    institution: str | None = None
    unit: str | None = None
    city: str | None = None
    country: str | None = None
    research_fields: list[str] = field(default_factory=list)
    email: str | None = None
    links: list[str] = field(default_factory=list)
    orcid: str | None = None
    erad: str | None = None
    phone: str | None = None
    languages: list[str] = field(default_factory=list)
    open_to: list[str] = field(default_factory=list)
    note: str | None = None
    met_on: str | None = None
    tags: list[str] = field(default_factory=list)
    more_phones: list[str] = field(default_factory=list)
    address: str | None = None
    sector: str | None = None


@dataclass(slots=True)
class Entry:
    """One row of the list. `problem` is a code when the row cannot be used; `doubts` are codes of values left out."""

    row: int
    fields: EntryFields
    original: dict[str, str]
    sheet: str | None = None
    problem: str | None = None
    doubts: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Skipped:
    """A line of the file that is no row of the list: `reason` is a code of `errors.SENTENCES`."""

    row: int
    reason: str
    text: str
    sheet: str | None = None


Item = Entry | Skipped
Items = Iterator[Item]
