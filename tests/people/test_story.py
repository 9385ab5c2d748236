"""The story of a person: from all rooms, as far as the reader may see, filtered by kind."""

from typing import Any

import pytest
from lxml import html
from starlette.testclient import TestClient

from crm.core.db import Database
from crm.core.mail import Letter, post
from crm.listings.actions.drafting import draft_listing
from crm.listings.actions.publishing import withdraw
from crm.people.models import Person
from crm.tasks.actions import complete_task
from tests.conftest import SignIn
from tests.factories.accounts import an_actor
from tests.factories.interactions import a_contact, a_task
from tests.factories.people import a_person, a_share

pytestmark = pytest.mark.both


@pytest.fixture
def mari(database: Database) -> Person:
    with database.writing() as session:
        boston, berlin = an_actor(session), an_actor(session, office_code="de-ber-test")
        person = a_person(session, boston)
        a_share(session, person, boston, berlin)
        a_contact(session, boston, person, text="Our contact")
        complete_task(session, boston, a_task(session, boston, person, title="Our task").id)
        letter = Letter("listing_request", "takase@example.org", "TAKASE Mari", "Our letter", "Dear …", "en")
        post(session, letter, office_id=boston.office_id, person_id=person.id)
        withdraw(session, boston, draft_listing(session, boston, person))
        return person


def told(desk: TestClient, path: str) -> list[str]:
    page: Any = html.fromstring(desk.get(path).text)
    return [" ".join(each.text_content().split()) for each in page.xpath("//li[@class='chapter']/h3")]


def test_all_rooms_tell_their_part(sign_in: SignIn, mari: Person) -> None:
    desk = sign_in("attache", "us-bos")
    story = told(desk, f"/people/{mari.id}")
    assert [word for word in ("Meeting", "Our task", "Our letter", "PI Map entry: Withdrawn") if word in story] == [
        "Meeting", "Our task", "Our letter", "PI Map entry: Withdrawn",
    ]  # fmt: skip
    assert told(desk, f"/people/{mari.id}/story") == story
    assert told(desk, f"/people/{mari.id}/story?kind=letter") == ["Our letter"]
    assert told(desk, f"/people/{mari.id}/story?kind=nonsense") == []


def test_another_office_that_sees_the_person_is_told_nothing_of_it(sign_in: SignIn, mari: Person) -> None:
    assert told(sign_in("attache", "de-ber-test"), f"/people/{mari.id}/story") == []


def test_a_role_without_letters_or_entries_is_not_told_of_them(sign_in: SignIn, mari: Person) -> None:
    assert told(sign_in("officer", "us-bos"), f"/people/{mari.id}").count("PI Map entry: Withdrawn") == 0
    fellow = told(sign_in("fellow", "us-bos"), f"/people/{mari.id}")
    assert "Our letter" not in fellow and "Our task" in fellow
