"""Where facets of several offices meet in a merge, each decides about its own and learns nothing of the others."""

from typing import Any

import pytest
from sqlmodel import Session, select

from crm.accounts.access import Actor
from crm.accounts.models import JournalEntry
from crm.core.db import Database
from crm.core.errors import Missing, Refused
from crm.listings.actions.merging import settle_before_merge
from crm.people.actions.accepting import accept_merge, decline_merge
from crm.people.actions.erase import erase_person
from crm.people.actions.merge import merge_people, undo_merge
from crm.people.merging import DeclineForm, MergeForm
from crm.people.models import Basis, ContactKind, ContactPoint, Holding, MergeQuestion, Person, PersonMerge
from crm.people.queries.merges import merges_of
from crm.people.queries.moved import now_known_as
from crm.people.queries.questions import QUESTIONS_COUNT, question_of, questions_about, questions_to
from crm.people.queries.record import record_of
from tests.conftest import SignIn
from tests.factories.accounts import an_actor
from tests.factories.people import a_person
from tests.people.test_merging import everything, found_as, two_records

pytestmark = pytest.mark.both
RULES = [settle_before_merge]
ORCID = "0000-0002-1825-0097"


def two_offices(session: Session) -> tuple[Actor, Actor, Person, Person]:
    """Boston holds both records, Berlin only the one that is lost, with a note of its own."""
    boston, berlin = an_actor(session), an_actor(session, office_code="de-ber-test")
    kept, lost = two_records(session, boston)
    said: dict[str, Any] = {"full_name": "Takasé Marie", "kanji": None, "kana": None, "latin": None}
    a_person(session, berlin, **said, orcid=ORCID, email="berlin@example.de", note="Of Berlin")
    a_person(session, an_actor(session, office_code="fr-par-test"), full_name="NOBODY Known", kanji=None, email=None)
    session.refresh(lost)
    return boston, berlin, kept, lost


def merged_asking(session: Session, actor: Actor, kept: Person, lost: Person, **values: Any) -> PersonMerge:
    form = MergeForm(other=lost.id, version=kept.version, other_version=lost.version, ask=True, **values)
    return merge_people(session, actor, kept, lost, RULES, form)


def counted(session: Session, actor: Actor) -> int:
    found: int = session.execute(select(QUESTIONS_COUNT), {"office": actor.office_id}).scalar_one()
    return found


def test_the_other_holder_is_asked_and_its_part_waits(session: Session) -> None:
    boston, berlin, kept, lost = two_offices(session)
    merge = merged_asking(session, boston, kept, lost)
    [question] = questions_to(session, berlin)
    assert (question.lost.id, question.kept.full_name, question.institution) == (
        lost.id, "TAKASE Mari", "Northbridge University",
    )  # fmt: skip
    assert questions_about(session, berlin, lost.id) == [question] and counted(session, berlin) == 1
    assert [point.value for point in record_of(session, berlin, lost.id).contacts] == ["berlin@example.de"]
    with pytest.raises(Missing):
        record_of(session, berlin, kept.id)
    for other in (boston, an_actor(session, office_code="fr-par-test")):
        assert questions_to(session, other) == [] and counted(session, other) == 0
        with pytest.raises(Missing):
            question_of(session, other, question.row.id)
        with pytest.raises(Missing):
            accept_merge(session, other, question.row.id, RULES)
    assert merges_of(session, boston, kept.id)[0].declined == []
    assert merge.office_id == boston.office_id


def test_nobody_is_asked_where_nobody_wants_to_ask_or_nobody_holds(session: Session) -> None:
    boston, _berlin, kept, lost = two_offices(session)
    undo_merge(session, boston, merged_asking(session, boston, lost, kept).id)
    form = MergeForm(other=lost.id, version=kept.version, other_version=lost.version)
    merge_people(session, boston, kept, lost, RULES, form)
    assert not session.exec(select(MergeQuestion)).all()


def test_accepting_moves_the_own_part_and_can_be_undone(session: Session) -> None:
    boston, berlin, kept, lost = two_offices(session)
    merged_asking(session, boston, kept, lost)
    before = everything(session)
    [question] = questions_to(session, berlin)
    own = accept_merge(session, berlin, question.row.id, RULES)
    record = record_of(session, berlin, kept.id)
    assert record.holding and record.holding.note == "Of Berlin"
    assert [point.value for point in record.contacts] == ["berlin@example.de"]
    assert "berlin@example.de" not in [point.value for point in record_of(session, boston, kept.id).contacts]
    assert session.get_one(Person, lost.id).merged_into == kept.id
    assert found_as(session, berlin, "marie") == found_as(session, berlin, "berlin@example.de") == [str(kept.id)]
    assert now_known_as(session, berlin, lost.id) == kept.id and counted(session, berlin) == 0
    with pytest.raises(Refused, match="answered"):
        accept_merge(session, berlin, question.row.id, RULES)
    assert undo_merge(session, berlin, own.id)[1] == []
    assert everything(session) == before
    assert found_as(session, berlin, "marie") == [str(lost.id)]


