"""A record goes to another office: only when both agree, with its history, and the person is told."""

from typing import Any

import pytest
from sqlmodel import select

from crm.core.columns import now
from crm.core.db import Database
from crm.core.mail import OutboxLetter
from crm.listings.models import Listing
from crm.people.models import ContactPoint, Holding, Person, Transfer
from crm.tasks.models import Task
from tests.conftest import SignIn
from tests.factories.accounts import an_actor, an_office
from tests.factories.interactions import a_contact, a_task
from tests.factories.listings import a_public_listing
from tests.factories.people import a_person

pytestmark = pytest.mark.both


@pytest.fixture
def takase(database: Database) -> Person:
    with database.writing() as session:
        boston = an_actor(session)
        an_office(session, "us-nyc")
        person = a_person(session, boston, note="Thinks of leaving")
        a_contact(session, boston, person, text="Would like to come back")
        a_contact(session, boston, person, text="A delicate matter", careful=True)
        a_task(session, boston, person, title="Send the calls", assignee=boston.user_id)
        return person


def offered(sign_in: SignIn, database: Database, person: Person) -> str:
    """The address of the offer to New York."""
    with database.reading() as session:
        office = str(an_office(session, "us-nyc").id)
    words = {"office": office, "reason": "Moved to Columbia"}
    assert sign_in().post(f"/people/{person.id}/transfer", data=words).status_code == 303
    with database.reading() as session:
        return f"/people/transfers/{session.exec(select(Transfer)).one().id}"


def test_accepted_it_moves_with_its_history(sign_in: SignIn, database: Database, takase: Person) -> None:
    address = offered(sign_in, database, takase)
    new_york, boston = sign_in(office="us-nyc"), sign_in()
    page = new_york.get("/people/shares").text
    assert "高瀬 真理" in page and "Moved to Columbia" in page
    assert "Thinks of leaving" not in page and "takase@example.org" not in page
    assert new_york.get(f"/people/{takase.id}").status_code == 404
    assert "Records offered to you" in new_york.get("/").text
    assert new_york.post(f"{address}/accept").status_code == 303
    record = new_york.get(f"/people/{takase.id}").text
    for moved in ("takase@example.org", "Thinks of leaving", "Would like to come back", "Send the calls"):
        assert moved in record, moved
    assert "A delicate matter" not in record
    assert boston.get(f"/people/{takase.id}").status_code == 404
    assert str(takase.id) not in boston.get("/people?q=takase").text
    assert str(takase.id) in new_york.get("/people?q=takase").text
    with database.reading() as session:
        [letter] = session.exec(select(OutboxLetter)).all()
        promise = session.exec(select(Task)).one()
        ended = session.exec(select(Holding).where(Holding.until != None)).one()  # noqa: E711
    assert (letter.kind, letter.to, letter.language) == ("moved", "takase@example.org", "ja")
    assert (promise.assignee_id, ended.note) == (None, None)


def test_declined_it_stays(sign_in: SignIn, database: Database, takase: Person) -> None:
    address = offered(sign_in, database, takase)
    new_york = sign_in(office="us-nyc")
    assert new_york.post(f"{address}/decline").status_code == 303
    assert new_york.post(f"{address}/accept").headers["location"] == "/people/shares"
    assert "answered or taken back" in new_york.get("/people/shares").text
    assert new_york.get(f"/people/{takase.id}").status_code == 404
    assert sign_in().get(f"/people/{takase.id}").status_code == 200
    with database.reading() as session:
        assert session.exec(select(OutboxLetter)).all() == []


def test_taken_back_it_cannot_be_accepted(sign_in: SignIn, database: Database, takase: Person) -> None:
    address = offered(sign_in, database, takase)
    assert sign_in().post(f"{address}/take-back").status_code == 303
    new_york = sign_in(office="us-nyc")
    assert new_york.post(f"{address}/accept").headers["location"] == "/people/shares"
    assert new_york.get(f"/people/{takase.id}").status_code == 404


def test_only_the_two_offices_have_a_say(sign_in: SignIn, database: Database, takase: Person) -> None:
    address = offered(sign_in, database, takase)
    third = sign_in("officer", "jp-univ")
    assert third.post(f"{address}/accept").status_code == 404
    assert "高瀬" not in third.get("/people/shares").text
    assert sign_in().post(f"{address}/accept").status_code == 404
    assert sign_in(office="us-nyc").post(f"{address}/take-back").status_code == 404


@pytest.mark.parametrize("twice", [True, False])
def test_what_cannot_be_offered(sign_in: SignIn, database: Database, takase: Person, twice: bool) -> None:
    with database.reading() as session:
        office = str(an_office(session, "us-nyc" if twice else "us-bos").id)
    if twice:
        offered(sign_in, database, takase)
    answer = sign_in().post(f"/people/{takase.id}/transfer", data={"office": office, "reason": "Moved"})
    assert answer.status_code == 422 and "Moved" in answer.text


def test_a_public_entry_is_settled_first(sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        an_office(session, "us-nyc")
        person_id = a_public_listing(session, an_actor(session)).person_id
        person = session.get_one(Person, person_id)
        takase = a_person(session, an_actor(session), full_name="TAKASE Second", kanji=None, kana=None, latin=None)
    boston, new_york = sign_in(), sign_in(office="us-nyc")
    assert "Withdraw the entry first" in boston.get(f"/people/{person.id}/transfer").text
    words = {"office": "", "reason": "Moved"}
    with database.reading() as session:
        words["office"] = str(an_office(session, "us-nyc").id)
    refused = boston.post(f"/people/{person.id}/transfer", data=words)
    assert (refused.status_code, "Withdraw the entry first" in refused.text) == (422, True)
    address = offered(sign_in, database, takase)
    with database.writing() as session:  # drafted after it was offered
        session.add(Listing(person_id=takase.id, office_id=an_office(session).id))
    assert new_york.post(f"{address}/accept").headers["location"] == "/people/shares"
    assert "withdraw the entry first" in new_york.get("/people/shares").text
    with database.reading() as session:
        assert session.exec(select(Transfer)).one().answered_on is None
        assert all(held.until is None for held in session.exec(select(Holding)))


def test_who_knows_the_person_already_keeps_what_it_has(sign_in: SignIn, database: Database, takase: Person) -> None:
    with database.writing() as session:
        office = an_office(session, "us-nyc")
        session.add(Holding(person_id=takase.id, office_id=office.id, since=now().date(), note="Ours"))
        point = ContactPoint(person_id=takase.id, office_id=office.id, value="takase@example.org")
        session.add(point)
    address = offered(sign_in, database, takase)
    new_york = sign_in(office="us-nyc")
    assert new_york.post(f"{address}/accept").status_code == 303
    with database.reading() as session:
        points: Any = session.exec(select(ContactPoint)).all()
        held = session.exec(select(Holding).where(Holding.until == None)).one()  # noqa: E711
    assert [(one.value, one.office_id == held.office_id) for one in points] == [("takase@example.org", True)]
    assert held.note == "Ours"
