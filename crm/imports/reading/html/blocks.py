"""Entries that repeat: list items, paragraphs, divisions, definition lists, or headings with what follows them."""

from collections import defaultdict
from dataclasses import dataclass, field

from lxml import html

from crm.core.names.scripts import tidy
from crm.imports.reading.html.broken import broken_lines
from crm.imports.reading.html.text import elements, text_of
from crm.imports.reading.profile import COLUMNS, LINK_WORDS, Piece, looks_like_entry, profile
from crm.imports.reading.shapes import Grid, Line
from crm.imports.reading.tabular import is_kanji_name, is_latin_name
from crm.imports.reading.values import is_placeholder

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
Signature = tuple[str, str]


@dataclass(slots=True)
class _Block:
    """One entry: its pieces of text, and the headings above it."""

    pieces: list[Piece]
    sections: list[str] = field(default_factory=list)


def read_blocks(root: html.HtmlElement, tables: list[html.HtmlElement]) -> list[Grid]:
    """At most one grid: the repeated shape that covers most names. What stands in `tables` is read as tables."""
    for table in tables:
        table.drop_tree()
    for anchor in root.iter("a"):
        if LINK_WORDS.fullmatch(tidy(text_of(anchor)[0])) and len(anchor) == 0:
            anchor.text = ""
    best: list[_Block] = []
    most = 0.0
    for blocks in (_definitions(root), _under_headings(root), *_repeated(root), _broken(root)):
        told = sum(min(len(block.pieces), 8) for block in blocks) / 8
        worth = sum(looks_like_entry(block.pieces) for block in blocks) - 0.4 * len(blocks) + 0.2 * told
        if worth > most + 1e-9:
            best, most = blocks, worth
    if not best:
        return []
    lines = []
    for number, block in enumerate(best, start=1):
        cells, links = profile(block.pieces, bool(block.sections))
        columns = {COLUMNS.index("links"): links} if links else None
        lines.append(Line(number, cells, columns, "\n".join(block.sections) or None))
    return [Grid("", lines, fields=list(COLUMNS))]


def _pieces(element: html.HtmlElement) -> list[Piece]:
    """Lines of an element; the first bold text, link or heading in it is marked as the likely name."""
    text, hrefs = text_of(element)
    strong = next((found for found in element.iter("strong", "b", *_HEADINGS, "dt") if tidy(text_of(found)[0])), None)
    if strong is None:
        strong = next(
            (a for a in element.iter("a", "span", "em", "u") if tidy(text_of(a)[0]) and text.startswith(text_of(a)[0])),
            None,
        )
    marked = tidy(text_of(strong)[0]) if strong is not None else None
    pieces = [Piece(line) for line in text.split("\n")]
    if pieces:
        pieces[0].hrefs = hrefs
        pieces[0].marked = marked
    return pieces


def _definitions(root: html.HtmlElement) -> list[_Block]:
    """dt with its dd: a name with what is said of it. Where dt are labels, the whole dl is an entry."""
    blocks: list[_Block] = []
    for dl in root.iter("dl"):
        current: _Block | None = None
        for child in dl.iter("dt", "dd"):
            if child.tag == "dd" and next(child.iterancestors("dd"), None) is not None:
                continue
            if child.tag == "dt":
                current = _Block(_pieces(child), _sections(child))
                current.pieces = current.pieces or [Piece("")]
                current.pieces[0].marked = current.pieces[0].text
                blocks.append(current)
            elif current is not None:
                current.pieces.extend(_pieces(child))
    return blocks


def _under_headings(root: html.HtmlElement) -> list[_Block]:
    """Headings that are names, each with the elements up to the next heading."""
    blocks: list[_Block] = []
    for level in _HEADINGS[1:]:
        found = []
        for heading in root.iter(level):
            pieces = _pieces(heading) or [Piece("")]
            pieces[0].marked = pieces[0].text
            for follower in heading.itersiblings():
                if not isinstance(follower.tag, str) or follower.tag in _HEADINGS:
                    break
                pieces.extend(_pieces(follower))
            found.append(_Block(pieces, _sections(heading)))
        if sum(looks_like_entry(block.pieces) for block in found) > sum(
            looks_like_entry(block.pieces) for block in blocks
        ):
            blocks = found
    return blocks


