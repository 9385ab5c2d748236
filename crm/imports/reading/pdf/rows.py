"""Where the rows of a table without rules begin: by the white between them, else by the column that each row has."""

import itertools
from statistics import median

from crm.imports.reading.pdf.lines import TextLine


def gap_limits(pages: list[list[TextLine]]) -> list[float]:
    """Over all pages."""
    return _limits([gap for lines in pages for gap in _gaps(lines)], [line for lines in pages for line in lines])


def _gaps(lines: list[TextLine]) -> list[float]:
    """The white above each line but the first."""
    return [
        after.top - max(line.bottom for line in lines[max(0, place - 2) : place + 1])
        for place, after in enumerate(lines[1:])
    ]


def row_starts(lines: list[TextLine], filled: list[set[int]], count: int, limits: list[float]) -> list[bool]:
    """For each line, whether a row starts with it: the least white between rows is tried first. `filled` are the
    columns that each line has something in, `limits` those of all pages, for one with few lines.
    """
    gaps = _gaps(lines)
    for limit in [*_limits(gaps, lines), *limits]:
        by_gap = [True, *(gap > limit for gap in gaps)]
        if _complete(by_gap, filled, count):
            return by_gap
    anchor = _anchor(filled, count, lines)
    return [True, *(anchor in columns_filled for columns_filled in filled[1:])]


def _complete(starts: list[bool], filled: list[set[int]], count: int) -> bool:
    """Most columns have something in nearly each of these rows."""
    rows: list[set[int]] = []
    for start, columns in zip(starts, filled, strict=True):
        if start:
            rows.append(set())
        rows[-1] |= columns
    rows = [row for row in rows if len(row) > 1] or rows  # not those that say whose rows follow
    steady = sum(sum(index in row for row in rows) >= 0.8 * len(rows) for index in range(count))
    return steady >= 0.6 * count


def _limits(gaps: list[float], lines: list[TextLine]) -> list[float]:
    """Between the white inside rows and that between rows, wherever there seem to be two kinds of it; least first."""
    if len(gaps) < 3:
        return []
    ordered = sorted(gaps)
    size = median(line.size for line in lines)
    return [
        (after + before) / 2
        for place, (before, after) in enumerate(itertools.pairwise(ordered), start=1)
        if len(ordered) * 0.97 > place <= len(ordered) - max(2, len(ordered) * 0.08)
        and after - before > 0.14 * size
        and after + before < 5 * size
    ]


def _anchor(filled: list[set[int]], count: int, lines: list[TextLine]) -> int:
    """The column that has one line in each row: running numbers, or what full lines all have and others seldom."""
    first = [line.words[0].text.strip(".)") for line, places in zip(lines, filled, strict=True) if 0 in places]
    if sum(text.isdigit() for text in first) > 0.7 * len(first) and len(first) > 3:
        return 0
    full = [columns_filled for columns_filled in filled if len(columns_filled) >= max(2, count * 0.8)] or filled
    steady = [index for index in range(count) if sum(index in found for found in full) >= 0.9 * len(full)] or [0]
    return min(steady, key=lambda index: sum(index in found for found in filled))
