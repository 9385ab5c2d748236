"""Proposals by the public form."""

from typing import Any

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from crm.core.db import Database
from crm.listings.models import Listing, ListingState, Nomination
from crm.people.models import Person
from tests.conftest import SignIn

pytestmark = pytest.mark.both
SAID = {"full_name": "Yui Kasō", "institution": "Invented College", "country": "US", "email": "yui@example.org"}
DOOR = "/en/nominate/us-bos"


def kept(database: Database, table: type[Any] = Nomination) -> list[Any]:
    with database.reading() as session:
        return list(session.exec(select(table)))


def test_a_proposal_makes_nobody_until_the_mission_has_looked(
    client: TestClient, database: Database, sign_in: SignIn
) -> None:
    assert client.post(DOOR, data=SAID).status_code == 303
    assert kept(database, Person) == []
    nomination = kept(database)[0]
    attache, fellow, stranger = sign_in(), sign_in("fellow"), sign_in(office="uk")
    assert stranger.get(f"/listings/nominations/{nomination.id}").status_code == 404
    assert fellow.post(f"/listings/nominations/{nomination.id}/approve").status_code == 403
    assert attache.post(f"/listings/nominations/{nomination.id}/approve").status_code == 303
    assert attache.post(f"/listings/nominations/{nomination.id}/approve").status_code == 409
    assert [listing.state for listing in kept(database, Listing)] == [ListingState.DRAFT]


def test_what_fills_the_hidden_box_is_thanked_and_forgotten(client: TestClient, database: Database) -> None:
    assert client.post(DOOR, data={**SAID, "website": "https://spam.example"}).status_code == 303
    assert kept(database) == []


def test_too_many_proposals_from_one_place_are_refused(client: TestClient, database: Database) -> None:
    answers = [client.post(DOOR, data=SAID).status_code for _ in range(6)]
    assert answers == [303] * 5 + [429]
    assert len(kept(database)) == 5


@pytest.mark.parametrize("bad", [{"country": "ZZ"}, {"email": "no address"}, {"full_name": ""}, {"page": "ftp://x"}])
def test_bad_input_is_said_and_nothing_is_kept(client: TestClient, database: Database, bad: dict[str, str]) -> None:
    answer = client.post(DOOR, data={**SAID, **bad})
    assert answer.status_code == 422
    assert "Invented College" in answer.text
    assert kept(database) == []


def test_only_missions_have_the_form(client: TestClient) -> None:
    assert client.get("/en/nominate/nowhere").status_code == 404


def test_a_fellow_proposes_and_the_attache_decides(database: Database, sign_in: SignIn) -> None:
    fellow, attache, stranger = sign_in("fellow"), sign_in(), sign_in("fellow")
    wrong = fellow.post("/listings/propose", data={**SAID, "country": "ZZ", "note": "Met at a talk"})
    assert wrong.status_code == 422
    assert "Met at a talk" in wrong.text
    said = {name: text for name, text in SAID.items() if name != "email"} | {"note": "Met at a talk"}
    assert fellow.post("/listings/propose", data=said).status_code == 303
    assert kept(database, Person) == []
    [nomination] = kept(database)
    assert "Yui Kasō" in fellow.get("/listings/propose").text
    assert "Yui Kasō" not in stranger.get("/listings/propose").text
    assert "Yui Kasō" in attache.get("/listings/worklist").text
    assert fellow.post(f"/listings/nominations/{nomination.id}/approve").status_code == 403
    assert attache.post(f"/listings/nominations/{nomination.id}/approve").status_code == 303
    assert "taken up" in fellow.get("/listings/propose").text
    assert [person.full_name for person in kept(database, Person)] == ["Yui Kasō"]


def test_a_proposal_that_was_put_aside_leaves_the_name_to_its_proposer_alone(
    database: Database, sign_in: SignIn
) -> None:
    fellow, attache = sign_in("fellow"), sign_in()
    fellow.post("/listings/propose", data={**SAID, "note": "Met at a talk"})
    [nomination] = kept(database)
    assert attache.post(f"/listings/nominations/{nomination.id}/decline").status_code == 303
    assert "put aside" in fellow.get("/listings/propose").text
    assert kept(database)[0].fields == {"full_name": "Yui Kasō"}


def test_staff_without_that_right_do_not_propose(sign_in: SignIn) -> None:
    assert sign_in("hq_reader", "mofa").get("/listings/propose").status_code == 403
