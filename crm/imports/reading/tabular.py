"""Where the heading of a table is, and what the values of a column look like."""

import re
from collections.abc import Callable, Iterable, Iterator
from statistics import mean

from crm.core.names import Script, script_of
from crm.core.names.scripts import HAN, KANA, tidy
from crm.imports.reading.affiliation import STRONG, TITLE, UNIT
from crm.imports.reading.card_columns import is_card_heading
from crm.imports.reading.headings import LONGEST_HEADING, field_of, fold
from crm.imports.reading.shapes import Line
from crm.imports.reading.values import EMAIL, ORCID, URL, country_code, is_nothing, plain_addresses
from crm.imports.reading.words import alternatives

_JAPANESE = re.compile(f"[{HAN}{KANA}]")
_KANJI_NAME = re.compile(rf"^[{HAN}]{{1,4}}[ 　]?[{HAN}{KANA}]{{1,5}}(?:\s*[(（].*[)）])?$")
_LATIN_NAME = re.compile(
    r"^(?:(?:Prof|Dr|Mr|Ms|Mrs|PD|Univ|M|Mme|Assoc|Asst)\.?[ -])*[A-ZÀ-Ý][\w'’.-]*,?"
    r"(?: (?:(?:de|del|da|das|dos|di|du|van|von|der|den|ter|ten|zu|la|le|bin|ibn|al|el|af|av) )*[A-ZÀ-Ý][\w'’.-]*){1,3}"
    r"(?:,? (?:PhD|Ph\.D\.|MD|M\.D\.))?(?:\s*[(（/].*)?$"
)
_NEVER = re.compile(rf"\b{alternatives('never names')}\b", re.IGNORECASE)
_KANA_NAME = re.compile(rf"^[{KANA} 　・]+$")
_COUNT = re.compile(r"^\(?[A-Za-z]{0,3}-?\d{1,5}[.)]?$")


def distinct(line: Line) -> list[str]:
    """The different texts of a line (a merged cell repeats itself)."""
    return list(dict.fromkeys(cell.strip() for cell in line.cells if cell.strip()))


def find_header(lines: list[Line]) -> list[Line]:
    """The heading rows (one or two), or none."""
    cards = next((line for line in lines[:80] if is_card_heading(line)), None)
    if cards is not None:
        return [cards]
    scores = [_heading_score(line, lines) for line in lines[:80]]
    best = max(range(len(scores)), key=lambda index: (scores[index], -index), default=None)
    if best is None or scores[best] < 1.5:
        return []
    chosen = [lines[best]]
    after, before = best + 1, best - 1
    if after < len(scores) and scores[after] >= 1.5 and not _same(lines[after], lines[best]):
        chosen.append(lines[after])
    elif (
        before >= 0
        and scores[before] >= 1.5
        and len(distinct(lines[before])) > 1
        and not _same(lines[before], lines[best])
    ):
        chosen.insert(0, lines[before])
    elif after < len(lines) and _repeats_above(lines[best], lines[after]):
        chosen.append(lines[after])
    return chosen


def _same(one: Line, other: Line) -> bool:
    return [cell.strip() for cell in one.cells] == [cell.strip() for cell in other.cells]


def _repeats_above(first: Line, second: Line) -> bool:
    """A second heading row says again what merged cells above it say, and adds only short words."""
    pairs = [(a.strip(), b.strip()) for a, b in zip(first.cells, second.cells, strict=False) if b.strip()]
    if len(pairs) < 2 or any(len(below) > 40 or EMAIL.search(below) or URL.search(below) for _, below in pairs):
        return False
    merged = sum(above == below for above, below in pairs)
    return merged >= 2 and len(pairs) > merged and any(field_of(below) for above, below in pairs if above != below)


def _heading_score(line: Line, lines: list[Line]) -> float:
    cells = distinct(line)
    if not cells:
        return 0.0
    named = {name for cell in cells if (name := _heading_word(cell))}
    data = sum(
        bool(
            EMAIL.search(cell)
            or URL.search(cell)
            or len(cell) > LONGEST_HEADING
            or (_COUNT.match(cell) and len(cell) > 2)
        )
        for cell in cells
    )
    data += sum(field_of(cell) is None and has_name(tidy(cell)) for cell in cells)
    known = sum(_heading_word(cell) is not None for cell in cells)
    if known < min(2, max(len(lines[0].cells) if lines else 2, 1)) or known < len(cells) * 0.45:
        return 0.0
    again = sum(
        _repeated_below(index, cell.strip(), line, lines) for index, cell in enumerate(line.cells) if cell.strip()
    )
    return known + 0.5 * len(named) - 2.0 * data - 1.5 * again


def _repeated_below(index: int, cell: str, line: Line, lines: list[Line]) -> bool:
    """Values repeat down a column, headings do not (a heading row that is repeated whole does not count)."""
    return any(
        other is not line
        and other.number > line.number + 1
        and index < len(other.cells)
        and other.cells[index].strip() == cell
        and not _same(other, line)
        and len(distinct(other)) > 2
        for other in lines[:200]
    )


