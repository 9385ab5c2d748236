"""Tables: spans filled in, the heading above each table kept, tables for layout left out."""

import re

from lxml import html

from crm.core.names.scripts import tidy
from crm.imports.reading.affiliation import STRONG
from crm.imports.reading.delimited import MOST_COLUMNS
from crm.imports.reading.errors import Unreadable
from crm.imports.reading.headings import field_of
from crm.imports.reading.html.text import BLOCKS, text_of
from crm.imports.reading.shapes import Grid, Line


def read_tables(root: html.HtmlElement) -> list[tuple[html.HtmlElement, Grid]]:
    """One grid per table that holds no other table; numbers run on over the page."""
    grids: list[tuple[html.HtmlElement, Grid]] = []
    number = 0
    for table in root.iter("table"):
        if next(table.iterdescendants("table"), None) is not None:
            continue
        lines = _lines(table, number)
        if not lines:
            continue
        if _is_card(lines):
            number = lines[-1].number
            continue
        section, caption = _heading_above(table), table.find("caption")
        number = lines[-1].number
        for line in lines:
            line.section = section
        grids.append((table, Grid(section or "", lines, [text_of(caption)[0]] if caption is not None else [])))
    return grids


def _is_card(lines: list[Line]) -> bool:
    """A small table that describes one person: labels on the left, what they say on the right."""
    pairs = [line.cells for line in lines if len(line.cells) == 2]
    labels = [named[0] for left, _ in pairs if (named := field_of(left)) and len(left) < 25]
    return len(pairs) == len(lines) >= 2 and len(set(labels)) >= 2 and len(labels) > 0.6 * len(pairs)


def _lines(table: html.HtmlElement, number: int) -> list[Line]:
    lines: list[Line] = []
    pending: dict[int, tuple[int, str, list[str]]] = {}
    for row in table.iter("tr"):
        number += 1
        cells: list[str] = []
        links: dict[int, list[str]] = {}
        for cell in [*(child for child in row if child.tag in {"td", "th"}), None]:
            while len(cells) in pending:
                _take_pending(pending, cells, links)
            if cell is None:
                break
            text, hrefs = text_of(cell)
            across, down = _span(cell, "colspan"), _span(cell, "rowspan")
            for _ in range(across):
                if hrefs:
                    links[len(cells)] = hrefs
                if down > 1:
                    pending[len(cells)] = (down - 1, text, hrefs)
                cells.append(text)
        if len(cells) > MOST_COLUMNS:
            raise Unreadable("too_many_columns", count=len(cells), limit=MOST_COLUMNS)
        lines.append(Line(number, cells, links or None))
    return lines


def _take_pending(
    pending: dict[int, tuple[int, str, list[str]]], cells: list[str], links: dict[int, list[str]]
) -> None:
    place = len(cells)
    left, text, hrefs = pending.pop(place)
    if left > 1:
        pending[place] = (left - 1, text, hrefs)
    if hrefs:
        links[place] = hrefs
    cells.append(text)


def _span(cell: html.HtmlElement, name: str) -> int:
    found = re.match(r"\d+", cell.get(name, "1").strip())
    return max(1, min(int(found.group()), 500)) if found else 1


def _heading_above(table: html.HtmlElement) -> str | None:
    """What stands last before a table, unless it is the page's own title or stands above another table first: a
    heading, a table of one cell as old pages have them, or a place of work in a line of its own in bold.
    """
    tags = "self::h2 or self::h3 or self::h4 or self::h5 or self::table or self::b or self::strong"
    for element in table.xpath(f"preceding::*[{tags}][position() <= 20]")[::-1]:
        text = text_of(element)[0]
        if element.tag == "table":
            return text if len(list(element.iter("td", "th"))) == 1 else None
        if element.tag not in {"b", "strong"} or (STRONG.search(text) and _fills_its_line(element, text)):
            return text
    return None


def _fills_its_line(bold: html.HtmlElement, text: str) -> bool:
    block = next((above for above in bold.iterancestors() if above.tag in BLOCKS), None)
    return (
        block is not None and tidy(text_of(block)[0]) == tidy(text) and next(block.iterancestors("table"), None) is None
    )
