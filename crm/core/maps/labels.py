"""Names beside circles where they meet neither each other nor a circle nor the edge; otherwise left out."""

from dataclasses import dataclass
from unicodedata import east_asian_width

SIZE = 13.0
LINE = 17.0
NEAR = 4.0
EDGE = 3.0
_CELL = 64.0
_WIDE = 1.02
_CAPITAL = 0.7
_SMALL = 0.56
_LIMIT = 190.0

Mark = tuple[float, float, float, str, int]
"""x, y and radius of a circle in pixels, its name, how many places besides."""
Frame = tuple[float, float, float, float]


@dataclass(frozen=True)
class Label:
    """Offset from the middle of the circle to the base line's anchor, in pixels, and which end it hangs by.

    ``more``: whether there is room for the number of other places too.
    """

    dx: float
    dy: float
    anchor: str
    more: bool


def text_width(text: str) -> float:
    """About how wide a text will be, in pixels; rather too wide than too narrow."""
    return sum(SIZE * _share(letter) for letter in text)


def _share(letter: str) -> float:
    if east_asian_width(letter) in "WF":
        return _WIDE
    return _CAPITAL if letter.isupper() or letter.isdigit() else _SMALL


def placed(marks: list[Mark], width: float, height: float) -> list[Label | None]:
    """One for each mark, in the order given: who comes first chooses first. Right, left, below, above are tried."""
    taken = _Taken()
    for x, y, r, _, _ in marks:
        taken.add((x - r - 1, y - r - 1, x + r + 1, y + r + 1))
    found: list[Label | None] = []
    for mark in marks:
        label = next((label for label, frame in _choices(mark) if _fits(frame, taken, width, height)), None)
        if label is not None:
            taken.add(_frame(mark, label))
        found.append(label)
    return found


def _fits(frame: Frame, taken: "_Taken", width: float, height: float) -> bool:
    inside = frame[0] >= EDGE and frame[1] >= EDGE and frame[2] <= width - EDGE and frame[3] <= height - EDGE
    return inside and frame[2] - frame[0] <= _LIMIT and taken.free(frame)


def _choices(mark: Mark) -> list[tuple[Label, Frame]]:
    r, base = mark[2], SIZE * 0.36
    spots = [
        (r + NEAR, base, "start"),
        (-r - NEAR, base, "end"),
        (0.0, r + LINE - 3, "middle"),
        (0.0, -r - 5, "middle"),
    ]
    lengths = (True, False) if mark[4] else (False,)
    labels = [Label(round(dx, 1), round(dy, 1), anchor, more) for more in lengths for dx, dy, anchor in spots]
    return [(label, _frame(mark, label)) for label in labels]


def _frame(mark: Mark, label: Label) -> Frame:
    x, y, _, text, others = mark
    width = text_width(f"{text} +{others}" if label.more else text)
    left = x + label.dx - {"start": 0, "middle": width / 2, "end": width}[label.anchor]
    bottom = y + label.dy + LINE - SIZE
    return left, bottom - LINE, left + width, bottom


class _Taken:
    """Rectangles found again by where they lie."""

    def __init__(self) -> None:
        self._cells: dict[tuple[int, int], list[Frame]] = {}

    def add(self, frame: Frame) -> None:
        for cell in self._touched(frame):
            self._cells.setdefault(cell, []).append(frame)

    def free(self, frame: Frame) -> bool:
        left, top, right, bottom = frame
        return not any(
            other[0] < right and left < other[2] and other[1] < bottom and top < other[3]
            for cell in self._touched(frame)
            for other in self._cells.get(cell, ())
        )

    @staticmethod
    def _touched(frame: Frame) -> list[tuple[int, int]]:
        left, top, right, bottom = (int(side // _CELL) for side in frame)
        return [(i, j) for i in range(left, right + 1) for j in range(top, bottom + 1)]
