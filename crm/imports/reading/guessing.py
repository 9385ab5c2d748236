"""Which sheet or table holds the list, where its heading is, and what each column means."""

import itertools
import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from math import log

from crm.core.names.latin import order_votes
from crm.core.names.parse import parse_name
from crm.core.names.scripts import tidy
from crm.imports.reading.affiliation import STRONG, UNIT, is_city
from crm.imports.reading.card_columns import settle_cards
from crm.imports.reading.errors import Unreadable
from crm.imports.reading.headings import field_of_levels
from crm.imports.reading.shapes import ANY, FIELDS, ColumnGuess, Grid, Guess, Line, Reading, Said
from crm.imports.reading.tabular import distinct, find_header, grouped, grouping, has_name, looks_like, share
from crm.imports.reading.values import EMAIL, country_code, country_in, is_nothing

_HEAD = 600
_ADDRESSES = frozenset({"email", "links", "orcid", "erad", "researchmap", "note", "phone", "ignore"})
_NAMED = frozenset({"full_name", "family", "kanji"})
_TELLING = frozenset({"institution", "unit", "title", "city", "email", "research_fields"})
_WORKBOOKS = frozenset({"xlsx", "xls", "ods"})
_ORDERED_BY = frozenset({"en", "de", "fr"})
_MOST_UNREAD = 50
_NOBODY_SAID = Said()


def guess_columns(
    reading: Reading,
    language: str | None = None,
    *,
    grids: Collection[int] | None = None,
    tables: Mapping[int, Said] | None = None,
) -> Guess:
    """The best guess, with what stands beside it; `grids` (which to read) and `tables` are the user's word.

    Raises Unreadable: no_rows, sheet_missing.
    """
    if not set(grids or ()) <= set(range(len(reading.grids))):
        raise Unreadable("sheet_missing")
    said = [(tables or {}).get(index, (tables or {}).get(ANY, _NOBODY_SAID)) for index in range(len(reading.grids))]
    found = [_guess(reading, index, one.header) for index, one in enumerate(said)]
    worth = _in_all(found, [_worth(guess, reading.grids[guess.grid]) for guess in found])
    found.sort(key=lambda guess: -worth[guess.grid])
    for guess in found:
        guess.choose(said[guess.grid].columns)
    wanted = _likely(reading, worth) if grids is None else grids
    best, *others = _together([guess for guess in found if guess.grid in wanted])
    is_read = [grids is not None or (reading.kind in _WORKBOOKS and _is_list(one)) for one in others]
    best.beside = list(itertools.compress(others, is_read))
    for guess in (best, *best.beside):
        _look_around(reading, guess, language)
        guess.country = guess.country or best.country
    read = {index for one in (best, *best.beside) for index in one.grids}
    best.unread = [_glance(guess) for guess in found if guess.grid not in read][:_MOST_UNREAD]
    return best


def _likely(reading: Reading, worth: list[float]) -> set[int]:
    """The grids that hold people; hidden ones only where there is nothing else."""
    every = range(len(reading.grids))
    visible = [index for index in every if not reading.grids[index].hidden] or every
    found = {index for index in visible if worth[index] > 0}
    if not found:
        raise Unreadable("no_rows")
    return found


def _in_all(found: list[Guess], worth: list[float]) -> list[float]:
    """A list that is cut into a table for each institution is worth what its tables are worth together."""
    return [
        sum(worth[other.grid] for other in found if other is guess or _alike(guess, other)) if worth[guess.grid] else 0
        for guess in found
    ]


def _together(guesses: list[Guess]) -> list[Guess]:
    """One guess for all grids with the same headings, the first of them."""
    leading: list[Guess] = []
    for guess in guesses:
        lead = next((one for one in leading if _alike(guess, one)), None)
        if lead is None:
            leading.append(guess)
        else:
            lead.also = sorted([*lead.also, guess.grid])
    return leading


def _glance(guess: Guess) -> Guess:
    """Enough to know a table again."""
    telling = [column for column in guess.columns if column.heading or column.samples][:6]
    return Guess(guess.grid, [], guess.header, [replace(column, samples=column.samples[:1]) for column in telling])


def _is_list(guess: Guess) -> bool:
    """People with something about them, under headings: no list of choices, no notes."""
    fields = {column.field for column in guess.columns if column.heading and column.samples}
    return bool(guess.header) and bool(fields & _NAMED) and len(fields & _TELLING) >= 2


def _alike(one: Guess, other: Guess) -> bool:
    headings = [[column.heading for column in guess.columns if column.heading] for guess in (one, other)]
    return bool(headings[0]) and headings[0] == headings[1]


