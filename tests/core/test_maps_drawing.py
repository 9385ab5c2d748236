"""The map in a page: links and words that work without a script."""

from html.parser import HTMLParser
from urllib.parse import urlencode

import pytest

from crm.core.i18n import speaking
from crm.core.maps import land
from crm.core.maps.clusters import Point
from crm.core.maps.drawing import NARROW, WIDE, Picture, picture
from crm.core.maps.views import View
from crm.core.templates import make_environment

pytestmark = pytest.mark.skipif(
    not (land.TARGET / "index.json").is_file(), reason="the land is not drawn; run `make install`"
)

POINTS = [
    Point(-71.06, 42.36, 31, "Boston", "boston"),
    Point(-71.11, 42.37, 22, "Cambridge <b>", "cambridge"),
    Point(103.85, 1.29, 16, "Singapore", "singapore"),
    Point(-0.13, 51.51, 1, "London", "london"),
]
PAGE = (
    '{% from "listings/map.svg.html" import map_svg with context %}{{ map_svg(pic, view_url, places_url, fragment) }}'
)


def view_url(view: View | None) -> str:
    return f"/en/map?field=bio&view={view}" if view else "/en/map?field=bio"


def places_url(keys: tuple[str, ...]) -> str:
    return "/en/map?" + urlencode([("city", key) for key in keys])


def drawn(pic: Picture, *, fragment: bool = False) -> str:
    with speaking("en"):
        template = make_environment("en").from_string(PAGE)
        return template.render(pic=pic, view_url=view_url, places_url=places_url, fragment=fragment)


class Links(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[dict[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found.append({name: value or "" for name, value in attrs})


def test_both_widths_say_the_same_number() -> None:
    pic = picture(POINTS)
    assert [drawing.size for drawing in pic.drawings] == [WIDE, NARROW]
    assert {sum(cluster.count for cluster in drawing.clusters) for drawing in pic.drawings} == {70}
    assert (pic.total, pic.places) == (70, 4)


def test_one_place_leads_to_its_filter_and_several_to_a_nearer_view_or_both_filters() -> None:
    links = {link["aria-label"]: link for link in Links(drawn(picture(POINTS, None, 840))).found}
    assert links["Singapore: 16 researchers"]["href"] == "/en/map?city=singapore"
    assert links["London: 1 researcher"]["href"] == "/en/map?city=london"
    assert links["Boston and 1 other place: 53 researchers"]["href"] == "/en/map?city=boston&city=cambridge"
    assert links["Zoom in"]["href"].startswith("/en/map?field=bio&view=")
    assert "href" not in links["Whole world"]
    apart = [Point(-71.06, 42.36, 9, "Boston", "boston"), Point(-73.9, 40.7, 8, "New York", "ny")]
    link = next(link for link in Links(drawn(picture(apart, None, 340))).found if "other place" in link["aria-label"])
    assert link["href"] == f"/en/map?field=bio&view={link['data-view']}"


def test_names_are_escaped_and_nothing_needs_inline_style_or_script() -> None:
    text = drawn(picture([POINTS[1]]))
    assert "Cambridge &lt;b&gt;" in text
    assert "<b>" not in text
    assert "style=" not in text
    assert "<script" not in text


def test_a_fragment_leaves_out_the_outline_that_the_browser_has() -> None:
    pic = picture(POINTS, "1530,154,208,99", 840)
    whole, part = drawn(pic), drawn(pic, fragment=True)
    assert pic.land.data in whole
    assert pic.land.data not in part
    assert f'data-file="/static/{pic.land.file}?v=' in part
    assert "2 places in view: 53 researchers" in part


def test_widths_are_rounded_so_that_answers_can_be_kept() -> None:
    assert [picture([], None, width).drawings[0].width for width in (1, 343, 1011, 99_999)] == [240, 320, 1000, 1600]
    assert picture([], None, 559).drawings[0].size == NARROW
    assert picture([], None, 560).drawings[0].size == WIDE
