"""A scan of all records for pairs that are one person, and what is done with them."""

import pytest
from sqlmodel import Session, select

from crm.accounts.access import Actor
from crm.core.db import Database
from crm.core.errors import Missing
from crm.core.work import Worker
from crm.people.actions.merge import merge_people
from crm.people.actions.scan import keep_apart, scan_office
from crm.people.merging import MergeForm
from crm.people.models import LikelyPair, Person
from crm.people.queries.duplicates import duplicate_count, likely_duplicates
from tests.conftest import SignIn
from tests.factories.accounts import an_actor
from tests.factories.people import a_person, a_share

pytestmark = pytest.mark.both


def twins(session: Session, office: str = "us-bos") -> tuple[Person, Person]:
    actor = an_actor(session, office_code=office)
    first = a_person(session, actor, email=None)
    return first, a_person(session, actor, full_name="Mari Takasé", kanji=None, kana=None, latin=None, email=None)


def quiet(_done: int, _total: int) -> None:
    """Nobody looks at the bar here."""


def test_a_scan_finds_the_pair_once_and_keeps_what_was_said(database: Database) -> None:
    with database.writing() as session:
        first, second = twins(session)
        actor = an_actor(session)
        a_person(session, actor, full_name="Daniel Okafor", kanji=None, kana=None, latin=None, institution="Elsewhere")
    for _ in range(2):
        assert scan_office(database, actor.office_id, quiet) == 1
    with database.writing() as session:
        [pair] = likely_duplicates(session, actor)
        assert {pair.first.id, pair.second.id} == {first.id, second.id}
        assert pair.match.reasons
        keep_apart(session, actor, pair.id)
    scan_office(database, actor.office_id, quiet)
    with database.reading() as session:
        assert (likely_duplicates(session, actor), duplicate_count(session, actor)) == ([], 0)


def test_a_second_scan_tells_new_pairs_from_old_ones(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crm.people.queries.known._AT_ONCE", 2)
    with database.writing() as session:
        actor = an_actor(session)
        for town in ("Boston", "Valta", "Northbridge"):
            twins_at(session, actor, f"{town} University")
    assert scan_office(database, actor.office_id, quiet) == 3
    with database.writing() as session:
        before = {pair.id: pair.score for pair in session.exec(select(LikelyPair))}
        twins_at(session, actor, "Ourania Institute")
        old = session.exec(select(LikelyPair).order_by(LikelyPair.id)).first()  # type: ignore[arg-type]
        assert old
        old.score = 0.1
    assert scan_office(database, actor.office_id, quiet) == 4
    with database.reading() as session:
        after = {pair.id: pair.score for pair in session.exec(select(LikelyPair))}
    assert len(after) == 4
    assert before.items() <= after.items()


def twins_at(session: Session, actor: Actor, institution: str) -> None:
    name = f"Daniel {institution.split(maxsplit=1)[0]}son"
    for written in (name, name.upper()):
        a_person(
            session,
            actor,
            full_name=written,
            kanji=None,
            kana=None,
            latin=None,
            family=None,
            given=None,
            institution=institution,
            email=None,
        )


def test_a_pair_that_was_merged_or_changed_is_gone(database: Database) -> None:
    with database.writing() as session:
        first, second = twins(session)
        actor = an_actor(session)
    scan_office(database, actor.office_id, quiet)
    with database.writing() as session:
        form = MergeForm(other=second.id, version=first.version or 0, other_version=second.version or 0)
        kept, lost = (session.get_one(Person, one.id) for one in (first, second))
        merge_people(session, actor, kept, lost, [], form)
        assert likely_duplicates(session, actor) == []
    scan_office(database, actor.office_id, quiet)
    with database.reading() as session:
        assert not session.exec(select(LikelyPair)).all()


def test_each_office_is_told_of_its_own_records_alone(database: Database) -> None:
    with database.writing() as session:
        first, _second = twins(session)
        boston, berlin = an_actor(session), an_actor(session, office_code="de-ber-test")
        a_share(session, first, boston, berlin)
        a_person(session, berlin, email=None)
    scan_office(database, boston.office_id, quiet)
    assert scan_office(database, berlin.office_id, quiet) == 0
    with database.reading() as session:
        [pair] = likely_duplicates(session, boston)
        assert likely_duplicates(session, berlin) == []
    with database.writing() as session, pytest.raises(Missing):
        keep_apart(session, berlin, pair.id)


def test_the_page_asks_for_a_scan_and_leads_to_the_merge(sign_in: SignIn, database: Database, worker: Worker) -> None:
    with database.writing() as session:
        first, second = twins(session)
    desk = sign_in("attache", "us-bos")
    assert "No likely duplicates" in desk.get("/people/duplicates").text
    desk.post("/people/duplicates/scan")
    assert "<progress" in desk.get("/people/duplicates").text
    worker.run_all()
    text = desk.get("/people/duplicates").text
    assert "<progress" not in text and "1 pair to look at" in text
    assert f"/people/{min(first.id, second.id)}/merge?other={max(first.id, second.id)}" in text
    assert "Likely duplicates" in desk.get("/").text
    apart = next(part for part in text.split('"') if part.endswith("/apart"))
    assert sign_in("attache", "de-ber-test").post(apart).status_code == 404
    assert desk.post(apart).status_code == 303
    assert "No likely duplicates" in desk.get("/people/duplicates").text
