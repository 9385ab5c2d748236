"""Interested in Japan: an entry by a public form, its confirmation, and what the mission makes of it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select, update
from starlette.testclient import TestClient

from crm.app import keeping
from crm.core.columns import now
from crm.core.db import Database
from crm.core.mail import OutboxLetter
from crm.core.work import Worker
from crm.listings.actions.interests import forget_unconfirmed
from crm.listings.models import Nomination
from crm.people.models import Basis, ContactPoint, ContactState, Holding, Person, PersonTag, Tag
from crm.privacy.actions.consents import withdraw_own
from crm.privacy.models import ConsentReceipt, Purpose
from crm.privacy.texts import VERSION
from tests.conftest import SignIn
from tests.factories.accounts import an_actor
from tests.factories.people import a_person

pytestmark = pytest.mark.both
DOOR = "/en/interest/us-bos"
SAID = {
    "full_name": "Yui Kasō", "kanji": "架空 結衣", "email": "yui@example.org", "institution": "Invented College",
    "country": "US", "city": "Boston", "wishes": ["study", "post"], "words": "From April", "language": "en",
    "contact": "true", "news": "true", "source": "poster",
}  # fmt: skip


def kept(database: Database, table: type[Any] = Nomination) -> list[Any]:
    with database.reading() as session:
        return list(session.exec(select(table).order_by(table.id)))


def link(database: Database) -> str:
    """The path in the newest letter."""
    found = re.search(r"http://testserver(/\S+)", kept(database, OutboxLetter)[-1].text)
    assert found is not None
    return found[1]


def hand_in(client: TestClient, database: Database, **said: Any) -> Nomination:
    assert client.post(DOOR, data={**SAID, **said}).status_code == 303
    assert client.post(link(database)).status_code == 303
    nomination: Nomination = kept(database)[-1]
    return nomination


def test_an_entry_is_nobodys_business_before_its_address_is_confirmed(
    client: TestClient, database: Database, sign_in: SignIn
) -> None:
    assert "poster" in client.get(DOOR + "?source=poster").text
    assert client.post(DOOR, data=SAID).headers["location"] == DOOR + "?sent=true"
    [entry], attache = kept(database), sign_in()
    [letter] = kept(database, OutboxLetter)
    assert (letter.to, letter.office_id, entry.state) == ("yui@example.org", None, "unconfirmed")
    shown = client.get(link(database))
    assert "Hand in my entry" in shown.text and shown.headers["referrer-policy"] == "no-referrer"
    for path in ("/listings/worklist", "/listings/nominations"):
        assert "Yui" not in attache.get(path).text
    assert attache.get(f"/listings/nominations/{entry.id}").status_code == 404
    assert client.post(link(database)).status_code == client.post(link(database)).status_code == 303
    assert "has been handed in" in client.get(link(database)).text
    assert "Interested in Japan · Invented College · poster" in attache.get("/listings/worklist").text
    assert sign_in(office="uk").get(f"/listings/nominations/{entry.id}").status_code == 404
    assert kept(database, Person) == []


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ({"contact": ""}, "Without this consent"),
        ({"wishes": [], "news": ""}, "Please choose at least one"),
        ({"country": "ZZ"}, "Please choose one of the options"),
        ({"email": "no address"}, "e-mail address"),
    ],
)
def test_what_is_wrong_is_said_beside_the_box_and_nothing_is_kept(
    client: TestClient, database: Database, bad: dict[str, str], said: str
) -> None:
    answer = client.post(DOOR, data={**SAID, **bad})
    assert answer.status_code == 422
    assert said in answer.text and "Invented College" in answer.text and "From April" in answer.text
    assert kept(database) == kept(database, OutboxLetter) == []


def test_programs_and_letter_bombs_find_no_way(client: TestClient, database: Database) -> None:
    assert client.post(DOOR, data={**SAID, "website": "https://spam.example"}).status_code == 303
    assert kept(database) == []
    assert [client.post(DOOR, data=SAID).status_code for _ in range(3)] == [303, 303, 429]
    assert len(kept(database, OutboxLetter)) == 2
    assert client.get("/en/interest/nowhere").status_code == 404


def test_a_new_person_is_a_lead_with_consents_and_says_where_it_came_from(
    client: TestClient, database: Database, sign_in: SignIn
) -> None:
    entry, attache = hand_in(client, database), sign_in()
    path = f"/listings/nominations/{entry.id}"
    assert 'value="poster"' in attache.get(path).text
    assert sign_in("fellow").post(path + "/approve").status_code == 403
    assert attache.post(path + "/approve", data={"tag": "Caravan"}).status_code == 303
    assert attache.post(path + "/approve").status_code == 409
    with database.reading() as session:
        [person] = session.exec(select(Person)).all()
        assert (person.kanji, person.preferred_language) == ("架空 結衣", "en")
        assert session.exec(select(Holding)).one().basis == Basis.CONSENT
        receipts = {one.purpose: one for one in session.exec(select(ConsentReceipt))}
        assert receipts.keys() == {Purpose.CONTACT, Purpose.NEWS}
        assert (receipts[Purpose.NEWS].evidence, receipts[Purpose.NEWS].text_version) == ("poster", VERSION)
        news = receipts[Purpose.NEWS]
        assert news.expires_at and news.expires_at > now()
        assert session.exec(select(Tag).join(PersonTag).where(PersonTag.person_id == person.id)).one().name == "Caravan"
    record = attache.get(f"/people/{person.id}").text
    assert "Interested in Japan: Studying in Japan, A permanent post" in record and "From April" in record
    assert "dealt with this entry" in client.get(link(database)).text
    assert client.post(link(database) + "/delete").status_code == 409


def test_a_known_person_is_offered_and_taken_only_by_choice_and_strangers_never(
    client: TestClient, database: Database, sign_in: SignIn
) -> None:
    with database.writing() as session:
        ours = a_person(session, an_actor(session), full_name="Yui Kasō", email=None, institution="Old Place")
        theirs = a_person(session, an_actor(session, office_code="uk"), full_name="Yui Kasō", institution="Elsewhere")
    entry, attache = hand_in(client, database), sign_in()
    path = f"/listings/nominations/{entry.id}"
    page = attache.get(path).text
    assert str(ours.id) in page and str(theirs.id) not in page and "Elsewhere" not in page
    assert attache.post(path + "/approve", data={"person": str(theirs.id)}).status_code == 404
    assert attache.post(path + "/approve", data={"person": str(ours.id)}).status_code == 303
    assert len(kept(database, Person)) == 2
    addresses = [point.value for point in kept(database, ContactPoint) if point.person_id == ours.id]
    assert addresses == ["yui@example.org"]
    assert {receipt.person_id for receipt in kept(database, ConsentReceipt)} == {ours.id}


def test_it_is_taken_back_by_its_link_and_the_newest_word_counts(client: TestClient, database: Database) -> None:
    first = hand_in(client, database)
    second = hand_in(client, database, full_name="Yui K.")
    assert [entry.id for entry in kept(database)] == [second.id] != [first.id]
    path = link(database)
    assert client.post(path + "/delete").headers["location"] == "/en/missions/us-bos"
    assert kept(database) == []
    assert client.get(path).status_code == 410


def test_what_nobody_confirms_vanishes_with_its_letter(client: TestClient, database: Database, worker: Worker) -> None:
    hand_in(client, database)
    client.post(DOOR, data={**SAID, "email": "silent@example.org"})
    with database.writing() as session:
        _age(session, days=4)
    forget_unconfirmed(database, None)  # type: ignore[arg-type]
    assert [entry.state for entry in kept(database)] == ["open"]
    assert kept(database, OutboxLetter) == []
    assert "listings:forget_unconfirmed" in {schedule.kind for schedule in worker.schedules}


def _age(session: Session, days: int) -> None:
    for table in (Nomination, OutboxLetter):
        session.execute(update(table).values(created_at=now() - timedelta(days=days)))


def test_without_the_first_consent_nothing_else_holds_and_no_letter_leaves(
    client: TestClient, database: Database, sign_in: SignIn
) -> None:
    entry = hand_in(client, database)
    sign_in().post(f"/listings/nominations/{entry.id}/approve")
    with database.writing() as session:
        contact = session.exec(select(ConsentReceipt).where(col(ConsentReceipt.purpose) == Purpose.CONTACT)).one()
        withdraw_own(session, contact.person_id, contact.id, keeping().withdrawal)
    assert all(receipt.withdrawn_at for receipt in kept(database, ConsentReceipt))
    assert [point.state for point in kept(database, ContactPoint)] == [ContactState.UNSUBSCRIBED]


def test_the_public_pages_of_a_mission_lead_there_unless_it_does_not_want_it(
    client: TestClient, sign_in: SignIn
) -> None:
    assert DOOR in client.get("/en/missions/us-bos").text
    said = {"confirm_months": 12, "grace_days": 30, "order": "institution"}
    assert sign_in().post("/listings/settings", data=said).status_code == 303
    assert DOOR not in client.get("/en/missions/us-bos").text
    assert "does not take entries" in client.get(DOOR).text
    assert client.post(DOOR, data=SAID).status_code == 422
