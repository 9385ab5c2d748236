"""Every page that a link leads to: right HTML, accessible, fits a phone, silent console, in both languages."""

import hashlib
import os
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Page

from crm.demo.commands import load_demo
from crm.demo.people import demo_marker
from crm.demo.users import USERS
from tests.browsing import CheckPage, Enter, Site, picture

pytestmark = [pytest.mark.browser, pytest.mark.long]
PARAMETER = re.compile(r"/(?:[0-9a-f]{8}-[0-9a-f-]{27}|[a-z]{2}-[a-z0-9]+|[^/]*[0-9][^/]*|(?<=missions/)[a-z]+)(?=/|$)")
LINKS = "[...document.querySelectorAll('a[href^=\"/\"]')].map(link => link.getAttribute('href'))"


def is_public(path: str) -> bool:
    """Looked at last by who has other pages, for another walk may have found the same sound by then."""
    return path.startswith(("/ja/", "/en/"))


def kind_of(path: str) -> str:
    """Pages of the same kind differ only in a key, a code or the query: one of them is looked at."""
    return PARAMETER.sub("/*", path.partition("?")[0].partition("#")[0])


KEY = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
MAIN = re.compile(r"<html[^>]*>|<main.*</main>", re.DOTALL)


class Sound:
    """The pages that some walk, of any process, found sound: the same text is looked at once, whoever gets it.

    The frame around the text is the same on all pages of one reader, and is looked at with each that is new.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(exist_ok=True)

    def _note(self, html: str) -> Path:
        text = KEY.sub("key", "".join(MAIN.findall(html)) or html)
        return self._folder / hashlib.sha256(text.encode()).hexdigest()

    def __contains__(self, html: str) -> bool:
        return self._note(html).exists()

    def add(self, html: str) -> None:
        self._note(html).touch()


@pytest.fixture
def check_once(tmp_path_factory: pytest.TempPathFactory, check_page: CheckPage) -> CheckPage:
    base = tmp_path_factory.getbasetemp()
    sound = Sound((base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "sound")

    def checked(page: Page, html: str = "") -> None:
        if html not in sound:
            check_page(page, html)
            sound.add(html)

    return checked


def walk(page: Page, start: list[str], check_page: CheckPage, name: str) -> tuple[set[str], list[str]]:
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
                check_page(page, answer.text())
            except AssertionError as fault:
                faults.append(f"{path}: {fault}")
            picture(page, re.sub(r"\W+", "-", f"{name}{kind_of(path).replace('*', 'one')}").strip("-"))
            waiting = sorted([*waiting, *page.evaluate(LINKS)], key=is_public)
    return seen, faults


@pytest.fixture(scope="module")
def kept_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the first walk of this process leaves its database to the next ones."""
    return tmp_path_factory.mktemp("demo") / "demo.sqlite3"


@pytest.fixture
def demo(site: Site, kept_demo: Path) -> None:
    """Enough people for the demo to have events."""
    settings = site.app.state.settings
    if kept_demo.exists():
        demo_marker(settings).parent.mkdir(parents=True, exist_ok=True)
        demo_marker(settings).touch()
        with closing(sqlite3.connect(kept_demo)) as kept, site.database.engine.connect() as there:
            kept.backup(there.connection.driver_connection)  # type: ignore[arg-type]
        return
    assert load_demo(site.database, settings, people=160)
    with site.database.engine.connect() as there, closing(sqlite3.connect(kept_demo)) as kept:
        there.connection.driver_connection.backup(kept)  # type: ignore[union-attr]


@pytest.mark.usefixtures("demo")
def test_public_pages(page: Page, check_once: CheckPage) -> None:
    for language in ("ja", "en"):
        page.context.set_extra_http_headers({"Accept-Language": language})
        start = [f"/{language}/map", f"/{language}/shortlist", "/sign-in", "/forgotten"]
        seen, faults = walk(page, start, check_once, language)
        assert not faults, "\n\n".join(faults)
        assert len(seen) > len(start)


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("role", ["attache", "administrator"])
def test_inside_pages(enter: Enter, role: str, both_languages: str, check_once: CheckPage) -> None:
    page = enter(role, language=both_languages)
    seen, faults = walk(page, ["/"], check_once, f"{both_languages}-{role}")
    assert not faults, "\n\n".join(faults)
    assert len(seen) > 3


def test_the_demo_has_a_user_for_each_role() -> None:
    assert len(USERS) >= 7
