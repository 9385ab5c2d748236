"""All that a page needs to draw the map: the land, and circles for a wide and a narrow place to stand."""

from collections.abc import Sequence
from dataclasses import dataclass

from crm.core.maps.clusters import Cluster, Point, clusters
from crm.core.maps.land import Sheet, graticule, land_for
from crm.core.maps.views import View, parse_view


@dataclass(frozen=True)
class Size:
    """``width`` pixels is what a picture is drawn for when the real width is unknown; below ``BREAK`` it is narrow."""

    name: str
    width: int
    ratio: float


BREAK = 560
WIDE = Size("wide", 840, 2.1)
NARROW = Size("narrow", 340, 1.6)
_STEP = 40
_WIDEST = 1600
_NARROWEST = 240


@dataclass(frozen=True)
class Drawing:
    size: Size
    width: int
    view: View
    clusters: list[Cluster]

    @property
    def unit(self) -> float:
        """Map units a pixel."""
        return round(self.view.w / self.width, 5)


@dataclass(frozen=True)
class Picture:
    """``drawings``: one for each size, or the one that was asked for. ``total``: people in view, ``places``: theirs."""

    drawings: tuple[Drawing, ...]
    land: Sheet
    lines: str

    @property
    def view(self) -> View:
        return self.drawings[0].view

    @property
    def total(self) -> int:
        return sum(cluster.count for cluster in self.drawings[0].clusters)

    @property
    def places(self) -> int:
        return sum(len(cluster.keys) for cluster in self.drawings[0].clusters)


def picture(points: Sequence[Point], view: str | None = None, width: int | None = None) -> Picture:
    """``view`` and ``width`` as the URL says them; unreadable ones mean the whole world and both sizes."""
    sizes = [(WIDE, WIDE.width), (NARROW, NARROW.width)] if width is None else [_sized(width)]
    drawings = []
    for size, pixels in sizes:
        seen = parse_view(view, size.ratio)
        drawings.append(Drawing(size, pixels, seen, clusters(points, seen, pixels)))
    largest = max(drawings, key=lambda drawing: max(drawing.view.w, drawing.view.h)).view
    return Picture(tuple(drawings), land_for(_covering(largest, drawings)), graticule())


def _sized(width: int) -> tuple[Size, int]:
    """Widths in steps, so that answers can be kept and used again."""
    pixels = min(max(width // _STEP * _STEP, _NARROWEST), _WIDEST)
    return (NARROW if width < BREAK else WIDE), pixels


def _covering(view: View, drawings: list[Drawing]) -> View:
    left = min(drawing.view.x for drawing in drawings)
    top = min(drawing.view.y for drawing in drawings)
    right = max(drawing.view.x + drawing.view.w for drawing in drawings)
    bottom = max(drawing.view.y + drawing.view.h for drawing in drawings)
    return View(left, top, max(right - left, view.w), max(bottom - top, view.h))
