"""Showing a person to another office: for a reason and a time, and back at once."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from crm.accounts.access import Actor
from crm.accounts.models import JournalEntry
from crm.core.db import Database
from crm.core.errors import Forbidden, Missing, WrongField
from crm.people.actions.share import share_person, withdraw_share
from crm.people.forms import PersonSearch
from crm.people.models import Facet, Person, Relation, SearchKey, Share
from crm.people.models.relations import RelationKind
from crm.people.queries.record import record_of
from crm.people.queries.search import Matching, list_people
from crm.people.queries.shares import shares_given, shares_received
from crm.people.queries.shown import shown_to
from crm.people.sharing import ShareForm
from tests.conftest import SignIn
from tests.factories.accounts import an_actor
from tests.factories.people import a_person, people_called

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


def related_people(session: Session, actor: Actor, person: Person) -> None:
    for name in ("OKAFOR Daniel", "HIDDEN Person"):
        other = people_called(session, actor, name)[0]
        first, second = sorted((person.id, other.id))
        session.add(Relation(office_id=actor.office_id, kind=RelationKind.FAMILY, first_id=first, second_id=second))
    session.flush()


def seen_beside(session: Session, actor: Actor, person: Person) -> list[str]:
    shown = shown_to(session, actor, person.id, record_of(session, actor, person.id).shares)
    return [
        *(point.value for one in shown for point in one.contacts),
        *(one.note for one in shown if one.note),
        *(related.person.full_name for one in shown for related in one.relations),
    ]


@pytest.mark.parametrize(
    ("facet", "seen"),
    [
        (Facet.PERSON, []),
        (Facet.ADDRESSES, ["takase@example.org"]),
        (Facet.NOTE, ["Prefers the telephone"]),
        (Facet.RELATIONS, ["OKAFOR Daniel"]),
    ],
)
def test_a_share_shows_its_facet_and_no_other(session: Session, facet: Facet, seen: list[str]) -> None:
    boston, berlin = an_actor(session), an_actor(session, office_code="de-ber-test")
    paris = an_actor(session, office_code="fr-par-test")
    person = a_person(session, boston, note="Prefers the telephone", orcid="0000-0002-1825-0097")
    a_person(session, paris, note="Of Paris", email="paris@example.org", orcid="0000-0002-1825-0097")
    related_people(session, boston, person)
    for other in session.exec(select(Person).where(Person.full_name == "OKAFOR Daniel")):
        given(session, other, boston, berlin)
    share = given(session, person, boston, berlin, facet=facet)
    assert seen_beside(session, berlin, person) == seen
    assert seen_beside(session, paris, person) == seen_beside(session, boston, person) == []
    record = record_of(session, berlin, person.id)
    assert (record.contacts, record.holding, record.form_values()["email"]) == ([], None, None)
    line = session.exec(select(JournalEntry).where(JournalEntry.verb == "shared").order_by(col(JournalEntry.id))).all()
    assert (line[-1].changes or {})["facet"] == facet.value
    share.until = share.since = date(2026, 4, 1)
    session.flush()
    with pytest.raises(Missing):
        record_of(session, berlin, person.id)


def test_one_facet_beside_the_person_is_withdrawn_by_itself(session: Session) -> None:
    boston, berlin = an_actor(session), an_actor(session, office_code="de-ber-test")
    person = a_person(session, boston, note="Prefers the telephone")
    given(session, person, boston, berlin)
    share = given(session, person, boston, berlin, facet=Facet.NOTE)
    with pytest.raises(WrongField, match="already"):
        given(session, person, boston, berlin, facet=Facet.NOTE)
    assert [one.share.facet for one in shares_received(session, berlin)] == [Facet.PERSON, Facet.NOTE]
    withdraw_share(session, boston, share.id)
    assert seen_beside(session, berlin, person) == []
    assert found(session, berlin) == ["TAKASE Mari"]


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
    fields = {"office": str(berlin.office_id), "reason": "A <visit>", "until": "2999-01-01", "facet": "addresses"}
    assert desk.post(address, data={**fields, "facet": "all"}).status_code == 422
    assert desk.post(address, data=fields).status_code == 303
    record = other.get(f"/people/{person.id}").text
    assert "A &lt;visit&gt;" in record and "takase@example.org" in record
    assert "takase@example.org" not in other.get("/people/export").text
    assert "the person and the addresses" in desk.get(f"/people/{person.id}").text
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
