"""What the URL may ask for, and what it gets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.core.maps.sheets import square_for
from crm.core.maps.views import NARROWEST, WORLD, View, parse_view

ratios = st.sampled_from([0.7, 1.0, 1.6, 2.1, 3.0])


@pytest.mark.parametrize(
    "text", [None, "", "1,2,3", "a,b,c,d", "0,0,0,10", "0,0,-5,5", "1e9,0,10,10", "٣,٣,٣,٣", "nan,0,1,1"]
)
def test_an_unreadable_view_is_the_whole_world(text: str | None) -> None:
    assert parse_view(text, 2.1) == WORLD.fitted(2.1)


def test_a_view_survives_the_url() -> None:
    view = parse_view("1530.54,154.33,208.01,99.05", 2.1)
    assert parse_view(str(view), 2.1) == view
    assert view.box == str(view).replace(",", " ")


@given(st.floats(-1999, 3999), st.floats(-970, 1940), st.floats(0.01, 9000), st.floats(0.01, 9000), ratios)
def test_every_view_is_clamped_to_the_map_and_the_ratio(x: float, y: float, w: float, h: float, ratio: float) -> None:
    view = parse_view(f"{x:.2f},{y:.2f},{w:.2f},{h:.2f}", ratio)
    assert view.w / view.h == pytest.approx(ratio)
    assert NARROWEST - 1e-6 <= view.w <= WORLD.w + 1e-6
    assert WORLD.x - 0.02 <= view.x <= WORLD.x + WORLD.w - view.w + 0.02
    if view.h <= WORLD.h:
        assert WORLD.y - 0.02 <= view.y <= WORLD.y + WORLD.h - view.h + 0.02


def test_zooming_keeps_the_middle_and_stops_at_both_ends() -> None:
    near = View(900, 200, 100, 50).zoomed(2)
    assert (near.x, near.y, near.w, near.h) == (925, 212.5, 50, 25)
    assert not View(900, 200, NARROWEST, 11).closer
    assert View(900, 200, 2000, 900).zoomed(0.5).whole


@given(st.floats(30, 1900), st.floats(12, 800), st.floats(NARROWEST, 500), ratios)
def test_the_square_of_a_view_holds_all_of_it(x: float, y: float, w: float, ratio: float) -> None:
    view = View(x, y, w, w / ratio).fitted(ratio)
    left, top, right, bottom = square_for(view).box
    assert left <= view.x
    assert top <= view.y
    assert right >= view.x + view.w
    assert bottom >= view.y + view.h
