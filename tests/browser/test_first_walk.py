"""The README's first walk, as a newcomer with a keyboard and no mouse would go it: from the list to the public map."""

import io
from collections.abc import Callable

import pdfplumber
import pytest
from playwright.sync_api import Page, expect

from crm.accounts.passwords import DEMO_PASSWORD
from crm.core.paths import PACKAGE
from crm.demo.commands import load_demo
from tests.browsing import Site, picture

pytestmark = pytest.mark.browser
SAMPLE = PACKAGE.parent / "tests" / "imports" / "samples" / "boston.html"
PHONE = {"width": 390, "height": 800}
FOCUSED = """
() => {
  const it = document.activeElement;
  const named = [...(it.labels ?? [])].map(label => label.textContent).join(" ");
  return (it.getAttribute("aria-label") || named || it.textContent).trim();
}
"""


def tab_to(page: Page, words: str) -> None:
    """Press Tab until the name of what has the focus begins so."""
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED).startswith(words):
            return
    raise AssertionError(f"Tab never reaches “{words}” on {page.url}")


def press(page: Page, words: str) -> None:
    page.get_by_text(words).first.wait_for()
    tab_to(page, words)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def fill(page: Page, label: str, text: str) -> None:
    tab_to(page, label)
    page.keyboard.type(text)


@pytest.fixture
def attache(site: Site, new_page: Callable[..., Page]) -> Page:
    load_demo(site.database, site.app.state.settings)
    page = new_page()
    page.goto("/sign-in")
    fill(page, "E-mail", "attache@example.org")
    fill(page, "Password", DEMO_PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site.url}/")
    page.goto("/language/en?next=/")
    return page


def import_the_list(page: Page, site: Site) -> None:
    press(page, "Import a list")
    expect(page.get_by_role("heading", name="Import a list")).to_be_visible()
    page.get_by_label("File").set_input_files(SAMPLE)
    press(page, "Read the list")
    page.wait_for_url("**/imports/*-*")
    site.worker.run_all()
    press(page, "Show the result")
    expect(page.get_by_role("link", name="New 14")).to_be_visible()
    picture(page, "walk-1-preview")
    press(page, "Apply 14 rows")
    site.worker.run_all()
    press(page, "Show the result")
    press(page, "Draft PI Map entries for these people")


def ask_for_consent(page: Page) -> str:
    """The list gives no addresses, so one is added on the worklist. Returns the link of the letter."""
    page.goto("/listings/worklist")
    picture(page, "walk-2-worklist")
    fill(page, "E-mail address of Kazuma NOMOTO", "nomoto@example.org")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.goto("/listings?state=draft")
    tab_to(page, "Choose Kazuma NOMOTO")
    page.keyboard.press("Space")
    press(page, "Ask the chosen people")
    expect(page.get_by_text("nomoto@example.org")).to_be_visible()
    picture(page, "walk-3-ask")
    press(page, "Write to 1 person")
    page.goto("/letters")
    press(page, "野本 一真")
    picture(page, "walk-4-letter")
    address = page.locator(".letter-text a").first.get_attribute("href")
    assert address
    return address


def agree(page: Page, address: str) -> None:
    """The researcher, on a phone, without an account."""
    page.goto(address)
    picture(page, "walk-5-door")
    press(page, "同意して、この内容で掲載する")
    expect(page.get_by_text("ご同意いただいて")).to_be_visible()


def test_a_list_becomes_public_entries_by_keyboard_alone(
    attache: Page, site: Site, new_page: Callable[..., Page]
) -> None:
    import_the_list(attache, site)
    agree(new_page(viewport=PHONE), ask_for_consent(attache))

    attache.goto("/listings?state=agreed")
    press(attache, "野本 一真")
    press(attache, "Publish")
    expect(attache.get_by_text("As the public sees it")).to_be_visible()

    visitor = new_page()
    for language, printed in (("en", "NOMOTO Kazuma"), ("ja", "野本 一真")):
        visitor.goto(f"/{language}/map?q=nomoto")
        press(visitor, "野本 一真")
        expect(visitor.get_by_role("heading", name="野本 一真")).to_be_visible()
        picture(visitor, f"walk-6-public-{language}")
        answer = visitor.request.get(f"/{language}/missions/us-bos/list.pdf")
        with pdfplumber.open(io.BytesIO(answer.body())) as paper:
            assert printed in "".join(sheet.extract_text() for sheet in paper.pages)
