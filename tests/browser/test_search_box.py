"""Searching while one types: the box at the top of every page, and the list that follows the words."""

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import Enter, Site
from tests.factories.accounts import an_actor
from tests.factories.people import a_person, people_called

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(site: Site, enter: Enter) -> Page:
    page = enter()
    with site.database.writing() as session:
        actor = an_actor(session)
        a_person(session, actor)
        people_called(session, actor, "TAKADA Ren", "Daniel Okafor")
    return page


def test_the_arrows_walk_what_the_box_suggests(desk: Page) -> None:
    desk.goto("/people/new")
    desk.keyboard.press("/")
    expect(desk.locator("#site-q")).to_be_focused()
    desk.keyboard.type("taka")
    panel = desk.locator("#site-found")
    expect(panel.get_by_role("link")).to_have_count(3)
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("ArrowUp")
    expect(panel.get_by_role("link").first).to_be_focused()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", level=1)).to_contain_text("TAKADA Ren")


def test_escape_leaves_the_suggestions(desk: Page) -> None:
    desk.goto("/")
    desk.locator("#site-q").press_sequentially("taka")
    expect(desk.locator("#site-found")).to_be_visible()
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Escape")
    expect(desk.locator("#site-found")).to_be_hidden()


def test_the_list_follows_the_words_and_keeps_them(desk: Page) -> None:
    desk.goto("/people?sort=new")
    words = desk.locator("#q")
    words.press_sequentially("taka", delay=150)
    expect(desk.locator("tr[data-row]")).to_have_count(2)
    words.press_sequentially("se", delay=30)
    expect(desk.locator("tr[data-row]")).to_have_count(1)
    expect(words).to_be_focused()
    expect(words).to_have_value("takase")
    desk.reload()
    expect(desk.locator("tr[data-row]")).to_have_count(1)
    assert "sort=new" in desk.url
