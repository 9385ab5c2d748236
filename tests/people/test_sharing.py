"""Showing a person to another office: for a reason and a time, and back at once."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select
from starlette.testclient import TestClient

from crm.accounts.access import Actor
from crm.accounts.models import JournalEntry
from crm.core.db import Database
from crm.core.errors import Forbidden, Missing, WrongField
from crm.people.actions.share import share_person, withdraw_share
from crm.people.forms import PersonSearch
from crm.people.models import Person, SearchKey, Share
from crm.people.queries.record import record_of
from crm.people.queries.search import Matching, list_people
from crm.people.queries.shares import shares_given, shares_received
from crm.people.sharing import ShareForm
from tests.conftest import SignIn
from tests.factories.accounts import an_actor
from tests.factories.people import a_person

pytestmark = pytest.mark.both


def given(session: Session, person: Person, giver: Actor, taker: Actor, **values: Any) -> Share:
    until = giver.today + timedelta(days=30)
    said: dict[str, Any] = {"office": taker.office_id, "reason": "A visit", "until": until, **values}
    return share_person(session, giver, person, ShareForm(**said))


def found(session: Session, actor: Actor) -> list[str]:
    return [one.full_name for one in list_people(session, Matching(session, actor, PersonSearch(q="takase")))[0]]


def test_a_share_opens_a_person_and_its_withdrawal_closes_it_at_once(session: Session) -> None:
    boston, berlin = an_actor(session), an_actor(session, office_code="de-ber-test")
    person = a_person(session, boston)
    share = given(session, person, boston, berlin)
    assert found(session, berlin) == ["TAKASE Mari"]
    assert [(one.office.code, one.share.reason) for one in shares_received(session, berlin)] == [("us-bos", "A visit")]
    assert [one.office.code for one in shares_given(session, boston)] == ["de-ber-test"]
    withdraw_share(session, boston, share.id)
    withdraw_share(session, boston, share.id)
    assert not (found(session, berlin) or shares_received(session, berlin) or shares_given(session, boston))
    assert not session.exec(select(SearchKey).where(SearchKey.office_id == berlin.office_id)).all()
    with pytest.raises(Missing):
        record_of(session, berlin, person.id)
    verbs = list(session.exec(select(JournalEntry.verb).where(JournalEntry.subject_id == person.id)))
    assert sorted(verbs) == ["added", "share_withdrawn", "shared"]
    assert given(session, person, boston, berlin).withdrawn_at is None


def test_what_was_only_shown_is_not_shown_on(session: Session) -> None:
    boston, berlin = an_actor(session), an_actor(session, office_code="de-ber-test")
    paris = an_actor(session, office_code="fr-par-test")
    person = a_person(session, boston)
    share = given(session, person, boston, berlin)
    with pytest.raises(Forbidden):
        given(session, person, berlin, paris)
    with pytest.raises(Missing):
        withdraw_share(session, berlin, share.id)
    assert record_of(session, boston, person.id).shares[0][0].code == "de-ber-test"
    assert shares_given(session, paris) == shares_received(session, paris) == []


@pytest.mark.parametrize(
    ("values", "problem"),
    [({"until": date(2020, 1, 1)}, "passed"), ({"office": None}, "one of the offices"), ({}, "already")],
)
def test_what_makes_no_sense_is_refused(session: Session, values: dict[str, Any], problem: str) -> None:
    boston, berlin = an_actor(session), an_actor(session, office_code="de-ber-test")
    person = a_person(session, boston)
    given(session, person, boston, berlin)
    said = {name: value or boston.office_id for name, value in values.items()}
    with pytest.raises(WrongField, match=problem):
        given(session, person, boston, berlin, **said)


def test_sharing_and_withdrawing_on_the_pages(sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        person = a_person(session, an_actor(session))
        berlin = an_actor(session, office_code="de-ber-test")
    desk, other = sign_in("attache", "us-bos"), sign_in("attache", "de-ber-test")
    address = f"/people/{person.id}/share"
    assert str(berlin.office_id) in desk.get(address).text
    bad = desk.post(address, data={"office": str(berlin.office_id), "reason": "A <visit>", "until": "soon"})
    assert (bad.status_code, "A &lt;visit&gt;" in bad.text) == (422, True)
    assert other.get(f"/people/{person.id}").status_code == other.get(address).status_code == 404
    fields = {"office": str(berlin.office_id), "reason": "A <visit>", "until": "2999-01-01"}
    assert desk.post(address, data=fields).status_code == 303
    assert "A &lt;visit&gt;" in other.get(f"/people/{person.id}").text
    assert "A &lt;visit&gt;" in other.get("/people/shares").text
    assert other.post(address, data=fields).status_code == 403
    withdrawal = withdrawal_on(desk)
    assert other.post(withdrawal).status_code == 404
    assert desk.post(withdrawal).status_code == 303
    assert other.get(f"/people/{person.id}").status_code == 404


def withdrawal_on(desk: TestClient) -> str:
    text = desk.get("/people/shares").text
    start = text.index('action="/people/shares/') + len('action="')
    return text[start : text.index('"', start)]
