"""The listed person's own door."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from crm.core.columns import now
from crm.core.db import Database
from crm.core.mail import OutboxLetter
from crm.listings.models import Confirmation, Listing, ListingState, Snapshot
from crm.people.models import Person, SearchKey
from crm.privacy.models import ConsentReceipt
from tests.conftest import SignIn
from tests.factories.accounts import an_actor
from tests.factories.listings import a_door, a_listing, a_public_listing

pytestmark = pytest.mark.both

AGREE = {
    "act": "agree",
    "full_name": "Takase Mari",
    "kanji": "髙瀬真理",
    "kana": "たかせ まり",
    "latin": "Mari Takase",
    "title": "Professor",
    "institution": "Invented Institute of Tides",
    "keywords": "tidal energy\n潮汐",
    "languages": ["ja", "en"],
    "page": "https://tides.example.org/takase",
    "fields": ["title", "keywords", "links"],
    "search_engines": "true",
}


@pytest.fixture
def draft(database: Database) -> tuple[Listing, str]:
    with database.writing() as session:
        listing = a_listing(session, an_actor(session))
        return listing, a_door(session, listing.id)


def form(listing: Listing, **changes: Any) -> dict[str, Any]:
    return {**AGREE, "version": listing.version, **changes}


def stored(database: Database) -> Listing:
    with database.reading() as session:
        return session.exec(select(Listing)).one()


def test_looking_changes_nothing(client: TestClient, database: Database, draft: tuple[Listing, str]) -> None:
    listing, door = draft
    for path in (door, door.replace("/en/", "/ja/")):
        page = client.get(path)
        assert page.status_code == 200
        assert "高瀬真理" in page.text
        assert page.headers["referrer-policy"] == "no-referrer"
        assert "mari.takase@example.org" not in page.text
        assert "private note" not in page.text
    after = stored(database)
    assert (after.state, after.opened_at, after.version) == (ListingState.DRAFT, None, listing.version)


def test_agreeing_keeps_receipts_corrections_and_a_snapshot_that_is_not_public_yet(
    client: TestClient, database: Database, draft: tuple[Listing, str]
) -> None:
    listing, door = draft
    assert client.post(door, data=form(listing)).status_code == 303
    assert stored(database).state is ListingState.AGREED
    with database.reading() as session:
        snapshot = session.exec(select(Snapshot)).one()
        assert not snapshot.public
        assert snapshot.entry["title"] == "Professor"
        assert snapshot.entry["names"]["kanji"] == "髙瀬真理"
        assert snapshot.entry["names"]["kana"] is None
        assert "city" not in snapshot.entry
        purposes = sorted(receipt.purpose.value for receipt in session.exec(select(ConsentReceipt)))
        assert purposes == ["public_listing", "search_engines"]
        assert [letter.kind for letter in session.exec(select(OutboxLetter))] == ["listing_thanks"]
        assert session.exec(select(SearchKey).where(SearchKey.person_id == listing.person_id)).first()


def test_showing_the_corrections_is_no_consent(
    client: TestClient, database: Database, draft: tuple[Listing, str]
) -> None:
    listing, door = draft
    assert client.post(door, data=form(listing, act="show")).status_code == 303
    after = stored(database)
    assert after.state is ListingState.DRAFT
    assert after.opened_at is not None
    with database.reading() as session:
        assert session.exec(select(ConsentReceipt)).all() == []
        assert session.exec(select(Person)).one().kanji == "髙瀬真理"


def test_two_answers_at_once_the_second_is_told_to_look_again(
    client: TestClient, database: Database, draft: tuple[Listing, str]
) -> None:
    listing, door = draft
    assert client.post(door, data=form(listing)).status_code == 303
    second = client.post(door, data=form(listing, act="decline"))
    assert second.status_code == 409
    assert "changed a moment ago" in second.text
    assert stored(database).state is ListingState.AGREED


def test_declining_asks_for_nothing_but_the_press(
    client: TestClient, database: Database, draft: tuple[Listing, str]
) -> None:
    listing, door = draft
    half_typed = form(listing, act="decline", full_name="", page="not an address")
    assert client.post(door, data=half_typed).status_code == 303
    assert stored(database).state is ListingState.DECLINED
    assert client.get(door).status_code == 200


def test_withdrawing_hides_at_once(client: TestClient, database: Database) -> None:
    with database.writing() as session:
        listing = a_public_listing(session, an_actor(session))
        door = a_door(session, listing.id)
        slug = session.exec(select(Snapshot.slug)).one()
    assert client.get(f"/en/map/{slug}").status_code == 200
    assert client.post(door, data=form(listing, act="withdraw")).status_code == 303
    assert client.get(f"/en/map/{slug}").status_code == 410
    with database.reading() as session:
        assert not session.exec(select(Snapshot)).one().public


def test_an_expired_link_says_so_and_a_tampered_one_is_unknown(
    client: TestClient, database: Database, draft: tuple[Listing, str]
) -> None:
    listing, door = draft
    with database.writing() as session:
        old = a_door(session, listing.id, days=-1)
    for answer in (client.get(old), client.post(old, data=form(listing))):
        assert answer.status_code == 410
        assert "expired" in answer.text
    for answer in (client.get(door[:-1] + "~"), client.post(door + "x", data=form(listing))):
        assert answer.status_code == 404
    assert stored(database).state is ListingState.DRAFT


BAD = {
    "no name": ({"full_name": ""}, "fill this in"),
    "a name of 400 characters": ({"full_name": "あ" * 400}, "300 characters"),
    "a script for an address": ({"page": "javascript:alert(1)"}, "begins with https://"),
    "an address without a host": ({"page": "https://"}, "begins with https://"),
}


@pytest.mark.parametrize("what", list(BAD))
def test_bad_input_is_said_beside_the_field_and_nothing_is_lost(
    client: TestClient, database: Database, draft: tuple[Listing, str], what: str
) -> None:
    listing, door = draft
    changes, sentence = BAD[what]
    answer = client.post(door, data=form(listing, **changes, unit="Typed and kept"))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Typed and kept" in answer.text
    assert stored(database).state is ListingState.DRAFT


@pytest.mark.parametrize("name", ["あ" * 300, "د. ليلى", "🦀 Ada", "Ada\x00Bo"])
def test_odd_names_survive(client: TestClient, database: Database, draft: tuple[Listing, str], name: str) -> None:
    listing, door = draft
    assert client.post(door, data=form(listing, full_name=name)).status_code == 303
    with database.reading() as session:
        assert session.exec(select(Person)).one().full_name == name.replace("\x00", "")


def test_a_public_entry_confirmed_again_stays_public_with_a_new_date(client: TestClient, database: Database) -> None:
    with database.writing() as session:
        listing = a_public_listing(session, an_actor(session))
        listing.confirm_by = now() - timedelta(days=1)
        listing.state = ListingState.DUE
        session.flush()
        door = a_door(session, listing.id)
    assert client.post(door, data=form(listing)).status_code == 303
    after = stored(database)
    assert after.state is ListingState.PUBLISHED
    assert after.confirm_by is not None
    assert after.confirm_by > now() + timedelta(days=300)
    with database.reading() as session:
        assert session.exec(select(Snapshot)).one().public


def test_answers_that_came_in_wait_for_the_office_alone(
    client: TestClient, database: Database, draft: tuple[Listing, str], sign_in: SignIn
) -> None:
    listing, door = draft
    desk = sign_in()
    assert "No answers yet" in desk.get("/listings/answers").text
    with database.writing() as session:
        a_public_listing(session, an_actor(session), full_name="Ono Taro", kanji="大野太郎", email="ono@example.org")
    assert "大野太郎" not in desk.get("/listings/answers").text, "what staff publish is no answer"
    assert client.post(door, data=form(listing)).status_code in (200, 303)
    page = desk.get("/listings/answers").text
    assert "髙瀬真理" in page and "Agreed" in page
    assert "Answers of this week" in desk.get("/").text
    assert "髙瀬真理" not in sign_in(office="us-chi").get("/listings/answers").text
    with database.writing() as session:
        for move in session.exec(select(Confirmation)):
            move.created_at = now() - timedelta(days=8)
    assert "No answers yet" in desk.get("/listings/answers").text