def _guess(reading: Reading, index: int, header: int | None) -> Guess:
    grid = reading.grids[index]
    head = grid.head(_HEAD)
    if grid.fields is not None:
        columns = [ColumnGuess(place, name, name, 1.0, _samples(place, head)) for place, name in enumerate(grid.fields)]
        return Guess(index, [], [], columns)
    heads = find_header(head) if header is None else [line for line in head if line.number == header]
    width = max((len(line.cells) for line in head), default=0)
    least = min(2, width)
    body = [line for line in head if (not heads or line.number > heads[-1].number) and len(distinct(line)) >= least]
    group = grouping(body)
    body = list(grouped(body, group))
    columns = [_column(place, heads[:1] if group is not None else heads, body) for place in range(width)]
    _settle(columns, body)
    settle_cards(columns, body)
    _one_place(columns)
    return Guess(index, [], [line.number for line in heads], columns, grouped_by=group)


def _column(place: int, heads: list[Line], body: list[Line]) -> ColumnGuess:
    levels = [line.cells[place] for line in heads if place < len(line.cells)]
    heading = " / ".join(dict.fromkeys(tidy(level).replace("\n", " ") for level in levels if level.strip()))
    values = [line.cells[place] for line in body if place < len(line.cells) and line.cells[place].strip()]
    named, seen = field_of_levels(levels), looks_like(values)
    samples = _samples(place, body)
    if named is None and 2 * sum(place in (line.links or {}) for line in body) > len(body):
        return ColumnGuess(place, heading, "links", 0.7, samples)
    if named is None:
        weak = seen is not None and heads and seen[0] in {"full_name", "kana", "ignore"} and heading
        return ColumnGuess(
            place, heading, None if weak or seen is None else seen[0], 0.0 if seen is None else seen[1] * 0.8, samples
        )
    name, confidence = named
    if seen and seen[0] in {"email", "links", "orcid"} and seen[1] >= 0.8 and name not in _ADDRESSES:
        return ColumnGuess(place, heading, seen[0], 0.7, samples)
    if seen and name == "full_name" and seen[0] == "kana" and seen[1] >= 0.8:
        name = "kana"
    if seen and name in {"city", "region"} and seen[0] == "country" and seen[1] >= 0.8:
        name = "country"
    if name == "links" and confidence < 0.8 and seen and seen[0] in {"email", "phone"}:
        name = seen[0]
    if name == "country" and values and share(values[:80], lambda value: country_code(value) is not None) < 0.3:
        name, confidence = ("city", 0.6) if share(values[:80], is_city) > 0.5 else (name, 0.4)
    agrees = seen is not None and seen[0] == name
    return ColumnGuess(place, heading, name, min(1.0, confidence + 0.05 * agrees), samples)


def _samples(place: int, lines: list[Line]) -> list[str]:
    values = (
        tidy(line.cells[place])[:120] for line in lines if place < len(line.cells) and not is_nothing(line.cells[place])
    )
    return list(dict.fromkeys(values))[:3]


def _settle(columns: list[ColumnGuess], body: list[Line]) -> None:
    """Columns look at one another: a family name alone is a whole name; a list needs a name from somewhere."""
    fields = {column.field for column in columns}
    for column in columns:
        if (column.field == "family" and "given" not in fields) or (
            column.field == "given" and "family" not in fields and "full_name" not in fields
        ):
            column.field = "full_name"
        elif (
            column.field == "full_name" and "given" in fields and "family" not in fields and _single_words(column, body)
        ):
            column.field = "family"
    hosts = [column for column in columns if column.field == "institution"]
    if len(hosts) > 1 and any(_mostly(column, body, STRONG) for column in hosts):
        for column in hosts:
            if not _mostly(column, body, STRONG) and _mostly(column, body, UNIT):
                column.field = "unit"
    if not {column.field for column in columns} & {"full_name", "family", "kanji", "kana"}:
        _find_names(columns, body)
    unplaced = [
        column for column in columns if column.field is None and column.samples and looks_like(column.samples) is None
    ]
    if len(unplaced) == 1 and "research_fields" not in {column.field for column in columns}:
        unplaced[0].field, unplaced[0].confidence = "research_fields", 0.3


def _one_place(columns: list[ColumnGuess]) -> None:
    """Beside a column of cities, a postal address is only where to send letters."""
    cities = sorted((column for column in columns if column.field == "city"), key=lambda column: -column.confidence)
    if any(share(column.samples, is_city) > 0.5 for column in cities[:1]):
        for column in cities[1:]:
            column.field = None


