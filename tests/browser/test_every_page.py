"""Every page that needs no record: right HTML, accessible, fits a phone, silent console, in both languages."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browsing import Enter, Site
from tests.house.test_routes import doors_of, routes_of

pytestmark = pytest.mark.browser
NO_PAGE = (".csv", ".json", ".geojson", ".xml", ".atom", ".ics", ".pdf", ".xlsx", ".txt")


def pages_of(site: Site, public: bool) -> list[str]:
    """Addresses of pages without parameters (a language in the path apart) that are public, or are not."""
    paths = set()
    for route in routes_of(site.app):
        path = route.path.replace("{language}", "{lang}")
        if "GET" in (route.methods or ()) and ("public" in doors_of(route.dependant)) is public:
            paths.add(path)
    return sorted(path for path in paths if path.replace("{lang}", "").count("{") == 0 and not path.endswith(NO_PAGE))


def visit(page: Page, path: str, check_page: Callable[[Page], None]) -> None:
    answer = page.goto(path)
    assert answer is not None
    if "text/html" in answer.headers.get("content-type", "") and answer.status != 403:
        assert answer.status == 200, f"{path} answers {answer.status}"
        check_page(page)


def test_public_pages(site: Site, page: Page, both_languages: str, check_page: Callable[[Page], None]) -> None:
    paths = [path.replace("{lang}", both_languages) for path in pages_of(site, public=True)]
    assert f"/{both_languages}/map" in paths
    for path in paths:
        if path.startswith((f"/{both_languages}/", "/sign-in")):
            visit(page, path, check_page)


@pytest.mark.parametrize("role", ["attache", "administrator"])
def test_inside_pages(
    site: Site, enter: Enter, role: str, both_languages: str, check_page: Callable[[Page], None]
) -> None:
    page = enter(role, language=both_languages)
    paths = pages_of(site, public=False)
    assert "/" in paths
    for path in paths:
        visit(page, path, check_page)
