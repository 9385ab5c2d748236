"""Places gathered into circles that do not touch, for a view drawn at a given width in pixels.

Deterministic: the same points, view and width give the same circles, whatever the order of the points.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import hypot, sqrt

from crm.core.maps.labels import Label, placed
from crm.core.maps.projection import project
from crm.core.maps.views import NARROWEST, View

Box = tuple[float, float, float, float]

GAP = 2.5
SMALLEST = 12.0
LARGEST = 24.0


@dataclass(frozen=True, slots=True)
class Point:
    """A place with people: degrees, how many, its name in the reader's language, a key for its filter."""

    lon: float
    lat: float
    count: int
    label: str
    key: str


@dataclass(frozen=True)
class Cluster:
    """A circle at ``x``, ``y`` (map units) of radius ``r`` (pixels), named after its largest place.

    ``keys``: its places, largest first. ``box``: left, top, right, bottom of them in map units. ``into``: the view that
    takes it apart, None for one place or places too close to be told apart. ``name``: where its name is written, if
    there is room.
    """

    x: float
    y: float
    r: float
    count: int
    label: str
    keys: tuple[str, ...]
    box: Box
    into: View | None = None
    name: Label | None = None

    @property
    def others(self) -> int:
        """Places besides the one it is named after."""
        return len(self.keys) - 1


class _Group:
    """A circle in the making; x, y in pixels from the view's corner, where its largest place is."""

    __slots__ = ("count", "places", "r", "x", "y")

    def __init__(self, x: float, y: float, count: int, places: list[Point]) -> None:
        self.x, self.y, self.count, self.places = x, y, count, places
        self.r = radius(count)

    def take(self, other: "_Group") -> None:
        self.places += other.places
        self.count += other.count
        self.r = radius(self.count)


def radius(count: int) -> float:
    """Pixels: area grows with the number, never too small to hit with a finger or too large to leave room."""
    return round(min(LARGEST, max(SMALLEST, 9 + 1.5 * sqrt(count))), 1)


def clusters(points: Iterable[Point], view: View, width_px: int) -> list[Cluster]:
    """Circles for the points inside the view, largest first; their counts add up to those of these points.

    Raises ValueError for a count below 1 or a width that is none.
    """
    if width_px < 1:
        raise ValueError("width_px must be at least 1")
    scale = width_px / view.w
    groups = _apart(_heaps(points, view, scale))
    found = [_cluster(group, view, scale) for group in groups]
    marks = [((c.x - view.x) * scale, (c.y - view.y) * scale, c.r, c.label, c.others) for c in found]
    names = placed(marks, width_px, view.h * scale)
    return [replace(cluster, name=name) for cluster, name in zip(found, names, strict=True)]


def _heaps(points: Iterable[Point], view: View, scale: float) -> list[_Group]:
    """Places of one small cell, whose circles would overlap anyway, in one heap: largest heap first.

    Cells are fixed on the map, so moving the view does not regroup them.
    """
    side = 1.4 * SMALLEST / scale
    cells: dict[tuple[int, int], list[tuple[int, str, float, float, Point]]] = {}
    left, top, right, bottom = view.x, view.y, view.x + view.w, view.y + view.h
    for point in points:
        x, y = project(point.lon, point.lat)
        if left <= x <= right and top <= y <= bottom:
            if point.count < 1:
                raise ValueError(f"{point.key}: a place needs a count of at least 1")
            cells.setdefault((int(x / side), int(y / side)), []).append((-point.count, point.key, x, y, point))
    heaps = []
    for members in cells.values():
        members.sort(key=lambda member: member[:4])
        _, _, x, y, _ = members[0]
        total = -sum(member[0] for member in members)
        heaps.append(_Group((x - left) * scale, (y - top) * scale, total, [member[4] for member in members]))
    return sorted(heaps, key=_rank)


def _rank(group: _Group) -> tuple[int, str]:
    return -group.count, group.places[0].key


def _first(group: _Group) -> tuple[int, str]:
    """The group with the largest single place gives a circle its position and name."""
    return -group.places[0].count, group.places[0].key


def _apart(heaps: list[_Group]) -> list[_Group]:
    """Lets each heap, largest first, join the circle it overlaps most; circles that grow into another swallow it."""
    side = 2 * LARGEST + GAP
    grid: dict[tuple[int, int], list[_Group]] = {}
    for heap in heaps:
        group = heap
        while (hit := _overlapped(group, grid, side)) is not None:
            grid[_cell(hit, side)].remove(hit)
            large, small = sorted((hit, group), key=_first)
            large.take(small)
            group = large
        grid.setdefault(_cell(group, side), []).append(group)
    return sorted((group for cell in grid.values() for group in cell), key=_rank)


def _cell(group: _Group, side: float) -> tuple[int, int]:
    return int(group.x // side), int(group.y // side)


def _overlapped(group: _Group, grid: dict[tuple[int, int], list[_Group]], side: float) -> _Group | None:
    column, row = _cell(group, side)
    worst, found = 0.0, None
    for i in (column - 1, column, column + 1):
        for j in (row - 1, row, row + 1):
            for other in grid.get((i, j), ()):
                overlap = group.r + other.r + GAP - hypot(group.x - other.x, group.y - other.y)
                if overlap > worst or (overlap == worst > 0 and found and _rank(other) < _rank(found)):
                    worst, found = overlap, other
    return found


def _cluster(group: _Group, view: View, scale: float) -> Cluster:
    places = sorted(group.places, key=lambda point: (-point.count, point.key))
    spots = [project(point.lon, point.lat) for point in places]
    box = (min(x for x, _ in spots), min(y for _, y in spots), max(x for x, _ in spots), max(y for _, y in spots))
    return Cluster(
        x=round(view.x + group.x / scale, 3),
        y=round(view.y + group.y / scale, 3),
        r=group.r,
        count=group.count,
        label=group.places[0].label,
        keys=tuple(point.key for point in places),
        box=box,
        into=_into(box, len(places), view, scale),
    )


def _into(box: Box, places: int, view: View, scale: float) -> View | None:
    """At least twice as near, with all places in it, and more of what lies around them the fewer they are.

    None when even the nearest view leaves them in one circle.
    """
    left, top, right, bottom = box
    nearest = max(right - left, bottom - top) * view.w * scale / NARROWEST
    if nearest < 2 * SMALLEST + GAP or view.w <= NARROWEST * 1.01:
        return None
    needed = (1.3 + 5 / places) * max(right - left, (bottom - top) * view.w / view.h)
    w = max(min(needed, view.w / 2), NARROWEST)
    h = w * view.h / view.w
    return View((left + right - w) / 2, (top + bottom - h) / 2, w, h).fitted(view.w / view.h)
