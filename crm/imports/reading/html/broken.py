"""Entries of old pages: lines that only <br> divides, under institutions in bold or in brackets."""

import re
from collections import Counter
from dataclasses import dataclass, field

from lxml import html

from crm.core.names.scripts import tidy
from crm.imports.reading.affiliation import STRONG, UNIT, split_affiliation
from crm.imports.reading.html.text import BLOCKS, usable
from crm.imports.reading.profile import Piece, looks_like_entry, starts_with_label

_BULLET = re.compile(r"^[\s　]*(?:[•●・■◆○▪➢►‣*-]|\(?\d{1,3}[.)])[\s　]*")
_BRACKETED = re.compile(r"^[【\[＜<《〈■●◆◎]\s*(.+?)\s*(?:[】\]＞>》〉]|$)")


@dataclass(slots=True)
class _Line:
    """A line of the page; `block` is the element that holds it, `bold` the text in bold that it starts with."""

    block: html.HtmlElement
    text: str = ""
    bold: str = ""
    linked: str = ""
    hrefs: list[str] = field(default_factory=list)


def broken_lines(root: html.HtmlElement) -> list[tuple[list[Piece], list[str]]]:
    """(pieces, sections) of each entry in blocks whose lines are divided by <br>."""
    found: list[tuple[list[Piece], list[str]]] = []
    lines = _lines(root)
    bulleted = sum(bool(_BULLET.match(line.text)) and _starts(line) for line in lines) >= 2
    broken = Counter(id(line.block) for line in lines)
    heading: list[str] = []
    section: list[str] = []
    pieces: list[Piece] | None = None
    for line in lines:
        if re.fullmatch(r"h[1-6]", str(line.block.tag)):
            heading, section, pieces = [tidy(line.text)], [], None
        elif _is_section(line):
            section, pieces = [_BRACKETED.sub(r"\1 ", tidy(line.text))], None
        elif broken[id(line.block)] < 2:
            pieces = None
        elif _starts(line) and (_BULLET.match(line.text) or not bulleted):
            pieces = [_piece(line)]
            found.append((pieces, [*heading, *section]))
        elif pieces is not None:
            pieces.append(_piece(line))
    return found


def _piece(line: _Line) -> Piece:
    marked = tidy(line.bold or line.linked)
    return Piece(tidy(_BULLET.sub("", line.text)), line.hrefs, marked or None)


def _starts(line: _Line) -> bool:
    piece = _piece(line)
    return not starts_with_label(piece.text) and looks_like_entry([piece, Piece("x")])


def _is_section(line: _Line) -> bool:
    """A place of work in bold or in brackets, with nobody's name before it."""
    text = tidy(line.text)
    loud = tidy(line.bold) or ((found := _BRACKETED.match(text)) and found.group(1)) or ""
    if not loud or len(text) > 120 or not text.lstrip("【[＜<《〈■●◆◎ ").startswith(loud.lstrip("【[＜<《〈■●◆◎ ")):
        return False
    place = split_affiliation(loud.strip("【】[]＜＞<>《》〈〉■●◆◎ "))
    return bool(STRONG.search(loud) or UNIT.search(loud) or place.country or place.city) and not _starts(line)


def _lines(root: html.HtmlElement) -> list[_Line]:
    lines = [_Line(root)]
    _walk(root, root, lines, "")
    return [line for line in lines if line.text.strip()]


def _walk(element: html.HtmlElement, block: html.HtmlElement, lines: list[_Line], kind: str) -> None:
    if not isinstance(element.tag, str) or element.tag in {"title", "head"}:
        return
    inner = element if element.tag in BLOCKS else block
    if element.tag in BLOCKS or element.tag == "br":
        lines.append(_Line(inner))
    kind = {"b": "bold", "strong": "bold", "a": "linked"}.get(element.tag, kind)
    if element.tag == "a" and (href := usable(element.get("href", ""))):
        lines[-1].hrefs.append(href)
    _add(element.text, lines[-1], kind)
    for child in element:
        _walk(child, inner, lines, kind)
        _add(child.tail, lines[-1], kind)
    if element.tag in BLOCKS:
        lines.append(_Line(block))


def _add(text: str | None, line: _Line, kind: str) -> None:
    words = re.sub(r"[ \t\r\n]+", " ", text or "")
    if kind == "bold" and _BULLET.sub("", line.text).strip() == line.bold.strip():
        line.bold += words
    elif kind == "linked" and _BULLET.sub("", line.text).strip() == line.linked.strip():
        line.linked += words
    line.text += words
