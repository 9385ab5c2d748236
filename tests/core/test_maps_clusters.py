"""Circles and names that keep apart, whatever the places are."""

import random
from itertools import combinations
from math import hypot
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.core.maps.clusters import LARGEST, SMALLEST, Cluster, Point, clusters, radius
from crm.core.maps.labels import Label, placed, text_width
from crm.core.maps.projection import project
from crm.core.maps.views import NARROWEST, WORLD, View

WIDE = WORLD.fitted(2.1)

places = st.lists(
    st.builds(
        lambda lon, lat, count: (lon, lat, count), st.floats(-180, 179.9), st.floats(-50, 78), st.integers(1, 400)
    ),
    max_size=60,
).map(lambda rows: [Point(lon, lat, count, f"City {i}", str(i)) for i, (lon, lat, count) in enumerate(rows)])
views = st.sampled_from([WIDE, WIDE.zoomed(2), View(240, 100, 200, 95), View(1500, 120, 300, 140).fitted(1.6)])


def pixels(cluster: Cluster, view: View, width: int) -> tuple[float, float]:
    return (cluster.x - view.x) * width / view.w, (cluster.y - view.y) * width / view.w


@given(places, views, st.sampled_from([320, 840, 1400]))
def test_no_two_circles_touch(points: list[Point], view: View, width: int) -> None:
    for a, b in combinations(clusters(points, view, width), 2):
        (ax, ay), (bx, by) = pixels(a, view, width), pixels(b, view, width)
        assert hypot(ax - bx, ay - by) > a.r + b.r


@given(places, views, st.sampled_from([320, 840]))
def test_nobody_is_lost_or_counted_twice(points: list[Point], view: View, width: int) -> None:
    seen = [point for point in points if view.holds(*project(point.lon, point.lat))]
    found = clusters(points, view, width)
    assert sum(cluster.count for cluster in found) == sum(point.count for point in seen)
    assert sorted(key for cluster in found for key in cluster.keys) == sorted(point.key for point in seen)


@given(places, st.randoms())
def test_the_order_of_the_places_does_not_matter(points: list[Point], rng: random.Random) -> None:
    shuffled = points[:]
    rng.shuffle(shuffled)
    assert clusters(points, WIDE, 840) == clusters(shuffled, WIDE, 840)


@given(places)
def test_largest_first_and_named_after_the_largest_place(points: list[Point]) -> None:
    by_key = {point.key: point for point in points}
    found = clusters(points, WIDE, 840)
    assert [cluster.count for cluster in found] == sorted((c.count for c in found), reverse=True)
    for cluster in found:
        assert by_key[cluster.keys[0]].label == cluster.label
        assert by_key[cluster.keys[0]].count == max(by_key[key].count for key in cluster.keys)


@given(places)
def test_names_meet_neither_circles_nor_each_other(points: list[Point]) -> None:
    width, frames, circles = 840, [], []
    for cluster in clusters(points, WIDE, width):
        x, y = pixels(cluster, WIDE, width)
        circles.append((x, y, cluster.r))
        if cluster.name:
            text = cluster.label + (f" +{cluster.others}" if cluster.name.more else "")
            left = x + cluster.name.dx - {"start": 0, "middle": 0.5, "end": 1}[cluster.name.anchor] * text_width(text)
            frames.append((left, y + cluster.name.dy - 11, left + text_width(text), y + cluster.name.dy + 3))
    for a, b in combinations(frames, 2):
        assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
    for left, top, right, bottom in frames:
        for x, y, r in circles:
            assert hypot(x - min(max(x, left), right), y - min(max(y, top), bottom)) >= r - 1e-6


@given(places, views)
def test_a_circle_of_several_places_leads_nearer_to_all_of_them(points: list[Point], view: View) -> None:
    for cluster in clusters(points, view, 840):
        left, top, right, bottom = cluster.box
        if cluster.into:
            assert cluster.others
            assert (
                cluster.into.w <= max(view.w / 2, NARROWEST) + 0.01
                or right - left > view.w / 3
                or bottom - top > view.h / 3
            )
            assert cluster.into.holds(left, top)
            assert cluster.into.holds(right, bottom)


def test_following_a_circle_takes_it_apart_unless_nothing_can() -> None:
    boston, cambridge = Point(-71.06, 42.36, 5, "Boston", "b"), Point(-71.11, 42.37, 3, "Cambridge", "c")
    san_francisco, stanford = Point(-122.42, 37.77, 4, "San Francisco", "f"), Point(-122.17, 37.43, 2, "Stanford", "s")
    east, west = clusters([boston, cambridge, san_francisco, stanford], WIDE, 840)
    assert (east.keys, east.into) == (("b", "c"), None)
    assert west.into is not None
    assert len(clusters([boston, cambridge, san_francisco, stanford], west.into, 840)) == 2


def test_circles_can_be_hit_with_a_finger() -> None:
    assert 2 * radius(1) >= 24
    assert radius(1) == SMALLEST < radius(40) < radius(10_000) == LARGEST


def test_a_name_takes_another_side_or_stays_away() -> None:
    free: list[Label | None] = placed([(100, 100, 12, "Kyoto", 0)], 400, 200)
    assert free[0]
    assert free[0].anchor == "start"
    at_the_edge = placed([(390, 100, 12, "Kyoto", 0)], 400, 200)
    assert at_the_edge[0]
    assert at_the_edge[0].anchor == "end"
    assert placed([(20, 10, 12, "Kyoto", 0)], 40, 20) == [None]
    short = placed([(25, 60, 12, "京都", 1234)], 50, 120)
    assert short[0]
    assert not short[0].more


def test_wrong_figures_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        clusters([Point(0, 0, 0, "Nowhere", "n")], WIDE, 840)
    with pytest.raises(ValueError, match="width_px"):
        clusters([], WIDE, 0)


def test_ten_times_the_places_take_some_ten_times_the_time() -> None:
    """A ratio within one run, so that a busy machine does not matter; each against each would be a hundred times."""
    rng = random.Random(7)
    points = [
        Point(rng.uniform(-180, 180), rng.uniform(-40, 65), rng.randint(1, 9), f"City {i}", str(i))
        for i in range(10_000)
    ]

    def spent(number: int) -> float:
        times = []
        for _ in range(5):
            start = process_time()
            clusters(points[:number], WIDE, 840)
            times.append(process_time() - start)
        return min(times)

    assert spent(10_000) < 10 * spent(1_000)
