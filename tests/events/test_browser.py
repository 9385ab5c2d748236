"""In a real browser: the desk without a network, a guest on a phone, the host by keyboard."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import Session, select

from crm.core.columns import now
from crm.core.mail import OutboxLetter
from crm.events.models import CheckIn, Companion, Event, Guest, Reply
from tests.browsing import NARROW, Enter, Site
from tests.factories.accounts import an_actor
from tests.factories.events import a_door, a_guest, an_event, guests
from tests.factories.people import a_person

pytestmark = pytest.mark.browser


def tonight(session: Session) -> Event:
    actor = an_actor(session)
    event = an_event(session, actor)
    event.starts_at, event.ends_at = now() - timedelta(minutes=30), now() + timedelta(hours=2)
    [mari] = guests(session, actor, event, a_person(session, actor))
    ann = a_guest(session, actor, event, "Ann Example")
    for guest in (mari, ann):
        guest.reply, guest.places = Reply.VENUE, 2
    session.add(Companion(guest_id=ann.id, place=1, name="Kim Example"))
    session.flush()
    return event


def inside(site: Site) -> int:
    with site.database.reading() as session:
        return len(session.exec(select(CheckIn)).all())


def test_the_desk_works_without_a_network_and_tells_later_once(
    site: Site, enter: Enter, new_page: Callable[..., Page]
) -> None:
    with site.database.writing() as session:
        event = tonight(session)
    phone = enter(page=new_page(viewport=NARROW))
    phone.goto(f"/events/{event.id}/door?at=A")
    expect(phone.locator("#door[data-ready]")).to_be_attached()
    phone.evaluate("navigator.serviceWorker.ready.then(() => true)")
    phone.reload()  # now through the service worker, which keeps what the page is drawn with
    expect(phone.locator("#door[data-ready]")).to_be_attached()
    phone.context.set_offline(True)
    phone.reload()
    expect(phone.locator("#door[data-ready]")).to_be_attached()
    expect(phone.locator("#door-state")).to_contain_text("No network")
    phone.locator("#door-q").press_sequentially("タカセ")
    phone.get_by_role("button", name="Let in 高瀬 真理").click()
    expect(phone.get_by_text("高瀬 真理 is inside")).to_be_visible()
    phone.locator("#door-q").fill("ann")
    phone.get_by_role("button", name="Let in Kim Example").click()
    expect(phone.locator("#door-state")).to_contain_text("2 to be sent")
    assert inside(site) == 0
    phone.reload()
    expect(phone.locator("#door-state")).to_contain_text("2 to be sent")
    phone.context.set_offline(False)
    phone.evaluate("dispatchEvent(new Event('online'))")
    expect(phone.locator("#door-state")).to_have_text("Connected")
    assert inside(site) == 2
    phone.reload()
    expect(phone.locator("#door-state")).to_have_text("Connected")
    assert inside(site) == 2


KEPT = (
    "new Promise(resolve => { const asked = indexedDB.open('meguri-door');"
    " asked.onsuccess = () => { const box = asked.result; if (!box.objectStoreNames.length) return resolve(0);"
    " const all = box.transaction('lists').objectStore('lists').getAll();"
    " all.onsuccess = () => resolve(all.result.length); }; })"
)


@pytest.mark.parametrize("how", ["by itself", "from afar"])
def test_a_phone_that_is_signed_out_keeps_no_list(site: Site, enter: Enter, how: str) -> None:
    with site.database.writing() as session:
        event = tonight(session)
    page = enter()
    page.goto(f"/events/{event.id}/door")
    expect(page.locator("#door[data-ready]")).to_be_attached()
    assert page.evaluate(KEPT) == 1
    if how == "by itself":
        page.locator("details.me summary").click()
        page.get_by_role("button", name="Sign out").click()
    else:  # a lost phone: its session is ended, and it asks once more
        page.context.clear_cookies(name="meguri_session")
        page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_url("**/sign-in**")
    assert page.evaluate(KEPT) == 0
    kept = page.evaluate("caches.open('meguri-door-1').then(box => box.keys()).then(all => all.map(one => one.url))")
    assert [address for address in kept if "/static/" not in address] == []


def test_a_code_is_read_and_lets_the_guest_in(site: Site, enter: Enter) -> None:
    with site.database.writing() as session:
        event = tonight(session)
    with site.database.reading() as session:
        mari = session.exec(select(Guest).where(Guest.person_id.is_not(None))).one()  # type: ignore[union-attr]
    page = enter()
    page.goto(f"/events/{event.id}/door")
    expect(page.locator("#door[data-ready]")).to_be_attached()
    source = page.locator("script[src*='door.js']").get_attribute("src")
    page.evaluate(f"import('{source}').then(desk => desk.seen('meguri:{mari.code}'))")
    expect(page.get_by_text("高瀬 真理 is inside")).to_be_visible()
    page.evaluate(f"import('{source}').then(desk => desk.seen('meguri:222222222222'))")
    expect(page.get_by_text("This code is not on the list")).to_be_visible()
    expect(page.locator("#door-state")).to_have_text("Connected")
    assert inside(site) == 1


def test_a_guest_answers_on_a_phone_in_a_few_taps(
    site: Site, new_page: Callable[..., Page], check_page: Callable[[Page], None]
) -> None:
    with site.database.writing() as session:
        actor = an_actor(session)
        event = an_event(session, actor, companions=1)
        door = a_door(session, a_guest(session, actor, event), event)
    phone = new_page(viewport=NARROW)
    phone.goto(door)
    phone.get_by_label("In person").check()
    phone.get_by_label("Name of accompanying guest 1").fill("Kim Example")
    phone.get_by_role("button", name="Send my answer").click()
    expect(phone.get_by_text("Thank you. We look forward to seeing you.")).to_be_visible()
    expect(phone.get_by_role("img", name="Code for the reception desk")).to_be_visible()
    expect(phone.locator("time[data-local]")).not_to_be_empty()
    for language, heading in (("Deutsch", "Ihr Code für den Empfang"), ("Français", "Votre code pour l’accueil")):
        phone.get_by_role("link", name=language).click()
        expect(phone.get_by_role("heading", name=heading)).to_be_visible()
        check_page(phone)


def test_from_the_plan_to_the_letters_by_keyboard(site: Site, enter: Enter) -> None:
    with site.database.writing() as session:
        a_person(session, an_actor(session))
    page = enter()
    page.goto("/events")
    page.keyboard.press("n")
    page.get_by_role("group", name="Title of the event").get_by_label("English").press_sequentially("Tea for two")
    page.get_by_role("group", name="Title of the event").get_by_label("Japanese").press_sequentially("お茶会")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Tea for two")).to_be_visible()
    page.get_by_role("link", name="Guest list", exact=True).press("Enter")
    expect(page.get_by_role("heading", name="Guest list")).to_be_visible()
    page.keyboard.press("n")
    page.get_by_role("checkbox", name="高瀬").press("Space")
    page.get_by_role("button", name="Put the ticked on the list").press("Enter")
    expect(page.get_by_text("1 guest has been added.")).to_be_visible()
    page.get_by_role("link", name="Letters", exact=True).last.press("Enter")
    page.get_by_role("button", name="Save the texts").press("Enter")
    page.get_by_role("button", name="Send 1 letter").press("Enter")
    expect(page.get_by_text("1 letter is being written.")).to_be_visible()
    site.worker.run_all()
    with site.database.reading() as session:
        assert "お茶会" in session.exec(select(OutboxLetter)).one().subject


def test_a_guest_is_drawn_to_a_table(site: Site, enter: Enter) -> None:
    with site.database.writing() as session:
        event = tonight(session)
    with site.database.writing() as session:
        session.exec(select(Guest).where(Guest.name == "Ann Example")).one().seat_at = "A"
    page = enter()
    page.goto(f"/events/{event.id}/seats")
    page.locator("label.choice", has_text="高瀬").drag_to(page.locator("[data-table=A]"))
    expect(page.locator("[data-table=A]")).to_contain_text("高瀬 真理")
