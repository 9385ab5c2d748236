"""XLSX, XLS and ODS. Merged cells show their value in each of their places; link addresses come with their cells."""

import datetime
import posixpath
import zipfile
from pathlib import Path

from lxml import etree
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from crm.core.names.scripts import strip_controls
from crm.imports.reading.delimited import MOST_COLUMNS, MOST_ROWS
from crm.imports.reading.errors import Unreadable
from crm.imports.reading.shapes import Grid, Line

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
Links = dict[tuple[int, int], str]


def read_workbook(path: Path, kind: str) -> list[Grid]:
    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            links = _links(path) if kind == "xlsx" else {}
            grids = [
                _grid(
                    book.get_sheet_by_name(sheet.name),
                    sheet.visible == SheetVisibleEnum.Visible,
                    links.get(sheet.name, {}),
                )
                for sheet in book.sheets_metadata
            ]
    except PasswordError as locked:
        raise Unreadable("encrypted") from locked
    except (CalamineError, OSError, ValueError) as broken:
        raise Unreadable("encrypted" if "assword" in str(broken) or "ncrypt" in str(broken) else "damaged") from broken
    return [grid for grid in grids if grid.lines]


def _grid(sheet: CalamineSheet, visible: bool, links: Links) -> Grid:
    if sheet.start is None or sheet.end is None:
        return Grid(sheet.name, [], hidden=not visible)
    if sheet.total_height > MOST_ROWS:
        raise Unreadable("too_many_rows", limit=MOST_ROWS)
    rows = sheet.to_python(skip_empty_area=False)
    used = max((i for row in rows[:500] for i, cell in enumerate(row, 1) if cell not in ("", None)), default=0)
    if used > MOST_COLUMNS:
        raise Unreadable("too_many_columns", count=used, limit=MOST_COLUMNS)
    lines = [Line(number, [show(cell) for cell in row[:MOST_COLUMNS]]) for number, row in enumerate(rows, start=1)]
    for (top, left), (bottom, right) in _merged(sheet):
        for row_index in range(top, min(bottom + 1, len(lines))):
            cells = lines[row_index].cells
            cells[left : right + 1] = [lines[top].cells[left]] * len(cells[left : right + 1])
    for (row_index, column), target in links.items():
        if row_index < len(lines):
            lines[row_index].links = {**(lines[row_index].links or {}), column: [target]}
    return Grid(sheet.name, lines, hidden=not visible)


def _merged(sheet: CalamineSheet) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    try:
        return list(sheet.merged_cell_ranges or [])
    except (CalamineError, ValueError, NotImplementedError):
        return []


def show(value: object) -> str:
    """A cell as the sheet shows it: whole numbers without a point, dates in ISO form."""
    if isinstance(value, str):
        return value if value.isascii() and value.isprintable() else strip_controls(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ")
    return "" if value is None else str(value)


def _links(path: Path) -> dict[str, Links]:
    """Addresses behind cells, per sheet: the spreadsheet reader does not give them."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    found: dict[str, Links] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            targets = _relations(archive, "xl/_rels/workbook.xml.rels", parser)
            book = etree.fromstring(archive.read("xl/workbook.xml"), parser)
            for sheet in book.iter(f"{_MAIN}sheet"):
                part = posixpath.normpath(posixpath.join("xl", targets.get(sheet.get(f"{_REL}id", ""), "")))
                rels = posixpath.join(posixpath.dirname(part), "_rels", posixpath.basename(part) + ".rels")
                if part.lstrip("/") in names and rels in names:
                    found[sheet.get("name", "")] = _sheet_links(archive, part, _relations(archive, rels, parser))
    except (KeyError, etree.XMLSyntaxError, zipfile.BadZipFile):
        return found
    return found


def _relations(archive: zipfile.ZipFile, name: str, parser: etree.XMLParser) -> dict[str, str]:
    return {
        rel.get("Id", ""): rel.get("Target", "").removeprefix("/xl/")
        for rel in etree.fromstring(archive.read(name), parser)
    }


def _sheet_links(archive: zipfile.ZipFile, part: str, targets: dict[str, str]) -> Links:
    links: Links = {}
    with archive.open(part) as file:
        for _, element in etree.iterparse(
            file, tag=(f"{_MAIN}hyperlink", f"{_MAIN}row"), resolve_entities=False, no_network=True
        ):
            target = targets.get(element.get(f"{_REL}id", ""))
            if target and element.tag == f"{_MAIN}hyperlink":
                links[_place(element.get("ref", "A1").partition(":")[0])] = target
            element.clear()
    return links


def _place(reference: str) -> tuple[int, int]:
    letters = reference.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(reference[len(letters) :] or 1) - 1, column - 1
