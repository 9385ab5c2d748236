"""Who sees whom, with rows that could leak."""

from datetime import date
from typing import Any

import pytest
from sqlmodel import Session, select

from crm.accounts.access import Actor
from crm.accounts.reader import seen_by
from crm.core.db import Database
from crm.core.errors import Missing
from crm.people.forms import PersonSearch
from crm.people.models import Holding
from crm.people.queries.record import history_of, record_of
from crm.people.queries.search import Matching, list_people, suggest_people
from crm.people.queries.totals import totals_of
from crm.people.queries.visible import VISIBLE
from tests.conftest import SignIn
from tests.factories.accounts import an_actor, an_office
from tests.factories.people import a_person, a_share
from tests.people.test_pages import typed_in

pytestmark = pytest.mark.both


def names_seen(session: Session, actor: Actor, **wanted: Any) -> list[str]:
    return [found.full_name for found in list_people(session, Matching(session, actor, PersonSearch(**wanted)))[0]]


def test_an_office_sees_the_people_it_holds_and_no_others(session: Session) -> None:
    boston, berlin = an_actor(session), an_actor(session, office_code="de-ber-test")
    a_person(session, boston)
    a_person(session, berlin, full_name="OKAFOR Daniel", kanji=None, kana=None, latin=None)
    assert names_seen(session, boston) == ["TAKASE Mari"]
    assert [person.full_name for person in session.execute(VISIBLE, seen_by(berlin)).scalars()] == ["OKAFOR Daniel"]


def test_a_holding_that_ended_shows_nobody(session: Session) -> None:
    boston = an_actor(session)
    person = a_person(session, boston)
    holding = session.exec(select(Holding).where(Holding.person_id == person.id)).one()
    holding.until = date(2026, 5, 1)
    session.flush()
    assert names_seen(session, boston) == []
    with pytest.raises(Missing):
        record_of(session, boston, person.id)


@pytest.mark.parametrize(("until", "seen"), [(None, True), (date(2026, 5, 1), False), (date(2999, 1, 1), True)])
def test_a_share_opens_a_person_in_its_term(session: Session, until: date | None, seen: bool) -> None:
    boston, berlin = an_actor(session), an_actor(session, office_code="de-ber-test")
    a_share(session, a_person(session, boston), boston, berlin, until)
    assert names_seen(session, berlin) == (["TAKASE Mari"] if seen else [])


def test_what_is_shared_brings_no_addresses_notes_or_history(session: Session) -> None:
    boston, berlin = an_actor(session), an_actor(session, office_code="de-ber-test")
    person = a_person(session, boston, note="Prefers the telephone")
    a_share(session, person, boston, berlin)
    record = record_of(session, berlin, person.id)
    assert (record.contacts, record.holding) == ([], None)
    assert history_of(session, berlin, person.id) == []
    assert len(history_of(session, boston, person.id)) == 1


@pytest.mark.parametrize(
    ("typed", "suggested"), [("taka", ["TAKASE Mari"]), ("高", ["TAKASE Mari"]), ("other.example", [])]
)
def test_suggestions_show_the_people_of_the_office_alone(session: Session, typed: str, suggested: list[str]) -> None:
    boston, berlin = an_actor(session), an_actor(session, office_code="de-ber-test")
    a_person(session, boston, orcid="0000-0002-1825-0097")
    a_person(session, berlin, orcid="0000-0002-1825-0097", institution="Only Berlin knows", email="mari@other.example")
    a_person(session, berlin, full_name="TAKAHASHI Hidden", kanji="高橋 秘", kana=None, latin=None)
    assert [person.full_name for person in suggest_people(session, boston, typed)] == suggested
    assert len(suggest_people(session, berlin, "taka")) == 2


def test_nobody_finds_a_person_by_the_address_that_another_office_has(session: Session) -> None:
    boston, berlin = an_actor(session), an_actor(session, office_code="de-ber-test")
    person = a_person(session, boston, orcid="0000-0002-1825-0097")
    again = a_person(session, berlin, orcid="0000-0002-1825-0097", email="mari@other.example")
    assert again.id == person.id
    assert names_seen(session, boston, q="mari@other.example") == []
    assert names_seen(session, berlin, q="mari@other.example") == ["TAKASE Mari"]
    assert names_seen(session, boston, q="takase@example.org") == ["TAKASE Mari"]


def test_both_offices_find_a_person_by_the_address_that_both_have(session: Session) -> None:
    boston, berlin = an_actor(session), an_actor(session, office_code="de-ber-test")
    for actor in (boston, berlin):
        a_person(session, actor, orcid="0000-0002-1825-0097")
    assert names_seen(session, boston, q="takase@example.org") == ["TAKASE Mari"]
    assert names_seen(session, berlin, q="takase@example.org") == ["TAKASE Mari"]


def test_counts_beside_the_list_do_not_betray_others(session: Session) -> None:
    boston, berlin = an_actor(session), an_actor(session, office_code="de-ber-test")
    a_person(session, berlin, country="DE")
    a_person(session, boston, full_name="OKAFOR Daniel", kanji=None, kana=None, latin=None, country="US")
    matching = Matching(session, boston, PersonSearch(country=["DE"]))
    assert list_people(session, matching) == ([], None)
    assert totals_of(session, matching).total == 0
    assert totals_of(session, matching).counts["country"] == [("US", 1)]


def test_a_second_office_keeps_its_own_words_and_the_first_learns_what_changed(
    sign_in: SignIn, database: Database
) -> None:
    """An identical identifier links silently: neither page says that there is another office."""
    orcid = "0000-0002-1825-0097"
    with database.writing() as session:
        person = a_person(session, an_actor(session), orcid=orcid)
        an_office(session, "de-ber-test")
    berlin, boston = sign_in("attache", "de-ber-test"), sign_in("attache", "us-bos")
    typed = {"full_name": "Mari Holder", "institution": "Valta Institute", "title": "Reader", "orcid": orcid,
             "sector": "academia", "basis": "own_contact"}  # fmt: skip
    assert berlin.post("/people", data=typed).headers["location"] == f"/people/{person.id}"
    text = berlin.get(f"/people/{person.id}").text
    assert "Mari Holder" in text and "Valta Institute" in text and "Reader" in text
    assert str(person.id) in berlin.get("/people?q=holder").text
    assert str(person.id) not in boston.get("/people?q=holder").text
    assert "Not from your office" not in berlin.get(f"/people/{person.id}/sources").text
    history = boston.get(f"/people/{person.id}/history").text
    assert "Valta Institute" in history
    again = typed_in(berlin.get(f"/people/{person.id}/edit"))
    renamed = {**again, "full_name": ["TAKASE Marie"], "note": ["Ours"]}
    assert berlin.post(f"/people/{person.id}", data=renamed).status_code == 303
    history = boston.get(f"/people/{person.id}/history").text
    assert "TAKASE Mari → TAKASE Marie" in history and "Ours" not in history