def _repeated(root: html.HtmlElement) -> list[list[_Block]]:
    groups: dict[Signature, list[html.HtmlElement]] = defaultdict(list)
    for element in elements(root):
        if element.tag in {"li", "p", "div", "article", "section", "table", "td", "figure", "blockquote"}:
            groups[element.tag, element.get("class", "")].append(element)
    candidates = []
    for (tag, _), members in groups.items():
        if not 2 <= len(members) <= 5000 and tag != "li":
            continue
        inner = [
            one for one in members if not any(_signature(above) == _signature(one) for above in one.iterancestors())
        ]
        small = [
            one for one in members if not any(_signature(below) == _signature(one) for below in one.iterdescendants())
        ]
        for chosen in (inner, small) if inner != small else (inner,):
            blocks = [_Block(_pieces(one), _sections(one)) for one in chosen if 3 < len(one.text_content()) < 3000]
            good = [bool(block.pieces) and looks_like_entry(block.pieces) for block in blocks]
            alike = tag in {"li", "article"} and sum(good) >= 0.7 * len(blocks)
            kept = [block for block, entry in zip(blocks, good, strict=True) if entry or alike or _maybe(block)]
            candidates.append(kept)
    return candidates


def _broken(root: html.HtmlElement) -> list[_Block]:
    return [_Block(pieces, sections) for pieces, sections in broken_lines(root)]


def _maybe(block: _Block) -> bool:
    """A placeholder among entries of the same shape is kept, so that it is not lost silently."""
    text = "\n".join(piece.text for piece in block.pieces)
    return is_placeholder(text) or (len(block.pieces) >= 2 and len(text) < 600)


def _signature(element: html.HtmlElement) -> Signature:
    return (element.tag, element.get("class", "")) if isinstance(element.tag, str) else ("", "")


def _sections(element: html.HtmlElement) -> list[str]:
    """Texts of what stands above, outermost first: headings, then a list item or a line in bold or with a mark."""
    found: list[str] = []
    level = int(element.tag[1]) if element.tag in _HEADINGS else 9
    above = element.xpath("preceding::*[self::h2 or self::h3 or self::h4 or self::h5 or self::h6]")
    for heading in reversed(above):
        if int(heading.tag[1]) < level:
            level = int(heading.tag[1])
            found.insert(0, tidy(text_of(heading)[0]))
        if level <= 2:
            break
    outer = _item_above(element)
    marked = None if outer or element.tag in _HEADINGS else _marked_above(element)
    return [*found, *([outer] if outer else []), *([marked] if marked else [])]


def _is_part_of_item(bold: html.HtmlElement) -> bool:
    """A word in bold inside a list item is no heading of the next one."""
    return any(tidy(text_of(item)[0]) != tidy(text_of(bold)[0]) for item in bold.iterancestors("li"))


def _item_above(element: html.HtmlElement) -> str | None:
    """The list item that holds the inner list."""
    for above in element.iterancestors("li"):
        inner = (text_of(child)[0] for child in above if child.tag in {"b", "strong", "a", "span", "p"})
        if own := tidy((above.text or "").strip() or next(inner, "")):
            return own
    return None


def _marked_above(element: html.HtmlElement) -> str | None:
    """Old pages set headings as bold lines, or lines that start with a mark; one counts up to the last real heading."""
    tags = (
        "self::p or self::b or self::strong or self::div or self::font or self::h2 or self::h3 or self::h4 or self::h5"
    )
    for previous in element.xpath(f"preceding::*[{tags}][position() <= 60]")[::-1]:
        if previous.tag in _HEADINGS:
            return None
        text = tidy(text_of(previous)[0])
        inner = next((child for child in previous if child.tag in {"b", "strong"}), None)
        bold = previous if previous.tag in {"b", "strong"} and not _is_part_of_item(previous) else inner
        marked = text[:1] in set("■●◆【◎▼") or (bold is not None and tidy(text_of(bold)[0]) == text)
        entry = is_latin_name(text) or is_kanji_name(text) or looks_like_entry([Piece(text, marked=text)])
        if text and marked and not entry and len(text) < 120 and "\n" not in text:
            return text
    return None
