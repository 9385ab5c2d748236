"""Entries in running text: institutions as headings, a few lines per person."""

import re
from statistics import median

from crm.core.names.scripts import tidy
from crm.imports.reading.affiliation import STRONG, UNIT, joined, split_affiliation
from crm.imports.reading.headings import field_of
from crm.imports.reading.pdf.lines import Sheet, TextLine, in_lines
from crm.imports.reading.pdf.unruled import _is_margin
from crm.imports.reading.profile import COLUMNS, Piece, looks_like_entry, profile
from crm.imports.reading.shapes import Grid, Line
from crm.imports.reading.values import EMAIL, URL, country_code
from crm.imports.reading.words import alternatives

_BULLET = re.compile(r"^\s*(?:[•●・■◆○▪➢►‣–\uf0b7*-]|\(?\d{1,3}[.)])\s*")
_DATED = re.compile(rf"{alternatives('dated')}.*\d{{4}}", re.IGNORECASE)
_LABEL = re.compile(r"^\s*([^:：]{1,30}?)\s*[:：]")


def read_running(sheets: list[Sheet]) -> list[Grid]:
    lines = [
        line
        for sheet in sheets
        for line in _in_reading_order([line for line in sheet.lines if not _is_margin(line, sheet)], sheet)
    ]
    if not lines:
        return []
    ordinary = median(line.size for line in lines)
    right = _right_edges([line for line in lines if line.size <= ordinary * 1.08] or lines)
    grid_lines: list[Line] = []
    pieces: list[Piece] = []
    section: list[str] = []
    full = False
    for line in [*lines, None]:
        text = _BULLET.sub("", tidy(line.text)) if line else ""
        starts = line is not None and _starts_entry(line, text) and not (full and pieces and _is_bare(line, text))
        heading = (
            line is not None
            and not starts
            and _is_heading(line, text, ordinary, bool(pieces) and (full or _only_named(pieces)))
        )
        if line is None or starts or heading:
            _close(pieces, section, grid_lines)
            pieces = []
        if line is None:
            break
        if heading:
            section = [*_places(section), text] if not grid_lines_since(grid_lines, section) else [text]
        elif starts:
            pieces = [Piece(text, line.links)]
        elif pieces:
            _continue(pieces, text, line, full)
        edge = right.get(int(line.x0 // 60), line.x1)
        full = line.x1 > edge - 0.16 * (edge - line.x0)
    return [Grid("", grid_lines, fields=list(COLUMNS), wrapped=True)] if len(grid_lines) > 1 else []


def _in_reading_order(lines: list[TextLine], sheet: Sheet) -> list[TextLine]:
    """A page set in two columns is read down the left one, then down the right one."""
    gutter = _gutter(lines, sheet)
    if gutter is None:
        return lines
    whole = [
        line for line in lines if any(word.x0 < gutter < word.x1 for word in line.words) or not _has_gap(line, gutter)
    ]
    left, right = [], []
    for line in lines:
        if line not in whole:
            left.extend(in_lines([word for word in line.words if word.x1 <= gutter]))
            right.extend(in_lines([word for word in line.words if word.x0 >= gutter]))
    return [*whole, *(_across(left, right) or [*left, *right])]


def _across(left: list[TextLine], right: list[TextLine]) -> list[TextLine] | None:
    """Cards side by side: white runs over both columns, and below it both start with a person."""
    ordered: list[TextLine] = []
    bands: list[list[TextLine]] = []
    bottom = float("-inf")
    for line in sorted([*left, *right], key=lambda line: line.top):
        if line.top - bottom > 0.6 * line.size:
            bands.append([])
        bands[-1].append(line)
        bottom = max(bottom, line.bottom)
    beside = [id(line) for line in right]
    paired = 0
    for band in bands:
        sides = [line for line in band if id(line) not in beside], [line for line in band if id(line) in beside]
        starts = [_starts_entry(side[0], tidy(side[0].text)) for side in sides if side]
        if len(starts) == 2 and not all(starts):
            return None
        paired += len(starts) == 2
        ordered.extend([*sides[0], *sides[1]])
    return ordered if paired >= 1 and paired >= 0.6 * len(bands) else None


def _right_edges(lines: list[TextLine]) -> dict[int, float]:
    """How far lines that start near one place run."""
    edges: dict[int, float] = {}
    for line in lines:
        bucket = int(line.x0 // 60)
        edges[bucket] = max(edges.get(bucket, 0.0), line.x1)
    return edges


def _has_gap(line: TextLine, gutter: float) -> bool:
    before = [word.x1 for word in line.words if word.x1 <= gutter]
    after = [word.x0 for word in line.words if word.x0 >= gutter]
    return not before or not after or min(after) - max(before) > 1.2 * line.size


def _gutter(lines: list[TextLine], sheet: Sheet) -> float | None:
    best, most = None, 0.0
    for place in range(int(sheet.width * 0.35), int(sheet.width * 0.65), 3):
        crossing = sum(
            any(word.x0 - 3 < place < word.x1 + 3 for word in line.words) or not _has_gap(line, place) for line in lines
        )
        left = sum(line.x0 < place for line in lines)
        right = sum(line.words[-1].x0 > place for line in lines)
        both = min(left, right) - 6 * crossing
        if both > most and min(left, right) > 0.25 * len(lines):
            best, most = float(place), both
    return best


def _only_named(pieces: list[Piece]) -> bool:
    """Nothing is told yet of the person just begun: what comes next is theirs."""
    return len(pieces) == 1 and not looks_like_entry(pieces)


def _places(section: list[str]) -> list[str]:
    """Headings of countries stay above those of institutions; the title of the page does not."""
    return [text for text in section if country_code(text)]


def grid_lines_since(lines: list[Line], section: list[str]) -> bool:
    return bool(lines) and lines[-1].section == "\n".join(section)


def _starts_entry(line: TextLine, text: str) -> bool:
    if _labelled(text) or EMAIL.search(text) or URL.search(text) or _DATED.search(text):
        return False
    marked = _leading_bold(line)
    return looks_like_entry([Piece(text, marked=marked), Piece("x")])


def _is_bare(line: TextLine, text: str) -> bool:
    """A few characters after a full line are its end, unless something marks them as a name."""
    return not line.bold and _leading_bold(line) is None and not re.search(r"[(（,、/|]", text)


def _leading_bold(line: TextLine) -> str | None:
    bold = []
    for word in line.words:
        if not word.bold:
            break
        bold.append(word.text)
    return " ".join(bold) if bold and len(bold) < len(line.words) else None


def _labelled(text: str) -> bool:
    found = _LABEL.match(text)
    return bool(found and field_of(found.group(1)))


def _is_heading(line: TextLine, text: str, ordinary: float, in_middle: bool) -> bool:
    if _labelled(text) or EMAIL.search(text) or URL.search(text) or len(text) > 110:
        return False
    found = split_affiliation(text)
    place = bool(
        found.country or (found.institution and STRONG.search(found.institution)) or (found.city and found.city == text)
    )
    loud = line.size > ordinary * 1.08 or line.bold
    return (loud and (place or line.size > ordinary * 1.08)) or (
        place
        and not in_middle
        and not found.title
        and not found.unit
        and not text[:1].islower()
        and (STRONG.match(text) is not None or "(" in text or "（" in text or found.country is not None)
    )


def _continue(pieces: list[Piece], text: str, line: TextLine, full: bool) -> None:
    """A line that goes on where the last one was full, or a line of its own."""
    before = pieces[-1].text
    wraps = (
        not _labelled(text)
        and not URL.match(text)
        and not EMAIL.search(text)
        and (text[:1].islower() or full or before.endswith(("-", ",", "、")))
    )
    if wraps:
        pieces[-1].text = joined(before, text)
        pieces[-1].hrefs = [*pieces[-1].hrefs, *line.links]
    else:
        pieces.append(Piece(text, line.links))


def _close(pieces: list[Piece], section: list[str], lines: list[Line]) -> None:
    if not pieces:
        return
    cells, links = profile(pieces, any(STRONG.search(text) or UNIT.search(text) for text in section))
    lines.append(
        Line(len(lines) + 1, cells, {COLUMNS.index("links"): links} if links else None, "\n".join(section) or None)
    )