def _mostly(column: ColumnGuess, body: list[Line], words: re.Pattern[str]) -> bool:
    values = [line.cells[column.index] for line in body[:100] if column.index < len(line.cells)]
    return share([value for value in values if value.strip()], words.search) >= 0.5


def _single_words(column: ColumnGuess, body: list[Line]) -> bool:
    values = [line.cells[column.index].strip() for line in body[:100] if column.index < len(line.cells)]
    return share([value for value in values if value], lambda value: len(value.split()) == 1) > 0.7


def _find_names(columns: list[ColumnGuess], body: list[Line]) -> None:
    def named(column: ColumnGuess) -> float:
        values = [tidy(line.cells[column.index]) for line in body[:120] if column.index < len(line.cells)]
        return share([value for value in values if value], has_name)

    best = max(columns, key=named, default=None)
    if best is not None and named(best) > 0.4:
        best.field, best.confidence = "full_name", 0.5


def _worth(guess: Guess, grid: Grid) -> float:
    """How much a grid looks like the list: names, known columns, rows."""
    fields = {
        column.field
        for column in guess.columns
        if column.field and column.field != "ignore" and (column.samples or grid.fields is None)
    }
    if not fields & {"full_name", "family", "kanji", "kana"} and not guess.header:
        return 0.0
    least = min(2, len(guess.columns))
    rows = sum(len(distinct(line)) >= least for line in grid.head(_HEAD)) - len(guess.header)
    if rows < 1 and grid.fields is None:
        return 0.0
    named = 10 if fields & {"full_name", "family", "kanji", "kana"} else 0
    worth = (named + 2 * len(fields & set(FIELDS)) + (2 if guess.header else 0)) * (1 + log(max(rows, 1)))
    return worth * (0.4 + 0.6 * _name_share(guess, grid)) * (0.8 if grid.fields is not None and grid.wrapped else 1.0)


def _name_share(guess: Guess, grid: Grid) -> float:
    """How many of the whole names look like names (lists without such a column are not judged)."""
    places = [column.index for column in guess.columns if column.field == "full_name"][:1]
    values = [tidy(line.cells[place]) for place in places for line in grid.head(120) if place < len(line.cells)]
    return share([value for value in values if value], has_name) if places else 1.0


def _look_around(reading: Reading, guess: Guess, language: str | None) -> None:
    """What the whole column and the text around the table tell: order of names, country, blanks for 'as above'."""
    grid = reading.grids[guess.grid]
    head = grid.head(_HEAD)
    body = [line for line in head if not guess.header or line.number > guess.header[-1]]
    by_field: dict[str, list[int]] = {}
    for index, name in guess.field_of().items():
        by_field.setdefault(name, []).append(index)
    guess.family_first = _order(by_field, body, language)
    if "country" not in by_field or grid.fields is not None:
        above = [cell for line in head if guess.header and line.number < guess.header[0] for cell in distinct(line)]
        guess.country = next((code for text in [*grid.context, *above] if (code := country_in(tidy(text)))), None)
    for column in by_field.get("institution", [])[:1]:
        guess.fill_down = grid.fields is None and _has_gaps(column, by_field, body)


def _order(by_field: dict[str, list[int]], body: list[Line], language: str | None) -> bool | None:
    votes = 0.0
    for index in by_field.get("full_name", []):
        for line in body[:400]:
            if index < len(line.cells) and line.cells[index].strip():
                latin = parse_name(line.cells[index]).latin
                kana = next((line.cells[i] for i in by_field.get("kana", []) if i < len(line.cells)), None)
                address = next(
                    (
                        found.group()
                        for i in by_field.get("email", [])
                        if i < len(line.cells) and (found := EMAIL.search(line.cells[i]))
                    ),
                    None,
                )
                votes += order_votes(latin, kana, address) if latin else 0.0
    if abs(votes) >= 1.5:
        return votes > 0
    return False if language in _ORDERED_BY else None


def _has_gaps(column: int, by_field: dict[str, list[int]], body: list[Line]) -> bool:
    """Blank institutions mean 'as above' when the first row has one and given ones hardly repeat themselves."""
    names = [index for name in ("full_name", "family", "kanji") for index in by_field.get(name, [])]
    rows = [
        line
        for line in body
        if any(i < len(line.cells) and line.cells[i].strip() for i in names) and len(distinct(line)) > 1
    ]
    values = [re.sub(r"\s+", " ", line.cells[column]).strip() if column < len(line.cells) else "" for line in rows]
    given = [value for value in values if value]
    if not given or not values[0] or len(given) == len(values):
        return False
    repeats = sum(one == two for one, two in itertools.pairwise(given))
    return (len(values) - len(given)) / len(values) >= 0.15 and repeats <= max(1, len(given) * 0.1)
