"""Tables without rules: columns are where the white runs down the pages, rows where it is widest across."""

import itertools
import re
from collections import Counter
from dataclasses import dataclass

from crm.imports.reading.headings import field_of
from crm.imports.reading.pdf.lines import Sheet, TextLine, Word, spaced
from crm.imports.reading.pdf.rows import gap_limits, row_starts
from crm.imports.reading.shapes import Grid, Line

_NOTE = re.compile(r"(?:[*＊※†‡]|注)\d?\s|(?:合計|総計|計|total|summe|gesamt)\s*[:：]?\s*\d+\b", re.IGNORECASE)


@dataclass(slots=True)
class _Row:
    """Text lines of one row of a page, or one free line that is no row."""

    lines: list[TextLine]
    free: bool = False


def read_unruled(sheets: list[Sheet]) -> list[Grid]:
    """At most one grid, over all pages: it starts at the heading where one is found."""
    heading = _heading(sheets)
    if heading is None:
        return []
    running = _running(sheets, heading)
    body = [
        [line for line in sheet.lines if not _is_margin(line, sheet) and _place(line) not in running]
        for sheet in sheets
    ]
    first = next(index for index, sheet in enumerate(sheets) if heading in sheet.lines)
    body[first] = [line for line in body[first] if line.top >= heading.top - 1]
    body = [[] if index < first else lines for index, lines in enumerate(body)]
    columns = _columns([line for lines in body for line in lines], heading)
    if len(columns) < 2:
        return []
    limits = gap_limits(body)
    grid_lines = [Line(0, [line.text]) for line in _above(sheets[first], heading)]
    for sheet, lines in zip(sheets, body, strict=True):
        rows = _rows(lines, columns, sheet, heading, limits)
        at_top = next((row for row in rows if row.lines[0].text != heading.text), None)
        for row in rows:
            _add(row, columns, grid_lines)
            if row is at_top and len(grid_lines) > 2:
                mend_cut(grid_lines, heading.text)
    for number, line in enumerate(grid_lines, start=1):
        line.number = number
    return [Grid("", grid_lines, wrapped=True)]


def _is_margin(line: TextLine, sheet: Sheet) -> bool:
    """Page numbers and the browser's own head and foot lines."""
    at_edge = line.bottom < sheet.height * 0.045 or line.top > sheet.height * 0.955
    return at_edge or (
        line.top > sheet.height * 0.92 and len(line.text.strip(" -–—/")) < 8 and any(c.isdigit() for c in line.text)
    )


def _running(sheets: list[Sheet], heading: TextLine) -> set[tuple[str, int]]:
    """Head and foot lines: the same words at the same height near the edge of two pages or more, numbers apart."""
    found = Counter(
        _place(line)
        for sheet in sheets
        for line in sheet.lines
        if not sheet.height * 0.12 < line.top < sheet.height * 0.88 and line.text != heading.text
    )
    return {place for place, times in found.items() if times > 1}


def _place(line: TextLine) -> tuple[str, int]:
    return re.sub(r"\d+", "0", line.text), round(line.top / 3)


def segments(line: TextLine, least: float = 0.0) -> list[list[Word]]:
    """Words with no more than about two spaces between them."""
    parts: list[list[Word]] = [[line.words[0]]]
    for before, word in zip(line.words, line.words[1:], strict=False):
        if word.x0 - before.x1 > max(least, 0.62 * word.size):
            parts.append([word])
        else:
            parts[-1].append(word)
    return parts


def _heading(sheets: list[Sheet]) -> TextLine | None:
    """The first line with most heading words in parts of their own."""
    best, most = None, 1.5
    for sheet in sheets[:3]:
        for line in sheet.lines:
            texts = [" ".join(word.text for word in part) for part in segments(line)]
            known = sum(field_of(text) is not None and len(text) < 40 for text in texts)
            score = known - 0.8 * (len(texts) - known)
            if len(texts) > 1 and score > most:
                best, most = line, score
    return best


def _above(sheet: Sheet, heading: TextLine) -> list[TextLine]:
    """What stands close above the table, and may say of whom it is."""
    above = [line for line in sheet.lines if line.bottom <= heading.top + 1 and not _is_margin(line, sheet)]
    close = (line for line in above[-3:] if heading.top - line.bottom < 5 * line.size)
    return [line for line in close if len(segments(line)) == 1 and field_of(line.text) is None]


def _columns(lines: list[TextLine], heading: TextLine) -> list[tuple[float, float]]:
    """(left, right) of each column from the white that almost no line crosses."""
    telling = [line for line in lines if len(segments(line)) > 1 or line is heading]
    if not telling:
        return []
    left, right = int(min(line.x0 for line in telling)) - 1, int(max(line.x1 for line in telling)) + 2
    crossed = [0] * (right - left + 1)
    for line in telling:
        for start, end in _spans(line, len(telling) >= 12):
            for place in range(int(start + 0.5) - left, int(end + 0.5) - left + 1):
                crossed[min(place, right - left)] += 1
    allowed = max(1 if len(telling) > 20 else 0, int(len(telling) * 0.02))  # a note below crosses the columns
    starts = [word.x0 for word in heading.words]
    rivers = _rivers(crossed, left, allowed)
    edges = [float(left), *[middle for middle, width in rivers if width >= 1.5], float(right)]
    columns = [pair for pair in itertools.pairwise(edges) if pair[1] - pair[0] > 4]
    return _with_headings(columns, starts)


