"""The land, without any border: drawn once at set-up from Natural Earth (npm ``world-atlas``), read at run time.

``python -m crm.core.maps build`` writes ``static/vendor/land/``: SVG path data, a file a square, and ``index.json``.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from crm.core.maps.outlines import Grid, area, clip, dot, flatten, open_path, path, simplify, snap
from crm.core.maps.projection import HEIGHT, place
from crm.core.maps.sheets import COARSE, FINER, WORLD, Level, Square, square_for
from crm.core.maps.topojson import Ring, read_polygons
from crm.core.maps.views import WORLD as WORLD_VIEW
from crm.core.maps.views import View
from crm.core.paths import PACKAGE, VENDOR

SOURCE = PACKAGE.parent / "node_modules" / "world-atlas"
TARGET = VENDOR / "land"
FOLDER = "vendor/land"
_ICE = -61.0


@dataclass(frozen=True)
class Sheet:
    """``data`` is path data, ``scale`` brings it to map units, ``file`` is where it stands under static/.

    Both are empty where all is sea. ``box``: left, top, right, bottom of what it covers.
    """

    name: str
    data: str
    scale: float
    file: str
    box: tuple[float, float, float, float]


def land_for(view: View) -> Sheet:
    """The land to draw for a view. Raises FileNotFoundError when set-up has not drawn it yet."""
    square = square_for(view)
    drawn = square.name in _index()["sheets"]
    file = f"{FOLDER}/{square.name}.txt" if drawn else ""
    return Sheet(square.name, _read(square.name) if drawn else "", 1 / square.level.per_unit, file, square.box)


def graticule() -> str:
    """Path data of every 30th meridian and parallel, in map units."""
    return str(_index()["graticule"])


@lru_cache(maxsize=1)
def _index() -> dict[str, list[str] | str]:
    found: dict[str, list[str] | str] = json.loads((TARGET / "index.json").read_text("utf-8"))
    return found


@lru_cache(maxsize=64)
def _read(name: str) -> str:
    return (TARGET / f"{name}.txt").read_text("utf-8")


def build(source: Path = SOURCE, target: Path = TARGET) -> list[str]:
    """Draws all sheets into ``target`` and returns their names. Raises OSError where the source is missing."""
    coarse, fine = (_rings(source / f"land-{scale}.json") for scale in ("50m", "10m"))
    sheets = {WORLD: path([_drawn(ring, COARSE) for ring in chosen(COARSE, coarse)])}
    for level in FINER:
        sheets.update(squares(level, chosen(level, fine)))
    target.mkdir(parents=True, exist_ok=True)
    for name, data in sheets.items():
        (target / f"{name}.txt").write_text(data, "utf-8")
    names = sorted(sheets)
    (target / "index.json").write_text(json.dumps({"sheets": names, "graticule": lines()}), "utf-8")
    _index.cache_clear()
    _read.cache_clear()
    return names


def _rings(file: Path) -> list[Ring]:
    """In map units, largest first, without the ice at the pole."""
    polygons = read_polygons(file, "land")
    rings = [flatten(ring) for polygon in polygons for ring in polygon if max(lat for _, lat in ring) > _ICE]
    return sorted(rings, key=area, reverse=True)


def chosen(level: Level, rings: list[Ring]) -> list[Ring]:
    """Simplified for the level: every land of some size, and of the smaller islands those that stand alone."""
    kept: list[Ring] = []
    taken: set[tuple[int, int]] = set()
    for ring in rings:
        cells = {(round(x / level.alone), round(y / level.alone)) for x, y in ring}
        if area(ring) < level.island and cells & taken:
            continue
        kept.append(simplify(ring, level.detail) if area(ring) > 2 * level.detail else ring)
        taken |= cells
    return kept


def squares(level: Level, rings: list[Ring]) -> dict[str, str]:
    """Name → path data of each square of this level that has land in it."""
    reach = level.size + 2 * level.margin
    found: dict[str, str] = {}
    for column in range(int((WORLD_VIEW.x + WORLD_VIEW.w) // level.stride) + 1):
        left = column * level.stride - level.margin
        column_box = (left, -HEIGHT, left + reach, 2 * HEIGHT)
        strip = [part for ring in rings if len(part := clip(ring, column_box)) > 2]
        for row in range(int((WORLD_VIEW.y + WORLD_VIEW.h) // level.stride) + 1):
            square = Square(level, column, row)
            outlines = [_drawn(part, level) for ring in strip if len(part := clip(ring, square.box)) > 2]
            if outlines:
                found[square.name] = path(outlines)
    return found


def _drawn(ring: Ring, level: Level) -> Grid:
    """On the level's grid; an island too small for it as a dot."""
    outline = snap(ring, level.per_unit)
    middle = (sum(x for x, _ in ring) / len(ring), sum(y for _, y in ring) / len(ring))
    return outline if len(outline) > 2 else dot(middle, level.per_unit)


def lines() -> str:
    meridians = [[place(offset, lat) for lat in range(-85, 86, 5)] for offset in range(-180, 181, 30)]
    parallels = [[place(-180, lat), place(180, lat)] for lat in range(-60, 61, 30)]
    return open_path([[(round(x), round(y)) for x, y in line] for line in meridians + parallels])
