"""The public pages in a real browser: accessible, valid, light, and useful without JavaScript."""

import gzip
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from crm.core.db import Database
from tests.browsing import Site
from tests.factories.snapshots import a_listed, an_entry

pytestmark = pytest.mark.browser
PLACES = [(42.36, -71.06), (48.14, 11.58), (1.35, 103.82), (-33.87, 151.21)]
LONG = "Department of Extraordinarily Long Names and Everything that Belongs to Them " * 2


@pytest.fixture(autouse=True)
def people(database: Database) -> None:
    with database.writing() as session:
        for number in range(60):
            names = {"full_name": f"TAMESHI No{number}", "kanji": f"試 {number}郎", "latin": f"TAMESHI No{number}"}
            city = {"city": f"City {number % 4}", "unit": LONG, "title": "Professor"}
            a_listed(session, an_entry(names=names, **city), PLACES[number % 4], slug=f"no-{number}")


@pytest.mark.parametrize(
    "address",
    ["map", "map?country=US&q=tameshi", "map?country=XX", "map/no-1", "missions/us-bos", "about", "shortlist?ids=no-1"],
)
def test_public_pages_are_accessible_and_valid(
    page: Page, check_page: Callable[[Page], None], both_languages: str, address: str
) -> None:
    page.goto(f"/{both_languages}/{address}")
    check_page(page)


def test_the_page_to_embed_is_accessible_and_valid(
    page: Page, check_page: Callable[[Page], None], both_languages: str
) -> None:
    page.goto(f"/{both_languages}/embed/us-bos")
    check_page(page)


def test_map_with_everything_weighs_less_than_sixty_kilobytes(page: Page, site: Site) -> None:
    sizes: dict[str, int] = {}

    def weigh(answer: Any) -> None:
        if answer.request.resource_type in ("document", "stylesheet", "script", "image", "fetch", "other"):
            sizes[answer.url] = len(gzip.compress(answer.body()))

    page.on("response", weigh)
    page.goto("/ja/map", wait_until="networkidle")
    assert all(url.startswith(site.url) for url in sizes)
    assert sum(sizes.values()) <= 60 * 1024, sizes


def test_filters_and_shortlist_work_without_javascript(new_page: Callable[..., Page]) -> None:
    page = new_page(java_script_enabled=False)
    page.goto("/en/map")
    page.get_by_role("checkbox", name="City 2").check()
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_role("heading", name="15 researchers")).to_be_visible()
    page.locator(".map-drawing:visible .map-mark circle").first.click()
    expect(page.get_by_role("heading", name="15 researchers")).to_be_visible()
    page.get_by_label("For the shortlist: TAMESHI No2", exact=True).check()
    page.get_by_role("button", name="Shortlist of those ticked").click()
    expect(page.get_by_role("link", name="試 2郎")).to_be_visible()


def test_a_click_on_a_circle_goes_nearer_and_keeps_the_list(page: Page) -> None:
    page.goto("/en/map")
    page.get_by_role("link", name="Zoom in").click()
    page.wait_for_url("**view=**")
    expect(page.get_by_role("heading", name="60 researchers")).to_be_visible()


def test_the_switch_of_languages_keeps_the_filters(page: Page) -> None:
    page.goto("/en/map?country=US")
    page.get_by_role("link", name="日本語").click()
    page.wait_for_url("**/ja/map?country=US")
