"""Entries of one office are nobody else's, and each role does what it may."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from crm.core.db import Database
from crm.listings.models import Listing
from tests.conftest import SignIn
from tests.factories.accounts import an_actor
from tests.factories.listings import a_listing, a_public_listing

pytestmark = pytest.mark.both
POSTS = ("publish", "hide", "withdraw", "fields", "consent", "link", "address")


@pytest.fixture
def listing(database: Database) -> Listing:
    with database.writing() as session:
        return a_listing(session, an_actor(session))


def test_another_office_sees_and_changes_nothing(listing: Listing, sign_in: SignIn) -> None:
    stranger = sign_in(office="uk")
    assert "高瀬" not in stranger.get("/listings").text
    assert "高瀬" not in stranger.get("/listings/worklist").text
    assert "高瀬" not in stranger.get(f"/listings/letters/check?ids={listing.id}").text
    assert stranger.get(f"/listings/{listing.id}").status_code == 404
    assert stranger.get(f"/listings/of/{listing.person_id}").status_code == 404
    assert stranger.post(f"/listings/of/{listing.person_id}").status_code == 404
    told = {"given_on": "2026-01-05", "channel": "paper", "evidence": "x", "email": "x@example.org"}
    for act in POSTS:
        assert stranger.post(f"/listings/{listing.id}/{act}", data=told).status_code == 404, act


def test_a_fellow_proposes_and_no_more(listing: Listing, sign_in: SignIn) -> None:
    fellow = sign_in("fellow")
    assert fellow.post(f"/listings/of/{listing.person_id}").status_code == 303
    for act in POSTS:
        assert fellow.post(f"/listings/{listing.id}/{act}").status_code == 403, act
    assert fellow.post("/listings/letters", data={"ids": [str(listing.id)]}).status_code == 403


def test_publishing_without_consent_is_a_clear_refusal(listing: Listing, sign_in: SignIn) -> None:
    answer = sign_in().post(f"/listings/{listing.id}/publish")
    assert answer.status_code == 409
    assert "no consent in force" in answer.text


@pytest.mark.parametrize("query", ["?state=nonsense", "?after=%00", "?after=WyJhIiwgImIiXQ"])
def test_odd_addresses_do_not_break_the_list(listing: Listing, sign_in: SignIn, query: str) -> None:
    assert sign_in().get(f"/listings{query}").status_code in (200, 422)


def queries_of(browser: TestClient, database: Database, count_queries: Any, path: str) -> int:
    with count_queries(database) as statements:
        assert browser.get(path).status_code == 200
    return len(statements)


@pytest.mark.parametrize("path", ["/listings", "/listings/worklist"])
def test_thirty_rows_cost_as_many_queries_as_one(
    database: Database, sign_in: SignIn, count_queries: Any, path: str
) -> None:
    browser = sign_in()
    with database.writing() as session:
        actor = an_actor(session)
        a_listing(session, actor, email=None)
    one = queries_of(browser, database, count_queries, path)
    with database.writing() as session:
        for number in range(29):
            a_listing(session, actor, full_name=f"Invented {number}", email=None)
        a_public_listing(session, actor, full_name="Invented Public")
    assert queries_of(browser, database, count_queries, path) == one
