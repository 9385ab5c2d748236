"""In a real browser: fields of a letter as one types; badges and second thoughts at the reception desk."""

import pytest
from playwright.sync_api import expect

from tests.browsing import Enter, Site
from tests.factories.accounts import an_actor
from tests.factories.events import an_event

pytestmark = pytest.mark.browser


def test_fields_of_a_letter_are_put_in_and_checked_as_one_types(site: Site, enter: Enter) -> None:
    with site.database.writing() as session:
        event = an_event(session, an_actor(session))
    page = enter()
    page.goto(f"/events/{event.id}/letters")
    english = page.get_by_role("group", name="English")
    body, fault = english.get_by_label("Wording"), english.get_by_role("status")
    body.fill("Dear \nYours")
    for _ in "Yours\n":
        body.press("ArrowLeft")
    body.press("Tab")  # to "Put in a field", and from there to the first of them
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(body).to_have_value("Dear {salutation}\nYours")
    expect(body).to_be_focused()
    page.keyboard.type(" {nmae} {link")
    expect(fault).to_contain_text("There is no field {nmae}.")
    expect(fault).to_contain_text("A brace is open.")
    expect(body).to_have_attribute("aria-invalid", "true")
    body.fill("Dear {name}")
    expect(fault).to_be_empty()
    english.get_by_label("Subject").fill("{x}")
    expect(fault).to_contain_text("There is no field {x}.")
    english.get_by_role("button", name="Title of the event").click()
    expect(english.get_by_label("Subject")).to_have_value("{x}{event}")