def test_who_holds_both_keeps_one_holding(session: Session) -> None:
    boston, berlin, kept, lost = two_offices(session)
    held: dict[str, Any] = {"office_id": berlin.office_id, "person_id": kept.id}
    session.add(Holding(**held, basis=Basis.DUTY, since=berlin.today, sort_key="t"))
    session.add(ContactPoint(**held, kind=ContactKind.EMAIL, value="berlin@example.de"))
    session.flush()
    merged_asking(session, boston, kept, lost)
    accept_merge(session, berlin, questions_to(session, berlin)[0].row.id, RULES)
    record = record_of(session, berlin, kept.id)
    assert record.holding and record.holding.basis is Basis.DUTY
    assert [point.value for point in record.contacts] == ["berlin@example.de"]


def test_declining_leaves_everything_as_it_is_and_says_why(session: Session) -> None:
    boston, berlin, kept, lost = two_offices(session)
    merged_asking(session, boston, kept, lost)
    before = everything(session)
    [question] = questions_to(session, berlin)
    decline_merge(session, berlin, question.row.id, DeclineForm(reason="Two sisters"))
    assert everything(session) == before
    assert questions_to(session, berlin) == [] and counted(session, berlin) == 0
    assert merges_of(session, boston, kept.id)[0].declined == ["Two sisters"]
    line = session.exec(select(JournalEntry).where(JournalEntry.verb == "kept_apart")).one()
    assert (line.office_id, line.subject_id) == (berlin.office_id, lost.id)
    with pytest.raises(Refused, match="answered"):
        accept_merge(session, berlin, question.row.id, RULES)


def test_undoing_the_first_merge_takes_the_question_back(session: Session) -> None:
    boston, berlin, kept, lost = two_offices(session)
    merge = merged_asking(session, boston, kept, lost)
    [question] = questions_to(session, berlin)
    undo_merge(session, boston, merge.id)
    assert questions_to(session, berlin) == [] and counted(session, berlin) == 0
    with pytest.raises(Missing):
        accept_merge(session, berlin, question.row.id, RULES)


def test_what_was_accepted_stays_until_its_own_office_undoes_it(session: Session) -> None:
    boston, berlin, kept, lost = two_offices(session)
    before = everything(session)
    merge = merged_asking(session, boston, kept, lost)
    own = accept_merge(session, berlin, questions_to(session, berlin)[0].row.id, RULES)
    assert undo_merge(session, boston, merge.id)[1] == []
    assert [point.value for point in record_of(session, boston, lost.id).contacts] == ["marie@example.net"]
    assert record_of(session, berlin, kept.id).holding
    assert [one.taken_back for one in merges_of(session, berlin, kept.id)] == [True]
    assert undo_merge(session, berlin, own.id)[1] == []
    assert everything(session) == before


def test_a_record_that_went_on_since_is_followed(session: Session) -> None:
    boston, berlin, kept, lost = two_offices(session)
    merged_asking(session, boston, kept, lost)
    third = a_person(session, boston, full_name="TAKASE Third", kanji=None, latin=None, email=None)
    merged_asking(session, boston, third, session.get_one(Person, kept.id))
    own = accept_merge(session, berlin, questions_to(session, berlin)[0].row.id, RULES)
    assert own.kept_id == third.id
    assert record_of(session, berlin, third.id).holding


def test_an_office_that_erased_or_gave_up_its_record_is_asked_no_more(session: Session) -> None:
    boston, berlin, kept, lost = two_offices(session)
    merged_asking(session, boston, kept, lost)
    [question] = questions_to(session, berlin)
    holding = session.exec(select(Holding).where(Holding.person_id == lost.id, Holding.until == None)).one()  # noqa: E711
    assert holding.office_id == berlin.office_id
    holding.until = holding.since
    session.flush()
    assert questions_to(session, berlin) == [] and counted(session, berlin) == 0
    with pytest.raises(Refused):
        accept_merge(session, berlin, question.row.id, RULES)
    holding.until = None
    session.flush()
    erase_person(session, berlin, lost, b"key", [])
    assert not session.exec(select(MergeQuestion)).all()


def test_answering_on_the_pages(sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        _boston, _berlin, kept, lost = two_offices(session)
    desk, other = sign_in("attache", "us-bos"), sign_in("attache", "de-ber-test")
    versions = {"other": str(lost.id), "version": str(kept.version), "other_version": str(lost.version)}
    assert 'name="ask" value="true" checked' in desk.get(f"/people/{kept.id}/merge?other={lost.id}").text
    assert desk.post(f"/people/{kept.id}/merge", data={**versions, "ask": "true"}).status_code == 303
    assert "Merges that ask your office" in other.get("/").text
    address = "/people/merges/asked/" + other.get(f"/people/{lost.id}").text.partition("/people/merges/asked/")[2][:36]
    assert address in other.get("/people/duplicates").text
    asked = other.get(address).text
    assert "TAKASE Mari" in asked and "berlin@example.de" in asked
    assert not any(word in asked for word in ("takase@example.org", "marie@example.net", "Boston", str(kept.id)))
    assert desk.get(address).status_code == desk.post(f"{address}/accept").status_code == 404
    assert sign_in("fellow", "de-ber-test").post(f"{address}/accept").status_code == 403
    refused = other.post(f"{address}/decline", data={"reason": ""})
    assert (refused.status_code, "Please fill this in." in refused.text) == (422, True)
    assert other.post(f"{address}/accept").headers["location"] == f"/people/{kept.id}"
    assert other.get(address).headers["location"] == f"/people/{lost.id}"
    assert other.post(f"{address}/decline", data={"reason": "Late"}).headers["location"] == f"/people/{lost.id}"
    assert other.get(f"/people/{lost.id}").headers["location"] == f"/people/{kept.id}"
