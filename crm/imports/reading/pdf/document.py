"""A PDF to grids: which of the three shapes its pages have."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfminer.pdfexceptions import PDFException
from pdfminer.pdftypes import resolve1
from pdfminer.psexceptions import PSException
from pdfplumber.pdf import PDF
from pdfplumber.utils.exceptions import PdfminerException

from crm.imports.reading.errors import Unreadable
from crm.imports.reading.pdf.lines import Sheet, sheet_of
from crm.imports.reading.pdf.ruled import read_ruled
from crm.imports.reading.pdf.running import read_running
from crm.imports.reading.pdf.unruled import read_unruled
from crm.imports.reading.shapes import Grid, Line
from crm.imports.reading.tabular import find_header

MOST_PAGES = 300
logging.getLogger("pdfminer").setLevel(logging.ERROR)


def read_pdf(path: Path) -> list[Grid]:
    with _opened(path) as pdf:
        sheets = []
        ruled: list[list[Grid]] = []
        for page in pdf.pages:
            sheets.append(sheet_of(page))
            ruled.append(read_ruled(page))
            page.close()
    _refuse_pictures(sheets)
    grids = join_pages([grid for page in ruled for grid in page])
    if not _covers(grids, sheets):
        unruled = read_unruled(sheets)
        headed = [grid for grid in unruled if find_header(grid.head(60))]
        grids = [*(headed or []), *read_running(sheets), *(unruled if not headed else []), *grids]
    context = [line.text for line in sheets[0].lines[:4]]
    for grid in grids:
        grid.context = [*grid.context, *context]
    return grids


@contextmanager
def _opened(path: Path) -> Iterator[PDF]:
    try:
        with path.open("rb") as file:
            pdf = pdfplumber.open(file)  # to close it would read all its pages, also where they are too many
            pages = resolve1(resolve1(pdf.doc.catalog.get("Pages")) or {}).get("Count", 0)
            if isinstance(pages, int) and pages > MOST_PAGES:
                raise Unreadable("too_many_pages", count=pages, limit=MOST_PAGES)
            yield pdf
    except PdfminerException as broken:
        reason = broken.args[0] if broken.args else None
        if isinstance(reason, MemoryError):
            raise reason from broken
        raise Unreadable("encrypted" if isinstance(reason, PDFPasswordIncorrect) else "damaged") from broken
    except PDFPasswordIncorrect as locked:
        raise Unreadable("encrypted") from locked
    except (
        PDFException,
        PSException,
        KeyError,
        TypeError,
        IndexError,
        AttributeError,
        ValueError,
        AssertionError,
    ) as broken:
        raise Unreadable("damaged") from broken


def _refuse_pictures(sheets: list[Sheet]) -> None:
    """Pages without text, or with text in codes nobody can read."""
    text = "".join(line.text for sheet in sheets for line in sheet.lines)
    if sum(not character.isspace() for character in text) < 20 or text.count("(cid:") * 6 > len(text) * 0.3:
        raise Unreadable("scanned")


def _covers(grids: list[Grid], sheets: list[Sheet]) -> bool:
    """The ruled tables hold most of the text of the pages."""
    inside = sum(len(cell) for grid in grids for line in grid.lines for cell in set(line.cells))
    return inside > 0.55 * sum(len(line.text.replace(" ", "")) for sheet in sheets for line in sheet.lines)


def join_pages(grids: list[Grid]) -> list[Grid]:
    """Tables of the same width on following pages are one table; a row cut by the page end is put together."""
    joined: list[Grid] = []
    for grid in grids:
        lines = list(grid.lines)
        last = joined[-1] if joined else None
        if last is None or _width(list(last.lines)) != _width(lines):
            joined.append(Grid(grid.name, lines, wrapped=True))
            continue
        held = list(last.lines)
        _bridge(held, lines)
        held.extend(lines)
        last.lines = held
    for grid in joined:
        for number, line in enumerate(grid.lines, start=1):
            line.number = number
    return joined


def _bridge(before: list[Line], after: list[Line]) -> None:
    """A merged cell cut by the page end shows its text on one of the pages only."""
    heading = [cell.strip() for cell in before[0].cells]
    body = [line for line in after if [cell.strip() for cell in line.cells] != heading]
    for column in range(len(heading)):
        texts = [line.cells[column] for line in before[1:]]
        repeats = sum(bool(one) and one == two for one, two in pairwise(texts))
        if not body or repeats < 0.4 * len(texts):
            continue
        if not body[0].cells[column] and texts[-1]:
            _fill(body, column, texts[-1])
        elif body[0].cells[column] and not texts[-1]:
            _fill(before[:0:-1], column, body[0].cells[column])


def _fill(lines: list[Line], column: int, text: str) -> None:
    for line in lines:
        if line.cells[column]:
            break
        line.cells[column] = text


def _width(lines: list[Line]) -> int:
    return max((len(line.cells) for line in lines), default=0)