def _heading_word(cell: str) -> str | None:
    """A short text that a heading could be: the known word is most of it, not a part of a value."""
    found = field_of(cell)
    folded = fold(cell)
    if found is None:
        return None
    if (
        len(folded) > 14
        and (STRONG.search(folded) or UNIT.search(folded) or TITLE.search(folded))
        and not re.search(r"[/・,、(（\n]|\bname\b|名", folded)
    ):
        return None if len(folded.split()) > 2 or len(folded) > 24 else found[0]
    if re.search(r"\b(?:of|für)\b", folded) and (STRONG.search(folded) or UNIT.search(folded)) and "name" not in folded:
        return None
    return found[0]


def grouping(body: list[Line]) -> int | None:
    """The column of running numbers when each number stands for two or more rows of the sheet."""
    for index in range(min(3, max((len(line.cells) for line in body), default=0))):
        values = [line.cells[index].strip() if index < len(line.cells) else "" for line in body]
        numbers = [value for value in values if value]
        if len(numbers) < 4 or share(numbers, _COUNT.match) < 0.9:
            continue
        runs: list[tuple[str, int]] = []
        for value in values:
            if runs and value in {"", runs[-1][0]}:
                runs[-1] = (runs[-1][0], runs[-1][1] + 1)
            else:
                runs.append((value, 1))
        different = len({value for value, _ in runs}) == len(runs)
        if different and len(runs) > 1 and sum(length > 1 for _, length in runs) > 0.6 * len(runs):
            return index
    return None


def grouped(lines: Iterable[Line], index: int | None, after: int = 0) -> Iterator[Line]:
    """Rows of the sheet that make one row of the list, put together; the number is that of the first."""
    held: Line | None = None
    for line in lines:
        value = line.cells[index].strip() if index is not None and index < len(line.cells) else ""
        if index is None or line.number <= after or not any(cell.strip() for cell in line.cells):
            if held:
                yield held
            held = None
            yield line
        elif held is not None and value in {"", held.cells[index].strip()} and len(distinct(line)) > 1:
            held = _together(held, line)
        else:
            if held:
                yield held
            held = line
    if held:
        yield held


def _together(first: Line, second: Line) -> Line:
    cells = list(first.cells) + [""] * (len(second.cells) - len(first.cells))
    for place, cell in enumerate(second.cells):
        if cell.strip() and cell.strip() != cells[place].strip():
            cells[place] = f"{cells[place]}\n{cell}" if cells[place].strip() else cell
    links = {
        place: [*(first.links or {}).get(place, []), *(second.links or {}).get(place, [])]
        for place in {*(first.links or {}), *(second.links or {})}
    }
    return Line(first.number, cells, links or None, first.section)


def in_two_languages(text: str) -> tuple[str, str] | None:
    """(Japanese, the other) of a text that says the same twice: Japanese words first, then others alone."""
    words = re.split(r"(\s+|/)", text.strip())
    last = max((place for place, word in enumerate(words) if _JAPANESE.search(word)), default=-1)
    first, second = "".join(words[: last + 1]).strip(), "".join(words[last + 1 :]).strip(" /\n")
    return (first, second) if last >= 0 and re.match(r"[A-Za-z]", second) and _JAPANESE.match(first) else None


def share(values: list[str], test: Callable[[str], object]) -> float:
    return sum(bool(test(value)) for value in values) / len(values) if values else 0.0


def looks_like(values: list[str]) -> tuple[str, float] | None:
    """(field, confidence) from the values of a column alone."""
    values = [tidy(plain_addresses(value)) for value in values if not is_nothing(value)][:120]
    if not values:
        return None
    for name, test, least in _TESTS:
        part = share(values, test)
        if part >= least:
            return name, round(part, 2)
    if mean(len(value) for value in values) < 6 and share(values, _COUNT.match) > 0.9:
        return "ignore", 0.8
    return None


def is_latin_name(value: str) -> bool:
    return (
        bool(_LATIN_NAME.match(value))
        and not _NEVER.search(value)
        and not (STRONG.search(value) or UNIT.search(value) or (TITLE.sub("", value) != value and "rof" not in value))
        and script_of(value) is not Script.NONE
    )


def is_kanji_name(value: str) -> bool:
    return (
        bool(_KANJI_NAME.match(value))
        and not (STRONG.search(value) or UNIT.search(value) or TITLE.search(value) or country_code(value))
        and not re.search(r"(?:学|科|術|市|州|国|論|料|工)$", value)
    )


def has_name(value: str) -> bool:
    """Somewhere in the lines or brackets of a cell stands a name."""
    first = re.sub(r"^\(?\d{1,4}[.)]?\s+", "", value.split("\n", maxsplit=1)[0])
    bare = re.sub(r"\s*[(（/].*$", "", first)
    return is_latin_name(bare) or is_kanji_name(bare)


_TESTS: list[tuple[str, Callable[[str], object], float]] = [
    ("orcid", lambda value: ORCID.search(value), 0.6),
    ("email", lambda value: EMAIL.search(value), 0.5),
    ("links", lambda value: URL.search(value), 0.5),
    ("ignore", _COUNT.match, 0.95),
    ("country", country_code, 0.8),
    ("kana", lambda value: _KANA_NAME.match(value) and len(value) < 25, 0.8),
    ("full_name", has_name, 0.7),
    ("title", lambda value: TITLE.search(value) and len(value) < 60 and not STRONG.search(value), 0.6),
    ("institution", STRONG.search, 0.5),
    ("unit", UNIT.search, 0.5),
]
