"""Coast lines in the plane: from rings on the sphere to simplified, clipped SVG path data. Used at set-up only."""

from heapq import heapify, heappop, heappush
from itertools import pairwise

from crm.core.maps.projection import CENTRE, place
from crm.core.maps.topojson import Ring

Grid = list[tuple[int, int]]
Box = tuple[float, float, float, float]


def flatten(ring: Ring) -> Ring:
    """A closed ring of degrees to an open one of map units, in one piece on the side where most of it lies.

    Where a ring crosses the seam it is carried on beyond it instead of jumping to the other edge (``from_centre`` does
    the same for points). Not for a ring round a pole.
    """
    offset = (ring[0][0] - CENTRE + 180) % 360 - 180
    offsets = [offset]
    for (before, _), (after, _) in pairwise(ring):
        offset += (after - before + 180) % 360 - 180
        offsets.append(offset)
    turn = 360 * round((min(offsets) + max(offsets)) / 720)
    return [place(offset - turn, lat) for offset, (_, lat) in zip(offsets[:-1], ring[:-1], strict=True)]


def area(ring: Ring) -> float:
    """Square map units; one is about 297 km² anywhere on this equal-area map."""
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise([*ring, ring[0]]))) / 2


def simplify(ring: Ring, smallest: float) -> Ring:
    """Drops the points that matter least (Visvalingam and Whyatt 1993) until each spans ``smallest`` square units."""
    count = len(ring)
    before, after = [i - 1 for i in range(count)], [(i + 1) % count for i in range(count)]
    before[0] = count - 1
    size = [_triangle(ring[before[i]], ring[i], ring[after[i]]) for i in range(count)]
    heap = [(size[i], i) for i in range(count)]
    heapify(heap)
    left = count
    while heap and left > 3:
        worth, i = heappop(heap)
        if worth >= smallest:
            break
        if worth != size[i]:
            continue
        size[i] = -1.0
        left -= 1
        a, b = before[i], after[i]
        after[a], before[b] = b, a
        for j in (a, b):
            size[j] = max(worth, _triangle(ring[before[j]], ring[j], ring[after[j]]))
            heappush(heap, (size[j], j))
    return [point for point, worth in zip(ring, size, strict=True) if worth >= 0]


def _triangle(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
    return abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])) / 2


def clip(ring: Ring, box: Box) -> Ring:
    """The part inside ``box`` (Sutherland and Hodgman 1974); pieces stay joined along the box's edge."""
    left, top, right, bottom = box
    for axis, limit, sign in ((0, left, 1), (0, right, -1), (1, top, 1), (1, bottom, -1)):
        kept: Ring = []
        for a, b in pairwise([ring[-1], *ring] if ring else []):
            inside_a, inside_b = (a[axis] - limit) * sign >= 0, (b[axis] - limit) * sign >= 0
            if inside_a != inside_b:
                part = (limit - a[axis]) / (b[axis] - a[axis])
                kept.append((a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part))
            if inside_b:
                kept.append(b)
        ring = kept
    return ring


def snap(ring: Ring, per_unit: int) -> Grid:
    """On a grid of ``per_unit`` steps a map unit, repeated points and points on a straight line left out."""
    grid: Grid = []
    for x, y in ring:
        point = (round(x * per_unit), round(y * per_unit))
        if grid and grid[-1] == point:
            continue
        if len(grid) > 1 and _straight(grid[-2], grid[-1], point):
            grid[-1] = point
        else:
            grid.append(point)
    if len(grid) > 1 and grid[0] == grid[-1]:
        grid.pop()
    return grid


def _straight(a: tuple[int, int], b: tuple[int, int], c: tuple[int, int]) -> bool:
    return (b[0] - a[0]) * (c[1] - b[1]) == (c[0] - b[0]) * (b[1] - a[1])


def dot(centre: tuple[float, float], per_unit: int) -> Grid:
    """The smallest island that can still be seen: a diamond two grid steps wide."""
    x, y = round(centre[0] * per_unit), round(centre[1] * per_unit)
    return [(x, y - 1), (x + 1, y), (x, y + 1), (x - 1, y)]


def path(rings: list[Grid]) -> str:
    """SVG path data in relative steps, one closed subpath a ring."""
    parts: list[str] = []
    here = (0, 0)
    for ring in rings:
        parts.append("m" + _steps([here, *ring]) + "z")
        here = ring[0]
    return "".join(parts)


def open_path(lines: list[Grid]) -> str:
    """The same for lines that do not close."""
    parts: list[str] = []
    here = (0, 0)
    for line in lines:
        parts.append("m" + _steps([here, *line]))
        here = line[-1]
    return "".join(parts)


def _steps(points: Grid) -> str:
    pairs = ((b[0] - a[0], b[1] - a[1]) for a, b in pairwise(points))
    return "".join(_pair(dx, dy, first=i == 0) for i, (dx, dy) in enumerate(pairs))


def _pair(dx: int, dy: int, *, first: bool) -> str:
    gap = "" if first or dx < 0 else " "
    return f"{gap}{dx}{dy}" if dy < 0 else f"{gap}{dx} {dy}"
