"""Tables with rules: cells as drawn, a merged cell's text in each of its rows."""

import itertools
from dataclasses import dataclass

from pdfplumber.page import Page
from pdfplumber.table import Table

from crm.core.names.scripts import strip_controls, unradical
from crm.imports.reading.delimited import MOST_COLUMNS
from crm.imports.reading.errors import Unreadable
from crm.imports.reading.pdf.lines import Box
from crm.imports.reading.shapes import Grid, Line


@dataclass(slots=True)
class _Cell:
    box: Box
    text: str
    links: list[str]


def read_ruled(page: Page) -> list[Grid]:
    """One grid per ruled table of at least two columns and two rows."""
    if len(page.edges) < 6:
        return []
    grids = []
    for table in page.find_tables(
        {"snap_tolerance": 3, "join_tolerance": 3, "intersection_tolerance": 4, "text_x_tolerance": 2}
    ):
        if len(table.rows) >= 2 and len(_edges(table, 0)) > 2:
            grids.append(Grid("", _lines(page, table), wrapped=True))
    return grids


def _lines(page: Page, table: Table) -> list[Line]:
    lefts, tops = _edges(table, 0), _edges(table, 1)
    if len(lefts) - 1 > MOST_COLUMNS:
        raise Unreadable("too_many_columns", count=len(lefts) - 1, limit=MOST_COLUMNS)
    cells = [_read(page, box) for box in [*table.cells, *_open_ended(table, lefts, tops)]]
    lines: list[Line] = []
    for top, bottom in itertools.pairwise(tops):
        found = [_at(cells, (left + right) / 2, (top + bottom) / 2) for left, right in itertools.pairwise(lefts)]
        links = {index: cell.links for index, cell in enumerate(found) if cell and cell.links}
        lines.append(Line(len(lines) + 1, [cell.text if cell else "" for cell in found], links or None))
    return lines


def _open_ended(table: Table, lefts: list[float], tops: list[float]) -> list[Box]:
    """Merged cells cut by the end of the page have no rule below: places in a column that no cell covers."""
    boxes: list[Box] = []
    for left, right in itertools.pairwise(lefts):
        start: float | None = None
        for top, bottom in itertools.pairwise(tops):
            x, y = (left + right) / 2, (top + bottom) / 2
            covered = any(box[0] <= x <= box[2] and box[1] <= y <= box[3] for box in table.cells)
            if not covered and start is None:
                start = top
            if start is not None and (covered or bottom == tops[-1]):
                boxes.append((left, start, right, top if covered else bottom))
                start = None
    return boxes


def _edges(table: Table, axis: int) -> list[float]:
    """The places of the rules, those closer than two points taken as one."""
    edges: list[float] = []
    for place in sorted({box[axis] for box in table.cells} | {box[axis + 2] for box in table.cells}):
        if not edges or place - edges[-1] > 2:
            edges.append(place)
    return edges


def _read(page: Page, box: Box) -> _Cell:
    cropped = page.crop(_inside(page, box))
    text = cropped.extract_text(x_tolerance_ratio=0.18, y_tolerance=2.5) or ""
    middle = [
        link
        for link in page.hyperlinks
        if box[0] <= (link["x0"] + link["x1"]) / 2 <= box[2] and box[1] <= (link["top"] + link["bottom"]) / 2 <= box[3]
    ]
    return _Cell(
        box,
        unradical(strip_controls(text)),
        list(dict.fromkeys(str(link["uri"]) for link in middle if link.get("uri"))),
    )


def _inside(page: Page, box: Box) -> Box:
    left, top, right, bottom = page.bbox
    return max(box[0], left), max(box[1], top), min(box[2], right), min(box[3], bottom)


def _at(cells: list[_Cell], x: float, y: float) -> _Cell | None:
    return next((cell for cell in cells if cell.box[0] <= x <= cell.box[2] and cell.box[1] <= y <= cell.box[3]), None)
