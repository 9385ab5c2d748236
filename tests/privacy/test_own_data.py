"""The person's own door: asked for by an address, sent to nobody else, showing and ending what is theirs."""

import re
from typing import Any

import pytest
from sqlmodel import Session, select
from starlette.testclient import TestClient

from crm.accounts.links import issue_link
from crm.accounts.models import LinkPurpose
from crm.core.db import Database
from crm.core.mail import OutboxLetter
from crm.core.work import Job, Worker
from crm.people.models import Person
from crm.privacy.models import ConsentReceipt, RightsRequest
from tests.factories.accounts import an_actor, an_office
from tests.factories.interactions import a_contact
from tests.factories.listings import a_public_listing
from tests.factories.people import a_person, a_share

pytestmark = pytest.mark.both


def letters(database: Database) -> list[OutboxLetter]:
    with database.reading() as session:
        return list(session.exec(select(OutboxLetter)))


def a_door(session: Session, person: Person) -> str:
    return "/my-data/" + issue_link(session, LinkPurpose.MY_DATA, person.id, days=1)


@pytest.fixture
def takase(database: Database) -> tuple[Person, str]:
    """Held in Boston, shown to Berlin, with a note and a contact that she does not see here."""
    with database.writing() as session:
        boston = an_actor(session)
        person = a_person(session, boston, note="Thinks of leaving")
        a_contact(session, boston, person, text="Would like to come back")
        a_share(session, person, boston, an_actor(session, office_code="de-ber"))
        return person, a_door(session, person)


@pytest.mark.parametrize("address", ["takase@example.org", "nobody@example.org"])
def test_the_answer_is_the_same_whether_known_or_not(
    client: TestClient, takase: tuple[Person, str], address: str, database: Database
) -> None:
    answer = client.post("/my-data", data={"email": address})
    assert (answer.status_code, answer.headers["location"]) == (303, "/my-data")
    assert letters(database) == []


def test_the_link_goes_to_the_address_alone(
    client: TestClient, takase: tuple[Person, str], database: Database, worker: Worker
) -> None:
    client.post("/my-data", data={"email": " Takase@Example.ORG "})
    worker.run_all()
    [letter] = letters(database)
    assert (letter.to, letter.office_id, letter.person_id) == ("takase@example.org", None, takase[0].id)
    found = re.search(r"http://testserver(/my-data/\S+)", letter.text)
    assert found
    assert client.get(found[1]).status_code == 200
    with database.reading() as session:
        kept = [job.payload for job in session.exec(select(Job).where(Job.kind == "privacy:send_links"))]
    assert kept == [{}]


def test_nobody_is_flooded(client: TestClient) -> None:
    answers = [client.post("/my-data", data={"email": "takase@example.org"}).status_code for _ in range(4)]
    assert answers == [303, 303, 303, 429]


def test_an_address_that_is_none(client: TestClient) -> None:
    answer = client.post("/my-data", data={"email": "takase"})
    assert answer.status_code == 422
    assert 'value="takase"' in answer.text


def test_what_is_shown_and_what_is_not(client: TestClient, takase: tuple[Person, str]) -> None:
    page = client.get(takase[1])
    assert page.headers["cache-control"] == "no-store"
    for shown in (
        "TAKASE Mari",
        "高瀬 真理",
        "takase@example.org",
        "Northbridge University",
        "Invented office de-ber",
        "A visit",
    ):
        assert shown in page.text, shown
    for hidden in ("Thinks of leaving", "Would like to come back"):
        assert hidden not in page.text
        assert hidden not in client.get(takase[1] + "/my-data.json").text


def test_the_copies(client: TestClient, takase: tuple[Person, str]) -> None:
    copy = client.get(takase[1] + "/my-data.json").json()
    assert copy["records"]["person"][0]["kanji"] == "高瀬 真理"
    assert copy["records"]["contact_point"] == [{"kind": "email", "value": "takase@example.org", "state": "ok"}]
    assert "interaction" not in copy["records"]
    paper = client.get(takase[1] + "/my-data.pdf")
    assert paper.content.startswith(b"%PDF")


