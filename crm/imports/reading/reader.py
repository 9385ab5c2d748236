"""One door for all kinds of files."""

from pathlib import Path

from crm.imports.reading.cards import read_cards
from crm.imports.reading.delimited import read_delimited
from crm.imports.reading.errors import Unreadable
from crm.imports.reading.html import read_html
from crm.imports.reading.shapes import Grid, Reading
from crm.imports.reading.sheets import read_workbook
from crm.imports.reading.sniff import extension_lies, sniff


def read(path: Path, name: str, encoding: str | None = None) -> Reading:
    """The grids of a file. `encoding` is the user's word, for texts only. Raises Unreadable."""
    kind = sniff(path)
    used: str | None = None
    grids: list[Grid]
    if kind in {"xlsx", "xls", "ods"}:
        grids = read_workbook(path, kind)
    elif kind == "pdf":
        from crm.imports.reading.pdf import read_pdf  # noqa: PLC0415 (a fifth of what each reading process loads)

        grids = read_pdf(path)
    elif kind == "html":
        grids, used = read_html(path, encoding)
    elif kind == "vcard":
        grids, used = read_cards(path, encoding)
    else:
        grids, used = read_delimited(path, encoding)
    if not grids:
        raise Unreadable("no_rows")
    notes = ["extension"] if extension_lies(name, kind) else []
    notes += ["hidden_sheets"] if any(grid.hidden for grid in grids) else []
    return Reading(name, kind, used, grids, notes)
