"""A page to grids: its tables, and its repeated blocks."""

import re
from pathlib import Path

from lxml import etree, html

from crm.core.names.scripts import strip_controls, tidy
from crm.imports.reading.encodings import decode
from crm.imports.reading.errors import Unreadable
from crm.imports.reading.html.blocks import read_blocks
from crm.imports.reading.html.tables import read_tables
from crm.imports.reading.html.text import text_of
from crm.imports.reading.shapes import Grid
from crm.imports.reading.tabular import find_header

_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]+)|<\?xml[^>]+encoding=[\"']([\w-]+)", re.IGNORECASE)


def read_html(path: Path, encoding: str | None) -> tuple[list[Grid], str]:
    data = path.read_bytes()
    text, used = _decoded(data, encoding)
    text = strip_controls(re.sub(r"^\s*<\?xml[^>]*\?>", "", text))
    parser = html.HTMLParser(encoding="utf-8", huge_tree=False)
    try:
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as broken:
        raise Unreadable("empty" if not text.strip() else "damaged") from broken
    base = next((element.get("href") for element in root.iter("base") if element.get("href")), None)
    if base and isinstance(root, html.HtmlElement):
        root.make_links_absolute(base, handle_failures="ignore")
    _prune(root)
    context = _context(root)
    tables = read_tables(root)
    headed = [table for table, grid in tables if find_header(grid.head(60)) and len(grid.head(2)) > 1]
    grids = [*(grid for _, grid in tables), *read_blocks(root, headed)]
    for grid in grids:
        grid.context = [*grid.context, *context]
    return grids, used


def _decoded(data: bytes, encoding: str | None) -> tuple[str, str]:
    """What the page says of itself is tried before guessing; a mark at its start goes before both."""
    if (
        encoding is None
        and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"))
        and (said := _CHARSET.search(data[:4096]))
    ):
        try:
            return decode(data, (said.group(1) or said.group(2)).decode("ascii"))
        except Unreadable:
            pass
    return decode(data, encoding)


def _prune(root: html.HtmlElement) -> None:
    """Scripts, forms and menus go; so does what the page hides. Addresses hidden from robots are made plain."""
    for element in list(root.iter()):
        if not isinstance(element.tag, str):
            if element.getparent() is not None:
                _drop(element)
            continue
        hidden = element.get("hidden") is not None or re.search(r"display\s*:\s*none", element.get("style", ""))
        if (
            element.tag
            in {"script", "style", "noscript", "template", "nav", "form", "select", "button", "iframe", "svg"}
            or hidden
        ):
            _drop(element)
        elif code := element.get("data-cfemail"):
            element.text = _uncovered(code)
    for element in root.iter("sup"):
        if element.text and re.fullmatch(r"[\d,\s]+", element.text):
            element.text = element.text.translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")).replace(",", "")


def _drop(element: html.HtmlElement) -> None:
    if element.getparent() is not None:
        element.drop_tree()


def _uncovered(code: str) -> str:
    """The widespread covering of addresses: hexadecimal, each byte XOR the first."""
    try:
        raw = bytes.fromhex(code)
    except ValueError:
        return ""
    return bytes(byte ^ raw[0] for byte in raw[1:]).decode("utf-8", "replace")


def _context(root: html.HtmlElement) -> list[str]:
    titles = [element for tag in ("h1", "title", "caption", "h2") for element in list(root.iter(tag))[:1]]
    bold = list(root.iter("b", "strong"))[:2]
    return [text for element in [*titles, *bold] if (text := tidy(text_of(element)[0])) and len(text) < 200]