def test_a_link_opens_one_record(client: TestClient, database: Database, takase: tuple[Person, str]) -> None:
    with database.writing() as session:
        other = a_person(session, an_actor(session), full_name="Ono Ken", email="ono@example.org")
        listing = a_public_listing(session, an_actor(session))
        receipt = session.exec(select(ConsentReceipt).where(ConsentReceipt.person_id == listing.person_id)).first()
    assert receipt
    assert client.post(f"{takase[1]}/consents/{receipt.id}/withdraw").status_code == 404
    assert other.full_name not in client.get(takase[1]).text
    assert client.get("/my-data/" + "x" * 43).status_code == 404


def test_withdrawing_takes_the_entry_off_the_map(client: TestClient, database: Database) -> None:
    with database.writing() as session:
        listing = a_public_listing(session, an_actor(session))
        door = a_door(session, session.get_one(Person, listing.person_id))
        given = session.exec(select(ConsentReceipt).where(ConsentReceipt.purpose == "public_listing")).one()
    assert "高瀬真理" in client.get("/ja/map").text
    assert client.post(f"{door}/consents/{given.id}/withdraw").status_code == 303
    assert "高瀬真理" not in client.get("/ja/map").text
    with database.reading() as session:
        assert all(receipt.withdrawn_at for receipt in session.exec(select(ConsentReceipt)))


def test_withdrawing_open_data_leaves_the_entry(client: TestClient, database: Database) -> None:
    with database.writing() as session:
        listing = a_public_listing(session, an_actor(session))
        door = a_door(session, session.get_one(Person, listing.person_id))
        given = session.exec(select(ConsentReceipt).where(ConsentReceipt.purpose == "bulk_reuse")).one()
    assert "Takase" in client.get("/open/people.csv").text
    client.post(f"{door}/consents/{given.id}/withdraw")
    assert "Takase" not in client.get("/open/people.csv").text
    assert "高瀬真理" in client.get("/ja/map").text


def asked(office: Any, **said: str) -> dict[str, str]:
    return {"kind": "correction", "office_id": str(office), "reply_to": "takase@example.org", **said}


def test_a_correction_is_handed_in(client: TestClient, database: Database, takase: tuple[Person, str]) -> None:
    with database.reading() as session:
        boston = an_office(session).id
    answer = client.post(takase[1] + "/request", data=asked(boston, kanji="髙瀬 真理", latin="TAKASE Mari"))
    assert answer.status_code == 303
    with database.reading() as session:
        request = session.exec(select(RightsRequest)).one()
    assert request.wishes == {"kanji": "髙瀬 真理"}
    assert (request.identified_by, (request.due - request.received_on).days) == ("link", 30)
    [letter] = letters(database)
    assert (letter.kind, letter.office_id) == ("rights_received", boston)


def test_only_offices_that_hold_the_record_can_be_asked(
    client: TestClient, database: Database, takase: tuple[Person, str]
) -> None:
    with database.reading() as session:
        berlin = an_office(session, "de-ber").id
    answer = client.post(takase[1] + "/request", data=asked(berlin, kanji="髙瀬 真理"))
    assert answer.status_code == 422
    assert "髙瀬 真理" in answer.text


def test_a_correction_says_what(client: TestClient, database: Database, takase: tuple[Person, str]) -> None:
    with database.reading() as session:
        boston = an_office(session).id
    assert client.post(takase[1] + "/request", data=asked(boston)).status_code == 422
    # What is so already is no correction either.
    assert client.post(takase[1] + "/request", data=asked(boston, kanji="高瀬 真理")).status_code == 422


def test_erasure_by_link_waits_for_papers(client: TestClient, database: Database, takase: tuple[Person, str]) -> None:
    with database.reading() as session:
        boston = an_office(session).id
    client.post(takase[1] + "/request", data=asked(boston, kind="erasure"))
    with database.reading() as session:
        assert session.exec(select(RightsRequest)).one().step == "identify"
