"""The projection against published figures and against itself."""

from math import radians

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.core.maps.projection import HEIGHT, WIDTH, equal_earth, equal_earth_inverse, project, unproject


def test_the_plane_is_the_published_one() -> None:
    # The example and the top of the map in PROJ's documentation and source of `eqearth`.
    x, y = equal_earth(radians(122), radians(47))
    assert (round(x, 2), round(y, 2)) == (1.55, 0.89)
    assert equal_earth(0, radians(90))[1] == pytest.approx(1.3173627591574)


@given(st.floats(-180, 180), st.floats(-89, 89))
def test_the_way_back_leads_home(lon: float, lat: float) -> None:
    x, y = equal_earth(radians(lon), radians(lat))
    assert equal_earth_inverse(x, y) == pytest.approx((radians(lon), radians(lat)), abs=1e-8)


def test_the_pacific_is_in_the_middle_and_the_seam_in_the_atlantic() -> None:
    assert project(150, 0) == pytest.approx((WIDTH / 2, HEIGHT / 2), abs=0.5)
    assert project(-30.001, 0)[0] == pytest.approx(WIDTH, abs=0.1)
    assert project(-29.999, 0)[0] == pytest.approx(0, abs=0.1)
    assert project(-71, 42)[0] > project(139.7, 35.7)[0] > project(0, 51.5)[0]


@given(st.floats(-179.9, 179.9), st.floats(-85, 66))
def test_map_units_lead_back_to_the_same_place(lon: float, lat: float) -> None:
    back = unproject(*project(lon, lat))
    assert back is not None
    assert (back[0] - lon + 180) % 360 - 180 == pytest.approx(0, abs=1e-6)
    assert back[1] == pytest.approx(lat, abs=1e-6)


def test_there_is_nothing_beyond_the_edge() -> None:
    assert unproject(5, 20) is None
    assert unproject(1000, -1) is None


def test_greenland_is_not_torn_apart_and_iceland_stays_in_europe() -> None:
    assert project(-22, 70.5)[0] > 1500
    assert project(-22, 64.1)[0] < 500
