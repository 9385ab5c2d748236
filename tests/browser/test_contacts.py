"""A contact logged on a phone, by keyboard, and without a connection."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import col, select

from crm.interactions.models import Interaction, Participant
from crm.people.models import Person
from tests.browsing import NARROW, Enter, Site
from tests.factories.accounts import an_actor
from tests.factories.interactions import a_contact, a_task
from tests.factories.people import a_person, people_called

pytestmark = pytest.mark.browser


@pytest.fixture
def mari(site: Site) -> Person:
    with site.database.writing() as session:
        actor = an_actor(session)
        people_called(session, actor, "TAKADA Ren")
        person = a_person(session, actor)
        a_contact(session, actor, person, ago=210)
        a_task(session, actor, person, in_days=-2)
        return person


def stored(site: Site) -> list[Interaction]:
    with site.database.reading() as session:
        return list(session.exec(select(Interaction).order_by(col(Interaction.at))))[1:]


@pytest.mark.usefixtures("mari")
def test_a_contact_is_logged_on_a_phone_in_a_few_taps(site: Site, enter: Enter, new_page: Callable[..., Page]) -> None:
    phone = enter(page=new_page(viewport=NARROW))
    phone.goto("/")
    phone.locator(".log").click()
    phone.locator("#f-who").press_sequentially("takase")
    phone.get_by_role("checkbox", name="高瀬").check()
    expect(phone.locator("#f-who")).to_have_value("")
    phone.locator("#f-who").press_sequentially("takada")
    phone.get_by_role("checkbox", name="TAKADA Ren").check()
    phone.locator("#f-who").press_sequentially("Somebody New")
    phone.get_by_role("checkbox", name="Add “Somebody New” as a new person").click()
    expect(phone.locator("#who input:checked")).to_have_count(3)
    phone.get_by_label("What was said").fill("Met at the fair")
    phone.get_by_role("button", name="Save").click()
    expect(phone.get_by_text("The contact has been logged.")).to_be_visible()
    [logged] = stored(site)
    with site.database.reading() as session:
        there = session.exec(select(Participant).where(Participant.interaction_id == logged.id)).all()
    assert (logged.text, len(there)) == ("Met at the fair", 3)


def test_what_is_written_without_a_connection_is_sent_later_and_once(site: Site, enter: Enter, mari: Person) -> None:
    page = enter()
    page.goto(f"/people/{mari.id}")
    expect(page.get_by_text("There is no entry on the PI Map.")).to_be_visible()
    page.context.set_offline(True)
    page.get_by_label("What was said").fill("On the train")
    page.get_by_role("button", name="Log it").click()
    expect(page.get_by_text("Kept on this device")).to_be_visible()
    assert stored(site) == []
    page.context.set_offline(False)
    expect(page.locator(".story").get_by_text("On the train")).to_be_visible()
    page.reload()
    page.reload()
    assert [logged.text for logged in stored(site)] == ["On the train"]
    expect(page.get_by_text("Kept on this device")).to_have_count(0)


def test_what_is_written_after_the_session_ended_waits_for_the_sign_in(site: Site, enter: Enter, mari: Person) -> None:
    page = enter()
    page.goto(f"/people/{mari.id}")
    session_of_the_user = page.context.cookies()
    page.context.clear_cookies()
    page.get_by_label("What was said").fill("Just too late")
    page.get_by_role("button", name="Log it").click()
    expect(page.get_by_label("Password")).to_be_visible()
    assert stored(site) == []
    page.context.add_cookies([{**one} for one in session_of_the_user])  # type: ignore[typeddict-item]
    page.goto(f"/people/{mari.id}")
    expect(page.locator(".story").get_by_text("Just too late")).to_be_visible()
    assert [logged.text for logged in stored(site)] == ["Just too late"]


def test_contacts_without_a_connection_on_a_phone_are_each_kept_and_what_is_being_typed_stays(
    site: Site, enter: Enter, mari: Person, new_page: Callable[..., Page]
) -> None:
    phone = enter(page=new_page(viewport=NARROW))
    phone.goto(f"/interactions/new?people={mari.id}")
    chosen = phone.locator("#who input:checked")
    phone.context.set_offline(True)
    phone.get_by_label("What was said").fill("First")
    phone.get_by_role("button", name="Save").click()
    note = phone.get_by_text("Kept on this device")
    expect(note).to_be_in_viewport()
    expect(phone.locator("#kept")).to_be_focused()
    expect(chosen).to_have_count(0)
    # Without a line nobody can be looked for, so the test puts the person in
    put_in = """id => document.querySelector('#who').append(Object.assign(
        document.createElement('input'), { type: 'checkbox', name: 'people', value: id, checked: true }))"""
    phone.evaluate(put_in, str(mari.id))
    phone.get_by_label("What was said").fill("Second")
    phone.get_by_role("button", name="Save").click()
    expect(chosen).to_have_count(0)
    phone.get_by_label("What was said").fill("Third, and not yet d")
    phone.context.set_offline(False)
    expect(phone.locator("#kept")).to_contain_text("Second")
    expect(phone.locator("#live")).to_contain_text("First")
    phone.keyboard.type("one")
    expect(phone.get_by_label("What was said")).to_have_value("Third, and not yet done")
    assert sorted(logged.text for logged in stored(site)) == ["First", "Second"]


def test_what_was_refused_later_comes_back_into_its_form(site: Site, enter: Enter, mari: Person) -> None:
    page = enter()
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    long = "あいうえお" * 3_000 + " without a day"
    page.goto(f"/interactions/new?people={mari.id}")
    page.get_by_label("What was said").fill(long)
    page.get_by_label("What comes next").fill("Call")
    page.locator("[name=careful]").evaluate("box => { box.checked = true }")
    page.context.set_offline(True)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Kept on this device")).to_be_visible()
    page.context.set_offline(False)
    page.get_by_role("link", name="Look at it again").click()
    expect(page.get_by_label("What was said")).to_have_value(long)
    expect(page.get_by_role("checkbox", name="Handle with care")).to_be_checked()
    # Looked at is not saved: it is still there
    page.goto("/")
    page.get_by_role("link", name="Look at it again").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("By when?")
    page.get_by_label("By", exact=True).fill("2027-01-15")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Contacts")).to_be_visible()
    expect(page.get_by_text("Kept on this device")).to_have_count(0)
    assert page.evaluate("localStorage.getItem('send-later')") == "[]"
    assert [logged.text for logged in stored(site)] == [long]
    assert max(len(address) for address in addresses) < 250


def test_a_long_story_goes_on_where_it_stopped(site: Site, enter: Enter, mari: Person) -> None:
    with site.database.writing() as session:
        actor = an_actor(session)
        for number in range(20):
            a_contact(session, actor, session.get_one(Person, mari.id), ago=number, text=f"Talk number {number}")
    page = enter()
    page.goto(f"/people/{mari.id}")
    expect(page.locator(".story").get_by_text("Talk number 0", exact=True)).to_be_visible()
    expect(page.get_by_text("Talk number 19")).to_have_count(0)
    page.wait_for_load_state("networkidle")  # the panels that come later move what stands below them
    page.get_by_role("link", name="Earlier").click()
    expect(page.get_by_text("Talk number 19")).to_be_visible()
    expect(page.get_by_text("Talk number 0", exact=True)).to_be_visible()


def test_what_is_wrong_is_said_without_leaving_the_page(enter: Enter, mari: Person) -> None:
    page = enter()
    page.goto(f"/interactions/new?people={mari.id}")
    page.get_by_label("What was said").fill("Kept text")
    page.get_by_label("What comes next").fill("Call")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("By when?")
    expect(page.get_by_label("What was said")).to_have_value("Kept text")


def test_a_follow_up_is_done_and_opened_again_with_the_keyboard(enter: Enter, mari: Person) -> None:
    page = enter()
    page.goto("/")
    page.get_by_role("button", name="Done: Send the calls").press("Enter")
    expect(page.get_by_text("1 done today")).to_be_visible()
    page.get_by_role("button", name="Open again: Send the calls").press("Enter")
    expect(page.get_by_text("2 days overdue")).to_be_visible()
    page.locator(".task summary").first.press("Enter")
    page.get_by_role("button", name="by a week").press("Enter")
    expect(page.get_by_text("in 7 days")).to_be_visible()


def test_the_pages_are_sound(
    enter: Enter, both_languages: str, mari: Person, site: Site, check_page: Callable[[Page], None]
) -> None:
    page = enter(language=both_languages)
    with site.database.reading() as session:
        first = session.exec(select(Interaction.id)).first()
    paths = ["/", "/tasks", "/tasks/new", "/interactions", f"/interactions/{first}", f"/interactions/{first}/edit"]
    for path in [
        *paths,
        f"/people/{mari.id}",
        f"/people/{mari.id}/story",
        f"/interactions/new?who=ta&people={mari.id}",
    ]:
        page.goto(path)
        check_page(page)


def test_a_pasted_signature_fills_the_form_in(
    enter: Enter, both_languages: str, check_page: Callable[[Page], None]
) -> None:
    page = enter(language=both_languages)
    page.goto("/people/new")
    page.locator("details", has=page.locator("#f-text")).locator("summary").press("Enter")
    page.locator("#f-text").fill("Kenji Morita, PhD\nGroup Leader, Example Institute\nkenji.morita@example.org")
    page.locator("form[action$=paste] button").press("Enter")
    expect(page.locator("#f-full_name")).to_have_value("Kenji Morita")
    expect(page.locator("#f-email")).to_have_value("kenji.morita@example.org")
    check_page(page)
