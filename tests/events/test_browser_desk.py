"""In a real browser: fields of a letter as one types; badges and second thoughts at the reception desk."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import Session, select

from crm.core.columns import now
from crm.events.models import CheckIn, Companion, Event, Guest, Reply
from tests.browsing import NARROW, Enter, Site
from tests.events.test_pictures import a_photo
from tests.factories.accounts import an_actor
from tests.factories.events import a_guest, an_event

pytestmark = pytest.mark.browser


def test_fields_of_a_letter_are_put_in_and_checked_as_one_types(
    site: Site, enter: Enter, check_page: Callable[[Page], None]
) -> None:
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
    check_page(page)


def tonight(session: Session) -> Event:
    actor = an_actor(session)
    event = an_event(session, actor)
    event.starts_at, event.ends_at = now() - timedelta(minutes=30), now() + timedelta(hours=2)
    guest = a_guest(session, actor, event, "Ann Example")
    guest.reply, guest.places = Reply.VENUE, 1
    session.flush()
    return event


def inside(site: Site) -> int:
    with site.database.reading() as session:
        return len(session.exec(select(CheckIn)).all())


def at_the_desk(page: Page, event: Event, door: str) -> Page:
    page.goto(f"/events/{event.id}/door?at={door}&q=ann")
    expect(page.locator("#door[data-ready]")).to_be_attached()
    return page


def told(page: Page) -> AbstractContextManager[object]:
    """Around what is noted at a desk: until the server has answered to it."""
    return page.expect_response(
        lambda answer: answer.url.endswith("/door/sync") and '"guest"' in (answer.request.post_data or "")
    )


ASK = "dispatchEvent(new Event('online'))"


def test_what_one_desk_takes_back_the_other_forgets_without_a_reload(
    site: Site, enter: Enter, new_page: Callable[..., Page]
) -> None:
    with site.database.writing() as session:
        event = tonight(session)
    first, second = (at_the_desk(enter(page=new_page(viewport=NARROW)), event, door) for door in "AB")
    with told(first):
        first.get_by_role("button", name="Let in Ann Example").click()
    expect(first.locator("#door-inside")).to_have_text("1")
    second.evaluate(ASK)
    expect(second.get_by_text("Ann Example is inside", exact=True)).to_be_visible()
    with told(second):
        second.get_by_role("button", name="Undo: Ann Example is inside").press("Enter")
    expect(second.get_by_role("button", name="Let in Ann Example")).to_be_focused()
    expect(second.locator("#door-inside")).to_have_text("0")
    expect(second.locator("#door-state")).to_have_text("Connected")
    first.evaluate(ASK)
    expect(first.get_by_role("button", name="Let in Ann Example")).to_be_visible()
    expect(first.locator("#door-inside")).to_have_text("0")
    assert inside(site) == 0
    for desk in (first, second):
        with told(desk):
            desk.get_by_role("button", name="Let in Ann Example").click()
        expect(desk.locator("#door-state")).to_have_text("Connected")
    assert inside(site) == 1


def test_a_second_thought_without_a_network_is_told_later(
    site: Site, enter: Enter, new_page: Callable[..., Page]
) -> None:
    with site.database.writing() as session:
        event = tonight(session)
    phone = at_the_desk(enter(page=new_page(viewport=NARROW)), event, "A")
    with told(phone):
        phone.get_by_role("button", name="Let in Ann Example").click()
    assert inside(site) == 1
    phone.context.set_offline(True)
    phone.get_by_role("button", name="Undo: Ann Example is inside").click()
    expect(phone.locator("#door-state")).to_contain_text("1 to be sent")
    expect(phone.get_by_text("Badges are corrected and printed when")).to_be_visible()
    expect(phone.get_by_role("link", name="Badge of Ann Example")).to_be_hidden()
    phone.context.set_offline(False)
    with told(phone):
        phone.evaluate(ASK)
    expect(phone.locator("#door-state")).to_have_text("Connected")
    assert inside(site) == 0


def test_who_walked_in_at_one_desk_is_known_at_the_other(
    site: Site, enter: Enter, new_page: Callable[..., Page]
) -> None:
    with site.database.writing() as session:
        event = tonight(session)
    first, second = (at_the_desk(enter(page=new_page(viewport=NARROW)), event, door) for door in "AB")
    second.locator("#door-q").fill("wanda")
    expect(second.get_by_text("Nobody on the list matches.")).to_be_visible()
    first.get_by_text("Somebody who is not on the list").click()
    first.locator("#f-name").fill("Wanda Walkin")
    first.get_by_role("button", name="Let in", exact=True).click()
    expect(first.get_by_text("Wanda Walkin is inside", exact=True)).to_be_visible()
    expect(first.locator("#door-state")).to_have_text("Connected")
    second.evaluate(ASK)
    expect(second.get_by_text("Wanda Walkin is inside", exact=True)).to_be_visible()
    expect(second.locator("#door-inside")).to_have_text("1")
    second.evaluate("navigator.serviceWorker.ready.then(() => true)")
    second.reload()  # now through the service worker
    expect(second.locator("#door[data-ready]")).to_be_attached()
    second.context.set_offline(True)
    second.reload()
    second.locator("#door-q").fill("wanda")
    expect(second.get_by_text("Wanda Walkin is inside", exact=True)).to_be_visible()


def test_one_visit_is_enough_to_work_without_a_network(
    site: Site, enter: Enter, new_page: Callable[..., Page], check_page: Callable[[Page], None]
) -> None:
    with site.database.writing() as session:
        event = tonight(session)
        honoured = session.exec(select(Guest)).one()
        honoured.honoured, honoured.escort, honoured.reply = True, "Emi Escort", Reply.NO
    phone = at_the_desk(enter(page=new_page(viewport=NARROW)), event, "A")
    expect(phone.locator("#door[data-kept]")).to_be_attached()
    phone.context.set_offline(True)
    phone.reload()
    expect(phone.get_by_text("has said no")).to_be_visible()
    phone.get_by_role("button", name="Let in Ann Example").click()
    expect(phone.get_by_role("alert")).to_have_text("Guest of honour has arrived: Ann Example · Escort: Emi Escort")
    phone.get_by_text("Somebody who is not on the list").click()
    phone.locator("#f-name").fill("Wanda Walkin")
    phone.locator("#f-name").press("Enter")
    expect(phone.get_by_text("Wanda Walkin is inside", exact=True)).to_be_visible()
    expect(phone.locator("#door-state")).to_contain_text("2 to be sent")
    check_page(phone)
    phone.reload()
    phone.get_by_role("link", name="Guest list").first.click()
    phone.get_by_role("link", name="Back to the desk").click()
    phone.locator("#door-q").fill("walkin")
    expect(phone.get_by_text("Wanda Walkin is inside", exact=True)).to_be_visible()
    phone.context.set_offline(False)
    with told(phone):
        phone.evaluate(ASK)
    expect(phone.locator("#door-state")).to_have_text("Connected")
    assert inside(site) == 2
    with site.database.reading() as session:
        listed = {one.name: (one.reply, one.source) for one in session.exec(select(Guest))}
    assert listed == {"Ann Example": (Reply.VENUE, None), "Wanda Walkin": (Reply.VENUE, "door")}


def test_a_badge_is_corrected_on_the_way(site: Site, enter: Enter, check_page: Callable[[Page], None]) -> None:
    with site.database.writing() as session:
        event = tonight(session)
        session.add(Companion(guest_id=session.exec(select(Guest.id)).one(), place=1, name="Kim Example"))
    page = at_the_desk(enter(), event, "A")
    check_page(page)
    page.get_by_role("link", name="Badge of Ann Example").click()
    expect(page.get_by_label("Name on the badge")).to_have_count(2)
    check_page(page)
    page.get_by_label("Name on the badge").first.fill("Anne Example")
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.get_by_text("The badge has been corrected.")).to_be_visible()
    page.get_by_role("link", name="Back to the desk").click()
    expect(page.get_by_role("button", name="Let in Anne Example")).to_be_visible()


def test_a_photograph_is_described_and_vouched_for_by_keyboard(
    site: Site, enter: Enter, check_page: Callable[[Page], None]
) -> None:
    with site.database.writing() as session:
        event = tonight(session)
    page = enter()
    page.goto(f"/events/{event.id}/report")
    page.get_by_label("Photographs to add").set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": a_photo(400, 300)}
    )
    page.get_by_role("button", name="Add", exact=True).press("Enter")
    expect(page.get_by_role("heading", name="Photograph 1")).to_be_visible()
    check_page(page)
    seen = page.get_by_role("group", name="What is to be seen")
    seen.get_by_label("Japanese").press_sequentially("庭園")
    seen.get_by_label("English").press_sequentially("A garden")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("img", name="A garden")).to_be_visible()
    expect(page.get_by_text("goes into the report")).to_be_visible()
    check_page(page)
