"""Tables for other programs: what a spreadsheet reads is text, and runs as no formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_WIDTH = 22


def harmless(value: Any) -> Any:
    """A cell that a spreadsheet program would run as a formula gets an apostrophe in front."""
    return f"'{value}" if isinstance(value, str) and value.lstrip(" ").startswith(_FORMULA) else value


def csv_text(rows: Iterable[Iterable[Any]]) -> str:
    """With a byte order mark, which spreadsheet programs need to read Japanese."""
    text = io.StringIO()
    csv.writer(text).writerows([harmless(value) for value in row] for row in rows)
    return "\ufeff" + text.getvalue()


def write_csv(path: Path, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """As ``csv_text``, row by row into a file. Returns the number of rows below the headings."""
    number = 0
    with path.open("w", encoding="utf-8-sig", errors="replace", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headings)
        for row in rows:
            writer.writerow([harmless(value) for value in row])
            number += 1
    return number


def write_xlsx(path: Path, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Row by row, in memory that does not grow. Everything is text: a spreadsheet makes no date or number of it."""
    number = 0
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True, "bottom": 1})
        sheet.set_column(0, len(headings) - 1, _WIDTH)
        sheet.freeze_panes(1, 0)
        for column, heading in enumerate(headings):
            sheet.write_string(0, column, heading, bold)
        for number, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                if value:
                    sheet.write_string(number, column, str(value)[:32_000])
    return number
