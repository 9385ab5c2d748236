"""The mission's pages and the person's door in a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from sqlmodel import Session, col, select

from crm.accounts.access import Actor
from crm.accounts.links import find_link
from crm.accounts.models import LinkPurpose, Office
from crm.core.mail import OutboxLetter
from crm.listings.actions import interests
from crm.listings.actions.requests import request_consent
from crm.listings.forms import InterestForm
from crm.listings.models import Listing, ListingState, Nomination
from tests.browsing import Enter, Site, faults_of_access
from tests.factories.accounts import an_actor
from tests.factories.listings import a_door, a_listing, a_public_listing

pytestmark = pytest.mark.browser
Check = Callable[[Page], None]


@pytest.fixture
def entries(site: Site) -> dict[str, str]:
    """Paths of pages with something on them."""
    with site.database.writing() as session:
        actor = an_actor(session)
        public = a_public_listing(session, actor)
        asked = a_listing(session, actor, full_name="Ada Invented", kanji=None, kana=None, email="ada@example.org")
        lost = a_listing(session, actor, full_name="Otto Erfunden", kanji=None, kana=None, email=None)
        request_consent(session, actor, site.url, [asked.id])
        said = {"full_name": "Yui Kasō", "institution": "Invented College", "country": "US", "email": "y@example.org"}
        nomination = Nomination(office_id=actor.office_id, fields=said)
        session.add(nomination)
        session.flush()
        waiting = an_interest(session, actor)
        confirmed = an_interest(session, actor)
        interests.confirm(session, find_link(session, LinkPurpose.NOMINATION, confirmed))
        entry = interests.entry_of(session, find_link(session, LinkPurpose.NOMINATION, confirmed))
        return {
            "list": "/listings",
            "worklist": "/listings/worklist",
            "public": f"/listings/{public.id}",
            "draft": f"/listings/{lost.id}",
            "preview": f"/listings/letters/check?ids={lost.id}&ids={public.id}&kind=request",
            "panel": f"/listings/of/{public.person_id}",
            "settings": "/listings/settings",
            "nomination": f"/listings/nominations/{nomination.id}",
            "interest": f"/listings/nominations/{entry.id}",
            "nominations": "/listings/nominations",
            "outbox": "/letters",
            "door": a_door(session, asked.id),
            "public door": a_door(session, public.id),
            "nominate": "/en/nominate/us-bos",
            "interested": "/en/interest/us-bos",
            "to confirm": f"/en/interest/entry/{waiting}",
            "handed in": f"/en/interest/entry/{confirmed}",
        }


INSIDE = (
    "list", "worklist", "public", "draft", "preview", "panel", "settings", "nomination", "nominations", "interest",
    "outbox",
)  # fmt: skip


def an_interest(session: Session, actor: Actor) -> str:
    """The secret of an entry that is not confirmed; its name is like that of somebody known."""
    door = interests.InterestDoor(session.get_one(Office, actor.office_id), "en", is_open=True)
    said = {"full_name": "Otto Erfunden", "email": "o@example.org", "country": "US", "wishes": ["study"]}
    form = InterestForm.model_validate({**said, "language": "ja", "contact": True, "source": "poster"})
    interests.keep_interest(session, door, "link:", form)
    letter = session.exec(select(OutboxLetter).order_by(col(OutboxLetter.id).desc())).first()
    assert letter is not None
    return next(word[5:] for word in letter.text.split() if word.startswith("link:"))


def test_the_missions_pages_are_sound(
    enter: Enter, entries: dict[str, str], check_page: Check, both_languages: str
) -> None:
    page = enter(language=both_languages)
    for name in INSIDE:
        page.goto(entries[name])
        check_page(page)
    page.goto(entries["outbox"])
    page.locator("tbody a.name").first.click()
    check_page(page)


def test_the_doors_are_sound(page: Page, entries: dict[str, str], check_page: Check, both_languages: str) -> None:
    for name in ("door", "public door", "nominate", "interested", "to confirm", "handed in"):
        page.goto(entries[name].replace("/en/", f"/{both_languages}/"))
        check_page(page)


def test_from_the_request_to_the_public_page(
    enter: Enter, site: Site, new_page: Callable[..., Page], entries: dict[str, str]
) -> None:
    """Ask, read the letter in the outbox, agree as the researcher, publish, see the page."""
    page = enter()
    with site.database.writing() as session:
        listing = session.exec(select(Listing).where(Listing.state == ListingState.DRAFT)).one()
    page.goto("/listings/worklist")
    page.get_by_label("E-mail address of Otto Erfunden").fill("otto@example.org")
    page.get_by_role("button", name="Add the address").click()
    page.goto("/listings?state=draft")
    page.get_by_label("Choose Otto Erfunden").check()
    page.get_by_role("button", name="Ask the chosen people…").click()
    page.get_by_role("button", name="Write to 1 person").click()
    page.goto("/letters")
    page.locator("tbody a.name").first.click()
    address = page.locator(".letter-text a").first.get_attribute("href")
    assert address is not None
    researcher = new_page()
    researcher.goto(address)
    researcher.get_by_role("button", name="I agree: list me like this").click()
    assert researcher.get_by_text("Thank you. Your entry is confirmed.").is_visible()
    page.goto(f"/listings/{listing.id}")
    page.get_by_role("button", name="Publish").click()
    page.get_by_role("link", name="Open the public page").click()
    assert page.get_by_role("heading", name="Otto Erfunden").is_visible()


def test_the_printed_letter_is_in_the_persons_language(
    enter: Enter, entries: dict[str, str], both_languages: str
) -> None:
    page = enter(language=both_languages)
    page.goto(entries["public"])
    page.get_by_role("button", name="ご本人用リンク" if both_languages == "ja" else "Personal link").click()
    letter = page.locator("article.letter")
    assert letter.get_attribute("lang") == "ja"
    assert "高瀬真理 様" in letter.inner_text()
    assert "/ja/confirm/" in letter.inner_text()
    assert not faults_of_access(page)