def _spans(line: TextLine, many: bool) -> list[tuple[float, float]]:
    """Where a line is black: by words where there are lines enough to tell white columns from single spaces."""
    if many:
        return [(word.x0, word.x1) for word in line.words]
    return [(part[0].x0, part[-1].x1) for part in segments(line)]


def _rivers(crossed: list[int], left: int, allowed: int) -> list[tuple[float, int]]:
    rivers, start = [], None
    for place, count in enumerate([*crossed, allowed + 1]):
        if count <= allowed and start is None:
            start = place
        elif count > allowed and start is not None:
            if start > 1:
                rivers.append((left + place - 1.0 if place - start < 4 else left + (start + place) / 2, place - start))
            start = None
    return rivers


def _with_headings(columns: list[tuple[float, float]], starts: list[float]) -> list[tuple[float, float]]:
    """A column without a heading of its own belongs to the one before it, when there are headings enough."""
    kept: list[tuple[float, float]] = []
    for left, right in columns:
        headed = any(left - 2 <= start < right for start in starts)
        if kept and not headed:
            kept[-1] = (kept[-1][0], right)
        else:
            kept.append((left, right))
    return kept


def _rows(
    lines: list[TextLine],
    columns: list[tuple[float, float]],
    sheet: Sheet,
    heading: TextLine,
    limits: list[float],
) -> list[_Row]:
    if not lines:
        return []
    rules = [rule for rule in sheet.rules if lines[0].top - 20 < rule < lines[-1].bottom + 20]
    if len(rules) >= 4 and len(rules) >= 0.15 * len(lines):
        return _between(lines, rules, columns, heading)
    repeated = {place for place, line in enumerate(lines) if line.text == heading.text}
    starts = row_starts(lines, [_filled(line, columns) for line in lines], len(columns), limits)
    groups = [[lines[0]]]
    for place, line in enumerate(lines[1:], start=1):
        if (
            starts[place]
            or _is_note(line)
            or place in repeated
            or (
                place - 1 in repeated
                and line.text != heading.text
                and lines[0].text == heading.text
                and line is lines[1]
                and line is not heading
            )
        ):
            groups.append([line])
        else:
            groups[-1].append(line)
    return [_Row(group, len(group) == 1 and _is_free(group[0], columns)) for group in groups]


def _between(
    lines: list[TextLine], rules: list[float], columns: list[tuple[float, float]], heading: TextLine
) -> list[_Row]:
    groups: dict[tuple[int, bool], list[TextLine]] = {}
    for line in sorted(lines, key=lambda line: (line.top, line.text != heading.text)):
        middle = (line.top + line.bottom) / 2
        groups.setdefault((sum(rule < middle for rule in rules), line.text == heading.text), []).append(line)
    return [_Row(group, len(group) == 1 and _is_free(group[0], columns)) for group in groups.values()]


def _is_note(line: TextLine) -> bool:
    return _NOTE.match(line.text) is not None


def _is_free(line: TextLine, columns: list[tuple[float, float]]) -> bool:
    """One run of text that crosses from its column into the next, or a note below the table."""
    parts = segments(line)
    column = _column_of(parts[0][0], columns)
    if _is_note(line):
        return len(_filled(line, columns)) < len(columns)
    return len(parts) == 1 and line.x1 > columns[column][1] + 2 and column + 1 < len(columns)


def _filled(line: TextLine, columns: list[tuple[float, float]]) -> set[int]:
    return {_column_of(word, columns) for word in line.words}


def _column_of(word: Word, columns: list[tuple[float, float]]) -> int:
    middle = (word.x0 + word.x1) / 2
    inside = [index for index, (left, right) in enumerate(columns) if left - 1 <= middle < right]
    return inside[0] if inside else (0 if middle < columns[0][0] else len(columns) - 1)


def _add(row: _Row, columns: list[tuple[float, float]], lines: list[Line]) -> None:
    if row.free:
        lines.append(Line(0, [row.lines[0].text]))
        return
    cells = [""] * len(columns)
    links: dict[int, list[str]] = {}
    for line in row.lines:
        in_cells: dict[int, list[Word]] = {}
        for word in line.words:
            in_cells.setdefault(_column_of(word, columns), []).append(word)
        for index, words in in_cells.items():
            text = spaced(words)
            cells[index] = f"{cells[index]}\n{text}" if cells[index] else text
            for word in words:
                links.setdefault(index, []).extend(link for link in word.links if link not in links.get(index, []))
    lines.append(Line(0, cells, {index: found for index, found in links.items() if found} or None))


def mend_cut(lines: list[Line], heading: str) -> None:
    """A row that the page end cut in two: what starts a page without its steady columns goes back up."""
    place = len(lines) - 2
    while place > 0 and " ".join(lines[place].cells).replace("\n", " ") == heading:
        place -= 1
    rows = [line for line in lines[:place] if len(line.cells) > 1]
    cut, before = lines[-1], lines[place]
    if len(rows) < 3 or len(cut.cells) < 2 or len(before.cells) != len(cut.cells):
        return
    steady = [index for index in range(len(cut.cells)) if sum(bool(row.cells[index]) for row in rows) > 0.9 * len(rows)]
    missing = sum(not cut.cells[index] for index in steady)
    if steady and missing > len(steady) / 2:
        before.cells = ["\n".join(part for part in pair if part) for pair in zip(before.cells, cut.cells, strict=True)]
        before.links = {**(before.links or {}), **(cut.links or {})} or None
        lines.pop()
