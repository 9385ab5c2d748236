"""Rows of the list out of the lines of a grid: every line is an entry or is said to be skipped, none is lost."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from crm.core.names.parse import parse_name
from crm.core.names.scripts import tidy
from crm.imports.reading.affiliation import STRONG, Affiliation, is_city, split_affiliation
from crm.imports.reading.card_columns import is_flag
from crm.imports.reading.headings import field_of
from crm.imports.reading.people import Around, Cells, Person, person_of
from crm.imports.reading.shapes import MANY, Entry, EntryFields, Grid, Guess, Item, Line, Reading, Skipped
from crm.imports.reading.tabular import grouped, in_two_languages
from crm.imports.reading.values import country_code, is_nothing
from crm.imports.reading.words import alternatives

_REMARK = re.compile(rf"^\s*{alternatives('remarks')}", re.IGNORECASE)
_TOTAL = re.compile(r"^\s*(?:合計|総計|小計|計|総数|total|summe|gesamt|somme)\s*[:：]?\s*(?:\d|$)", re.IGNORECASE)
_TITLE_OF_LIST = re.compile(
    r"一覧|名簿|リスト|マップ|研究者|researchers?\b|chercheu|forschende|forscher|\blist\b", re.IGNORECASE
)
_SHORT = 60
_NAMES = frozenset({"full_name", "family", "given", "kanji", "kana"})
_TELLING = frozenset(
    {"institution", "unit", "title", "email", "research_fields", "links", "orcid", "phone", "erad", "city"}
)


@dataclass(slots=True)
class _Walk:
    """Where the walk through a grid is: what stands above the line at hand."""

    fields: dict[int, str]
    headings: dict[int, str]
    heads: list[list[str]]
    around: Around
    first: int
    header: frozenset[int]
    sheet: str | None
    preset: bool = False
    seen: int = 0
    section: Affiliation | None = None
    last_section: str | None = None
    carried: Affiliation = field(default_factory=Affiliation)


def entries(reading: Reading, guess: Guess) -> Iterator[Entry]:
    """The rows of the list, those without a usable name included (with their problem)."""
    return (item for item in items(reading, guess) if isinstance(item, Entry))


def items(reading: Reading, guess: Guess) -> Iterator[Item]:
    """Rows and skipped lines in the order of the file."""
    guesses = {index: one for one in (guess, *guess.beside) for index in one.grids}
    for index, of_grid in sorted(guesses.items(), key=lambda pair: pair[0]):
        grid = reading.grids[index]
        walk = _begin(grid, of_grid, index == of_grid.grid, grid.name if len(guesses) > 1 else None)
        for line in grouped(grid.lines, of_grid.grouped_by, walk.first):
            yield from (_item(one, walk) for one in _one_a_line(line, walk))


def _begin(grid: Grid, guess: Guess, main: bool, sheet: str | None) -> _Walk:
    fields = guess.field_of()
    headings = {column.index: column.heading for column in guess.columns}
    around = Around(
        guess.family_first, guess.country, grid.wrapped, fill_down=guess.fill_down, cards="met_on" in fields.values()
    )
    numbers = guess.header
    if not main and guess.header:
        shift = _first_heading(grid, headings) - guess.header[-1]
        numbers = [number + shift for number in guess.header]
    heads = [[cell.strip() for cell in line.cells] for line in grid.head(200) if line.number in set(numbers)]
    walk = _Walk(
        fields,
        headings,
        heads,
        around,
        numbers[-1] if numbers else 0,
        frozenset(numbers),
        sheet,
        grid.fields is not None,
    )
    above = [line.cells for line in grid.head(60) if numbers and line.number < numbers[0]]
    alone = [text for cells in above if len(text := "\n".join({cell for cell in cells if cell.strip()})) < _SHORT]
    for text in [sheet or "", *(text for text in alone if not _TITLE_OF_LIST.search(text))]:
        walk.section = _as_section(text) or walk.section
    return walk


def _first_heading(grid: Grid, headings: dict[int, str]) -> int:
    wanted = {tidy(part) for heading in headings.values() for part in heading.split(" / ")[-1:] if part}
    best = max(
        grid.head(60),
        key=lambda line: len(wanted & {tidy(cell).replace("\n", " ") for cell in line.cells}),
        default=None,
    )
    return best.number if best else 1


def _item(line: Line, walk: _Walk) -> Item:
    texts = list(dict.fromkeys(cell.strip() for cell in line.cells if cell.strip()))
    if not texts and walk.preset:
        return Entry(line.number, EntryFields(), {}, walk.sheet, "no_name")
    if not texts:
        return Skipped(line.number, "blank", "", walk.sheet)
    if line.number in walk.header:
        return _skipped(line, "heading", walk)
    if line.number < walk.first:
        return _skipped(line, "above", walk)
    if [cell.strip() for cell in line.cells] in walk.heads or _is_heading_again(texts, walk):
        return _skipped(line, "heading", walk)
    if len(texts) <= 3 and _TOTAL.match(texts[0]):
        return _skipped(line, "remark", walk)
    cells = _by_field(line, walk)
    if walk.preset:
        return _entry(line, cells, walk)
    named = any(not is_nothing(text) for name in _NAMES for text in cells.get(name, []))
    if len(texts) == 1 and len(walk.fields) > 1 and (reason := _single(texts[0], line, walk)):
        return _skipped(line, reason, walk)
    telling = sum(any(not is_nothing(text) for text in cells.get(name, [])) for name in _TELLING)
    if not named and ((_REMARK.match(texts[0]) and telling < 3) or telling == 0) and not _numbered(texts, telling):
        return _skipped(line, "remark", walk)
    return _entry(line, cells, walk)


def _one_a_line(line: Line, walk: _Walk) -> list[Line]:
    """A line about an institution may have its people below one another in one cell: each is a row of the list."""
    places = [index for index, name in walk.fields.items() if name == "full_name" and index < len(line.cells)]
    if len(places) != 1 or walk.preset or walk.around.wrapped or line.number in walk.header:
        return [line]
    names = [part.strip() for part in re.split(r"[\n;；]", line.cells[places[0]]) if part.strip()]
    parsed = [parse_name(name) for name in names]
    scripts = {(bool(name.latin), bool(name.kanji), bool(name.kana)) for name in parsed}
    if len(names) < 2 or len(scripts) > 1 or not all(name.family and name.given for name in parsed):
        return [line]
    cells = [[*line.cells[: places[0]], name, *line.cells[places[0] + 1 :]] for name in names]
    return [replace(line, cells=one) for one in cells]


def _skipped(line: Line, reason: str, walk: _Walk) -> Skipped:
    text = " | ".join(dict.fromkeys(tidy(cell).replace("\n", " ") for cell in line.cells if cell.strip()))
    return Skipped(line.number, reason, text[:1000], walk.sheet)


def _numbered(texts: list[str], telling: int) -> bool:
    return telling > 0 and bool(re.fullmatch(r"[A-Za-z]{0,3}-?\d{1,4}[.)]?", texts[0]))


def _is_heading_again(texts: list[str], walk: _Walk) -> bool:
    known = {part.casefold() for row in walk.heads for part in row if part}
    return len(texts) > 1 and len(known) > 1 and sum(text.casefold() in known for text in texts) > len(texts) * 0.7


def _single(text: str, line: Line, walk: _Walk) -> str | None:
    """A line with one text alone: the heading of a section, a note, or (None) a row after all."""
    short = len(text) < 120 and "@" not in text
    at_start = next((index for index, cell in enumerate(line.cells) if cell.strip()), 0)
    in_name = walk.fields.get(at_start) in _NAMES and sum(bool(cell.strip()) for cell in line.cells) == 1
    if (
        short
        and not _REMARK.match(text)
        and (found := _as_section(text))
        and not (in_name and not (found.institution or found.country or is_city(text)))
    ):
        if found.country is None and walk.section is not None:
            found = replace(found, country=walk.section.country)
        walk.section, walk.carried = found, Affiliation()
        return "section"
    if not in_name or len(text) > 100 or _REMARK.match(text):
        return "remark"
    return None if walk.seen == 0 or not re.search(r"[.。:：]$|\d{4}", text) else "remark"


def _as_section(text: str) -> Affiliation | None:
    text = re.sub(
        r"^[\s■◆●○□▼▲【\[<＜≪《]+|[\s】\]>＞≫》]+$|\s*[(（]\s*\d+\s*(?:名|人|件|persons?|people|Personen|personnes)?\s*[)）]\s*$",
        "",
        tidy(text),
    )
    if field_of(text) and len(text) < 12 and country_code(text) is None:
        return None
    found = split_affiliation(text)
    strong = found.country or found.city or (found.institution and STRONG.search(text))
    return found if strong and not found.title else None


def _by_field(line: Line, walk: _Walk) -> Cells:
    """A tag stands in its cells, or in the heading above a mark."""
    cells: Cells = {}
    for index, name in walk.fields.items():
        if index < len(line.cells) and line.cells[index].strip():
            texts, text = cells.setdefault(name, []), line.cells[index]
            text = walk.headings[index] if name == "tags" and is_flag(text) else text
            if name not in _NAMES and in_two_languages(walk.headings[index]) and (two := in_two_languages(text)):
                texts.extend(two if name in MANY else two[1:])
            elif text not in texts or name in {"family", "given"}:
                texts.append(text)
    return cells


def _entry(line: Line, cells: Cells, walk: _Walk) -> Entry:
    around = walk.around
    if line.section is not None and line.section != walk.last_section:
        walk.last_section, walk.section, walk.carried = line.section, _section_above(line.section), Affiliation()
    around.section, around.carried = walk.section or Affiliation(), walk.carried
    hrefs = [
        href
        for index, targets in (line.links or {}).items()
        for href in targets
        if walk.fields.get(index) not in {None, "institution", "unit"}
    ]
    person = person_of(cells, hrefs, around)
    walk.seen += 1
    if person.fields.institution:
        found = person.fields
        walk.carried = Affiliation(found.title, found.institution, found.unit, found.city, found.country)
    original = {
        walk.headings.get(index) or str(index + 1): cell for index, cell in enumerate(line.cells) if cell.strip()
    }
    return _finished(line, person, _with_repeats(line, original, walk), walk)


def _section_above(text: str) -> Affiliation:
    """Headings above entries name a place or an institution: a school alone is one."""
    lines = [re.sub(r"^[■●◆【◎▼\s]+|[】\s]+$", "", line) for line in text.split("\n")]
    telling = [line for line in lines if not _TITLE_OF_LIST.search(line)]
    found = split_affiliation("\n".join(telling or lines))
    if found.unit and not found.institution:
        return replace(found, institution=found.unit, unit=None)
    return found


def _with_repeats(line: Line, original: dict[str, str], walk: _Walk) -> dict[str, str]:
    """Two columns may have the same heading: the later one gets its number."""
    if len(original) == sum(bool(cell.strip()) for cell in line.cells):
        return original
    seen: dict[str, str] = {}
    for index, cell in enumerate(line.cells):
        if cell.strip():
            heading = walk.headings.get(index) or str(index + 1)
            seen[heading if heading not in seen else f"{heading} ({index + 1})"] = cell
    return seen


def _finished(line: Line, person: Person, original: dict[str, str], walk: _Walk) -> Entry:
    return Entry(line.number, person.fields, original, walk.sheet, person.problem, person.doubts)
