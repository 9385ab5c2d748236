"""A real browser against a real server: pages, their accessibility, their HTML, their console."""

import json
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from socket import socket
from typing import Any, Literal, Protocol

import httpx2
import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, Playwright, ViewportSize, sync_playwright

from crm.core.db import Database
from crm.core.settings import Settings
from crm.core.work import Worker
from tests.factories.accounts import a_post, a_session_cookie

MODULES = Path(__file__).resolve().parent.parent / "node_modules"
AXE = MODULES / "axe-core" / "axe.min.js"
COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules of axe that a colour scheme can break."""
VNU = MODULES / "vnu-jar" / "build" / "dist" / "vnu.jar"
WIDE: ViewportSize = {"width": 1280, "height": 900}
NARROW: ViewportSize = {"width": 360, "height": 740}


@dataclass(frozen=True)
class Site:
    """The running program: ``worker.run_all()`` does its background work when the test wants it."""

    url: str
    app: FastAPI
    database: Database
    worker: Worker


@pytest.fixture
def site(settings: Settings, database: Database) -> Iterator[Site]:
    from crm.app import job_handlers, schedules
    from tests.conftest import make_app

    listening = socket()
    listening.bind(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    app = make_app(replace(settings, base_url=url), database)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", ws="none", timeout_keep_alive=60))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.01)
    yield Site(url, app, database, Worker(database, job_handlers(), schedules()))
    server.should_exit = True
    thread.join(timeout=10)
    listening.close()


@pytest.fixture(scope="session")
def playwright_driver() -> Iterator[Playwright]:
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def chromium(playwright_driver: Playwright) -> Iterator[Browser]:
    names = ("chromium", "chromium-browser", "google-chrome")
    program = next((found for name in names if (found := shutil.which(name))), None)
    if program is None:
        pytest.skip("NO BROWSER: install chromium to run the browser tests")
    browser = playwright_driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
    yield browser
    browser.close()


@pytest.fixture
def new_page(chromium: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """More than one person at once: each page has cookies of its own. What the console complains of fails the test."""
    complaints: list[str] = []
    contexts = []

    def opened(**options: Any) -> Page:
        context = chromium.new_context(**{"base_url": site.url, "viewport": WIDE, "locale": "en-GB", **options})
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield opened
    for context in contexts:
        context.close()
    # A page that answers 404 or 422 on purpose is no fault of the page, nor that a test has cut the line.
    wanted = ("the server responded with a status of 4", "ERR_INTERNET_DISCONNECTED")
    left = [line for line in complaints if not any(words in line for words in wanted)]
    assert not left, f"The browser's console says: {left}"


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """A visitor who is not signed in, with a wide window."""
    return new_page()


def picture(page: Page, name: str) -> None:
    """Pictures for looking at, wide and narrow, light and dark, when the environment names a folder (``PICTURES``)."""
    if folder := os.environ.get("PICTURES"):
        sizes: list[tuple[int, Literal["light", "dark"]]] = [
            (1440, "light"),
            (390, "dark"),
            (1440, "dark"),
            (390, "light"),
        ]
        before = page.viewport_size or WIDE
        for width, scheme in sizes:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=Path(folder) / f"{name}-{width}-{scheme}.png", full_page=True)
        page.set_viewport_size(before)
        page.emulate_media(color_scheme="light")


class Enter(Protocol):
    def __call__(
        self, role: str = "attache", office: str = "us-bos", language: str = "en", page: Page | None = None
    ) -> Page: ...


@pytest.fixture
def enter(new_page: Callable[..., Page], site: Site) -> Enter:
    """A page of a new user who is signed in already."""

    def entered(role: str = "attache", office: str = "us-bos", language: str = "en", page: Page | None = None) -> Page:
        with site.database.writing() as session:
            cookie = a_session_cookie(session, a_post(session, role, office, language))
        opened = page or new_page()
        values = {"meguri_session": cookie, "meguri_language": language}
        opened.context.add_cookies([{"name": name, "value": value, "url": site.url} for name, value in values.items()])
        return opened

    return entered


@pytest.fixture(params=["ja", "en"])
def both_languages(request: pytest.FixtureRequest) -> str:
    """The test runs once in each language; the value is its code."""
    language: str = request.param
    return language


@pytest.fixture(scope="session")
def html_checker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str | None]:
    """The address of the Nu HTML checker, or None where there is no Java (said loudly by ``.ci/system.sh``)."""
    if shutil.which("java") is None or not VNU.is_file():
        yield None
        return
    from tests.conftest import free_port

    port = free_port()
    local = [
        "-Dnu.validator.servlet.bind-address=127.0.0.1",
        "-XX:+UseSerialGC",
        "-Xss2m",
        "-Xmx400m",
        "-XX:TieredStopAtLevel=1",
    ]
    command = ["java", *local, "-cp", str(VNU), "nu.validator.servlet.Main", str(port)]
    folder = tmp_path_factory.mktemp("vnu")
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, cwd=folder, stdout=quiet, stderr=quiet) as server:
        url = f"http://127.0.0.1:{port}/"
        wait_until_checked(url)
        yield url
        server.terminate()


def wait_until_checked(url: str) -> None:
    for _ in range(300):
        with suppress(httpx2.TransportError):
            faults_of_html(url, "<!DOCTYPE html><html lang=en><title>t</title></html>")
            return
        time.sleep(0.1)
    raise RuntimeError("The HTML checker does not answer.")


def faults_of_html(checker: str, html: str) -> list[str]:
    headers = {"Content-Type": "text/html; charset=utf-8"}
    answer = httpx2.post(f"{checker}?out=json", content=html.encode(), headers=headers, timeout=60)
    messages = answer.raise_for_status().json()["messages"]
    return [f"line {m.get('lastLine')}: {m['message']} {m.get('extract', '')!r}" for m in messages]


@pytest.fixture
def check_html(html_checker: str | None) -> Callable[[str], None]:
    """``check_html(text)``: the Nu HTML checker has nothing to say."""

    def checked(html: str) -> None:
        if html_checker:
            faults = faults_of_html(html_checker, html)
            assert not faults, "\n".join(faults)

    return checked


class CheckPage(Protocol):
    def __call__(self, page: Page, html: str = "") -> None: ...


@pytest.fixture
def check_page(check_html: Callable[[str], None]) -> CheckPage:
    """``check_page(page)``: no axe violation in light and dark, no fault in the HTML, no sideways scroll on a phone."""

    def checked(page: Page, html: str = "") -> None:
        check_html(html or page.request.get(page.url).text())
        schemes: list[Literal["light", "dark"]] = ["light", "dark"]
        for scheme in schemes:
            page.emulate_media(color_scheme=scheme)
            faults = faults_of_access(page, colours_alone=scheme == "dark")
            assert not faults, f"{page.url} ({scheme}):\n" + "\n".join(faults)
        page.emulate_media(color_scheme="light")
        size = page.viewport_size or WIDE
        page.set_viewport_size(NARROW)
        width = page.evaluate("document.documentElement.scrollWidth")
        page.set_viewport_size(size)
        assert width <= NARROW["width"], f"{page.url} is {width} px wide on a phone of {NARROW['width']} px"

    return checked


def faults_of_access(page: Page, colours_alone: bool = False) -> list[str]:
    """What axe finds. ``colours_alone``: dark is the same page, and the rules about colours alone have more to say."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE.read_text("utf-8") + "; void 0")
    options = {"resultTypes": ["violations"], **({"runOnly": COLOURS} if colours_alone else {})}
    found = json.loads(page.evaluate("options => axe.run(options).then(r => JSON.stringify(r.violations))", options))
    return [
        f"{fault['id']}: {fault['help']}: " + "; ".join(node["html"] for node in fault["nodes"][:3]) for fault in found
    ]
