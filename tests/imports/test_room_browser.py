"""The import pages in a real browser: progress without a reload, accessibility, HTML, phones."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from crm.people.actions.batch import add_people
from crm.people.entries import PersonEntry
from crm.people.models import Basis
from tests.browsing import Enter, Site, picture
from tests.factories.accounts import an_actor
from tests.imports.test_reading_bad_files import BAD

pytestmark = pytest.mark.browser
SAMPLE = BAD.parent / "samples" / "germany-cp932.csv"


def test_every_import_page_is_sound(
    enter: Enter, site: Site, both_languages: str, check_page: Callable[[Page], None]
) -> None:
    with site.database.writing() as session:
        actor = an_actor(session, "attache", "de-emb")
        known = PersonEntry("徳永 恵", kana="トクナガ メグミ", institution="Universitaet zu Koeln")
        add_people(session, actor, [known], Basis.OWN_CONTACT)
    page = enter("attache", "de-emb", both_languages)

    def seen(name: str) -> None:
        check_page(page)
        picture(page, f"{both_languages}-{name}")

    page.goto("/imports")
    seen("empty")
    page.goto("/imports/new")
    seen("new")
    page.locator("input[type=file]").set_input_files(SAMPLE)
    page.locator("main form .primary").click()
    page.wait_for_url("**/imports/*-*")
    where = page.url
    expect(page.locator("#progress progress")).to_be_visible()
    picture(page, f"{both_languages}-reading")
    site.worker.run_all()
    page.locator("#progress a[href]").filter(visible=True).first.wait_for()
    page.goto(where)
    seen("preview")
    page.goto(where + "?outcome=perhaps")
    seen("perhaps")
    page.goto(where + "/columns")
    seen("columns")
    page.goto(where)
    page.locator("main .cluster .primary").click()
    site.worker.run_all()
    page.goto(where)
    seen("applied")
    page.goto(where + "/undo")
    seen("undo")
    page.goto("/imports")
    seen("list")


def test_a_refused_file_says_what_to_do(
    enter: Enter, site: Site, both_languages: str, check_page: Callable[[Page], None]
) -> None:
    page = enter(language=both_languages)
    page.goto("/imports/new")
    page.locator("input[type=file]").set_input_files(BAD / "two-encodings.csv")
    page.locator("main form .primary").click()
    page.wait_for_url("**/imports/*-*")
    where = page.url
    site.worker.run_all()
    for name, address in (("refused", where), ("refused-columns", where + "/columns")):
        page.goto(address)
        check_page(page)
        picture(page, f"{both_languages}-{name}")
