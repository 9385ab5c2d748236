"""The words of a page as lines, with their places, sizes and links. Lengths are PDF points, tops grow downwards."""

from dataclasses import dataclass, field
from itertools import pairwise

from pdfplumber.page import Page

from crm.core.names.scripts import strip_controls, unradical

Box = tuple[float, float, float, float]


@dataclass(slots=True)
class Word:
    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    bold: bool
    links: list[str] = field(default_factory=list)


@dataclass(slots=True)
class TextLine:
    words: list[Word]

    @property
    def text(self) -> str:
        return spaced(self.words)

    @property
    def x0(self) -> float:
        return self.words[0].x0

    @property
    def x1(self) -> float:
        return max(word.x1 for word in self.words)

    @property
    def top(self) -> float:
        return min(word.top for word in self.words)

    @property
    def bottom(self) -> float:
        return max(word.bottom for word in self.words)

    @property
    def size(self) -> float:
        return max(word.size for word in self.words)

    @property
    def bold(self) -> bool:
        return all(word.bold for word in self.words)

    @property
    def links(self) -> list[str]:
        return list(dict.fromkeys(link for word in self.words for link in word.links))


@dataclass(slots=True)
class Sheet:
    """One page. `rules` are the heights of horizontal lines that run over much of the page."""

    number: int
    width: float
    height: float
    lines: list[TextLine]
    rules: list[float]


def spaced(words: list[Word]) -> str:
    """Words may be cut where only the font changes: no space goes there."""
    text = words[0].text
    for before, word in pairwise(words):
        close = word.x0 - before.x1 < 0.12 * word.size and abs(word.size - before.size) < 1
        text = f"{text}{word.text}" if close else f"{text} {word.text}"
    return text


def sheet_of(page: Page) -> Sheet:
    links = [(_box(link), str(link.get("uri") or "")) for link in page.hyperlinks]
    words = []
    for found in page.extract_words(
        x_tolerance_ratio=0.18, y_tolerance=2.5, extra_attrs=["size", "fontname"], use_text_flow=False
    ):
        word = Word(
            unradical(strip_controls(found["text"])), found["x0"], found["x1"], found["top"], found["bottom"],
            found["size"],
            any(mark in found["fontname"].casefold() for mark in ("bold", "black", "heavy", "-w7", "-w6")),
        )  # fmt: skip
        word.links = [
            uri for box, uri in links if uri and _holds(box, (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2)
        ]
        words.append(word)
    return Sheet(page.page_number, float(page.width), float(page.height), in_lines(words), _rules(page))


def _box(thing: dict[str, float]) -> Box:
    return thing["x0"], thing["top"], thing["x1"], thing["bottom"]


def _holds(box: Box, x: float, y: float) -> bool:
    return box[0] - 1 <= x <= box[2] + 1 and box[1] - 1 <= y <= box[3] + 1


def in_lines(words: list[Word]) -> list[TextLine]:
    """Words whose middles are at the same height, left to right."""
    lines: list[TextLine] = []
    for word in sorted(words, key=lambda word: ((word.top + word.bottom) / 2, word.x0)):
        middle = (word.top + word.bottom) / 2
        last = lines[-1] if lines else None
        if (
            last
            and abs((last.words[0].top + last.words[0].bottom) / 2 - middle)
            < 0.35 * min(word.size, last.words[0].size) + 0.5
        ):
            last.words.append(word)
        else:
            lines.append(TextLine([word]))
    for line in lines:
        line.words.sort(key=lambda word: word.x0)
    return lines


def _rules(page: Page) -> list[float]:
    """Lines may be drawn in pieces, cell by cell, or as the edges of shaded rows."""
    covered: dict[int, float] = {}
    for edge in page.horizontal_edges:
        height = round(edge["top"])
        covered[height] = covered.get(height, 0.0) + abs(edge["x1"] - edge["x0"])
    return sorted(float(height) for height, length in covered.items() if length > 0.45 * float(page.width))
