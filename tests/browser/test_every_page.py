"""Every page that a link leads to: right HTML, accessible, fits a phone, silent console, in both languages."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from crm.demo.commands import load_demo
from crm.demo.users import USERS
from tests.browsing import Enter, Site, picture

pytestmark = pytest.mark.browser
PARAMETER = re.compile(r"/(?:[0-9a-f]{8}-[0-9a-f-]{27}|[a-z]{2}-[a-z0-9]+|[^/]*[0-9][^/]*|(?<=missions/)[a-z]+)(?=/|$)")
LINKS = "[...document.querySelectorAll('a[href^=\"/\"]')].map(link => link.getAttribute('href'))"


def kind_of(path: str) -> str:
    """Pages of the same kind differ only in a key, a code or the query: one of them is looked at."""
    return PARAMETER.sub("/*", path.partition("?")[0].partition("#")[0])


def walk(page: Page, start: list[str], check_page: Callable[[Page], None], name: str) -> tuple[set[str], list[str]]:
    """Follow links from ``start``, one page of each kind. Returns the kinds seen and what was wrong."""
    waiting, seen, faults = list(start), set(), []
    while waiting:
        path = waiting.pop(0)
        if kind_of(path) in seen or path.startswith(("/language/", "/static/")):
            continue
        seen.add(kind_of(path))
        answer = page.request.get(path)
        if answer.status >= 400:
            faults.append(f"{path} answers {answer.status}")
        elif "text/html" in answer.headers.get("content-type", ""):
            page.goto(path)
            try:
                check_page(page)
            except AssertionError as fault:
                faults.append(f"{path}: {fault}")
            picture(page, re.sub(r"\W+", "-", f"{name}{kind_of(path).replace('*', 'one')}").strip("-"))
            waiting += page.evaluate(LINKS)
    return seen, faults


def fill(site: Site) -> None:
    """Enough people for the demo to have events."""
    load_demo(site.database, site.app.state.settings, people=160)


def test_public_pages(site: Site, page: Page, both_languages: str, check_page: Callable[[Page], None]) -> None:
    fill(site)
    page.context.set_extra_http_headers({"Accept-Language": both_languages})
    start = [f"/{both_languages}/map", f"/{both_languages}/shortlist", "/sign-in", "/forgotten"]
    seen, faults = walk(page, start, check_page, both_languages)
    assert not faults, "\n\n".join(faults)
    assert len(seen) > len(start)


@pytest.mark.parametrize("role", ["attache", "administrator"])
def test_inside_pages(
    site: Site, enter: Enter, role: str, both_languages: str, check_page: Callable[[Page], None]
) -> None:
    fill(site)
    page = enter(role, language=both_languages)
    seen, faults = walk(page, ["/"], check_page, f"{both_languages}-{role}")
    assert not faults, "\n\n".join(faults)
    assert len(seen) > 3


def test_the_demo_has_a_user_for_each_role() -> None:
    assert len(USERS) >= 7
