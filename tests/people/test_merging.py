"""Two records become one, and two again."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from crm.accounts.access import Actor
from crm.core.columns import now
from crm.core.db import Database
from crm.core.errors import Forbidden, Missing, Problem, Refused
from crm.interactions.models import Participant
from crm.interactions.room import ROOM as INTERACTIONS
from crm.listings.actions.merging import settle_before_merge
from crm.listings.models import Listing, ListingState
from crm.people.actions.merge import merge_people, undo_merge
from crm.people.actions.tagging import tag_people
from crm.people.forms import BulkForm, PersonSearch
from crm.people.merging import MergeForm
from crm.people.models import (
    Affiliation,
    Basis,
    ContactKind,
    ContactPoint,
    Holding,
    Identifier,
    Interest,
    Person,
    PersonMerge,
    PersonName,
    Tagging,
)
from crm.people.pointing import tables_about_people
from crm.people.queries.moved import now_known_as
from crm.people.queries.record import history_of, record_of
from crm.people.queries.search import Matching, list_people
from crm.people.queries.story import story_of
from crm.privacy.models import Channel, ConsentReceipt, Purpose
from crm.privacy.queries.consents import who_allow
from crm.tasks.queries import tasks_about
from tests.conftest import SignIn
from tests.factories.accounts import an_actor
from tests.factories.interactions import a_contact, a_task
from tests.factories.people import a_person, a_share
from tests.people.test_pages import typed_in

pytestmark = pytest.mark.both
ORCID = "0000-0002-1825-0097"


def two_records(session: Session, actor: Actor) -> tuple[Person, Person]:
    kept = a_person(session, actor, kana=None)
    said: dict[str, Any] = {"full_name": "Takasé Marie", "latin": "Takasé Marie", "kanji": None, "kana": "タカセ マリ"}
    lost = a_person(
        session, actor, **said, email="marie@example.net", orcid=ORCID, institution="Valta Institute",
        research_fields=("quantum information", "optics"), languages=("fi",),
    )  # fmt: skip
    a_contact(session, actor, kept, lost, text="with both")
    a_contact(session, actor, lost, text="with the other", ago=2)
    a_task(session, actor, lost)
    return kept, lost


def merged(session: Session, actor: Actor, kept: Person, lost: Person, **values: Any) -> PersonMerge:
    form = MergeForm(**{"other": lost.id, "version": kept.version, "other_version": lost.version, **values})
    return merge_people(session, actor, kept, lost, [settle_before_merge], form)


def everything(session: Session) -> dict[str, list[tuple[Any, ...]]]:
    """All rows about people, as they stand in the database."""
    session.flush()
    tables = [*(table for table, _ in tables_about_people()), Person.__table__]  # type: ignore[attr-defined]
    found = {}
    for table in tables:
        columns = [column for column in table.c if column.name not in ("version", "created_at")]
        found[table.name] = sorted((tuple(row) for row in session.execute(select(*columns))), key=str)
    return found


def found_as(session: Session, actor: Actor, typed: str) -> list[str]:
    return [str(one.id) for one in list_people(session, Matching(session, actor, PersonSearch(q=typed)))[0]]


def test_what_both_say_stands_in_one_record(session: Session) -> None:
    actor = an_actor(session)
    kept, lost = two_records(session, actor)
    merged(session, actor, kept, lost, latin="other")
    record = record_of(session, actor, kept.id)
    assert (record.person.kana, record.person.latin) == ("タカセ マリ", "Takasé Marie")
    assert record.person.spoken_languages == ["fi"]
    assert {post.institution for post in record.posts} == {"Northbridge University", "Valta Institute"}
    assert sorted(record.fields) == ["optics", "quantum information"]
    assert sorted(point.value for point in record.contacts) == ["marie@example.net", "takase@example.org"]
    assert [value for _scheme, value, _address in record.identifiers] == [ORCID]
    story, _ = story_of(session, actor, kept.id, INTERACTIONS.story)
    assert sorted(chapter.entry.interaction.text for chapter in story) == ["with both", "with the other"]
    assert len(tasks_about(session, actor, kept.id).lines) == 1
    assert len(history_of(session, actor, kept.id)) == 3


def test_the_lost_record_is_found_under_the_kept_one_alone(session: Session) -> None:
    actor = an_actor(session)
    kept, lost = two_records(session, actor)
    merged(session, actor, kept, lost)
    for typed in ("takase", "marie", ORCID, "valta", "marie@example.net"):
        assert found_as(session, actor, typed) == [str(kept.id)]
    assert now_known_as(session, actor, lost.id) == kept.id
    with pytest.raises(Missing):
        record_of(session, actor, lost.id)


def test_undoing_leaves_nothing_changed(session: Session) -> None:
    actor = an_actor(session)
    kept, lost = two_records(session, actor)
    before = everything(session)
    merge = merged(session, actor, kept, lost, full_name="other", family="other")
    assert everything(session) != before
    assert undo_merge(session, actor, merge.id)[1] == []
    assert everything(session) == before
    assert len(found_as(session, actor, "takase")) == 2


def test_later_edits_stay_and_are_named(session: Session) -> None:
    actor = an_actor(session)
    kept, lost = two_records(session, actor)
    merge = merged(session, actor, kept, lost, family="other")
    session.get_one(Person, kept.id).kana = "タカセ マリエ"
    session.delete(session.exec(select(ContactPoint).where(ContactPoint.value == "marie@example.net")).one())
    a_contact(session, actor, kept, text="since")
    session.flush()
    _lost, left = undo_merge(session, actor, merge.id)
    assert sorted(left) == ["contact_point", "person"]
    assert session.get_one(Person, kept.id).kana == "タカセ マリエ"
    assert record_of(session, actor, lost.id).fields == ["quantum information", "optics"]
    assert len(session.exec(select(Participant).where(Participant.person_id == kept.id)).all()) == 2


def test_the_first_of_two_merges_can_be_undone(session: Session) -> None:
    actor = an_actor(session)
    kept, lost = two_records(session, actor)
    third = a_person(session, actor, full_name="TAKASE Third", kanji=None, latin=None, email=None)
    first = merged(session, actor, kept, lost)
    merged(session, actor, third, session.get_one(Person, kept.id))
    assert now_known_as(session, actor, kept.id) == third.id
    assert undo_merge(session, actor, first.id)[1] == []
    assert [point.value for point in record_of(session, actor, lost.id).contacts] == ["marie@example.net"]
    assert [value for _s, value, _a in record_of(session, actor, lost.id).identifiers] == [ORCID]
    assert "takase@example.org" in [point.value for point in record_of(session, actor, third.id).contacts]


def test_each_office_merges_its_own_part_and_learns_nothing_of_others(session: Session) -> None:
    boston, berlin = an_actor(session), an_actor(session, office_code="de-ber-test")
    kept, lost = two_records(session, boston)
    a_person(session, berlin, full_name="Takasé Marie", orcid=ORCID, kanji=None, email="berlin@example.de")
    before = record_of(session, berlin, lost.id)
    session.refresh(lost)
    merge = merged(session, boston, kept, lost)
    after = record_of(session, berlin, lost.id)
    assert (after.person.full_name, after.identifiers, after.contacts) == (
        before.person.full_name, before.identifiers, before.contacts,
    )  # fmt: skip
    assert found_as(session, boston, "takase") == [str(kept.id)]
    assert found_as(session, boston, "optics") == [str(kept.id)]
    assert found_as(session, berlin, "takase") == [str(lost.id)]
    with pytest.raises(Missing):
        record_of(session, boston, lost.id)
    with pytest.raises(Missing):
        undo_merge(session, berlin, merge.id)
    assert undo_merge(session, boston, merge.id)[1] == []
    assert "optics" not in record_of(session, boston, kept.id).fields
    assert len(found_as(session, boston, "takase")) == 2


def test_what_two_offices_merged_comes_apart_whole(session: Session) -> None:
    boston, berlin = an_actor(session), an_actor(session, office_code="de-ber-test")
    kept, lost = two_records(session, boston)
    for person, email in ((kept, "one@example.de"), (lost, "two@example.de")):
        held: dict[str, Any] = {"office_id": berlin.office_id, "person_id": person.id}
        session.add(Holding(**held, basis=Basis.OWN_CONTACT, since=berlin.today, sort_key="t"))
        session.add(ContactPoint(**held, kind=ContactKind.EMAIL, value=email))
    session.flush()
    first = merged(session, boston, kept, lost)
    before = everything(session)
    second = merged(session, berlin, kept, lost)
    assert session.get_one(Person, lost.id).merged_into == kept.id
    assert second.shared_dropped and not first.shared
    assert undo_merge(session, berlin, second.id)[1] == []
    assert everything(session) == before
    merged(session, berlin, kept, lost)
    assert undo_merge(session, boston, first.id)[1] == []
    assert {post.institution for post in record_of(session, boston, lost.id).posts} == {"Valta Institute"}
    assert sorted(record_of(session, boston, lost.id).fields) == ["optics", "quantum information"]


def test_what_is_not_held_changed_or_too_old_is_refused(session: Session) -> None:
    boston, berlin = an_actor(session), an_actor(session, office_code="de-ber-test")
    kept, lost = two_records(session, boston)
    with pytest.raises(Forbidden):
        merged(session, berlin, kept, lost)
    with pytest.raises(Refused, match="one record"):
        merged(session, boston, kept, kept)
    with pytest.raises(Refused, match="Somebody else"):
        merged(session, boston, kept, lost, version=0)
    merge = merged(session, boston, kept, lost)
    merge.created_at = now() - timedelta(days=91)
    session.flush()
    with pytest.raises(Refused, match="90 days"):
        undo_merge(session, boston, merge.id)


@pytest.mark.parametrize(
    ("mine", "theirs", "refused"),
    [
        ("withdrawn", "published", True),
        ("agreed", "declined", True),
        ("draft", "draft", True),
        ("published", None, False),
        (None, "published", False),
        ("withdrawn", None, False),
    ],
)
def test_a_no_of_the_person_is_never_overruled(
    session: Session, mine: str | None, theirs: str | None, refused: bool
) -> None:
    actor = an_actor(session)
    kept, lost = two_records(session, actor)
    for person, state in ((kept, mine), (lost, theirs)):
        if state:
            session.add(Listing(person_id=person.id, office_id=actor.office_id, state=ListingState(state)))
    session.flush()
    try:
        merged(session, actor, kept, lost)
    except Problem:
        assert refused
        assert not session.exec(select(PersonMerge)).all()
    else:
        assert not refused
        assert [entry.person_id for entry in session.exec(select(Listing))] == [kept.id]


def test_every_table_about_people_is_moved(session: Session) -> None:
    """A room that comes later is covered: what points at a person is found in the schema."""
    names = {table.name for table, _ in tables_about_people()}
    assert {"holding", "task", "interaction_participant", "listing", "consent_receipt", "outbox_letter"} <= names
    actor = an_actor(session)
    kept, lost = two_records(session, actor)
    merged(session, actor, kept, lost)
    for model in (Affiliation, Identifier, Interest, PersonName, ContactPoint, Participant):
        assert not session.exec(select(model).where(col(model.person_id) == lost.id)).all()


def test_note_tags_consents_and_shares_are_told_and_come_along(sign_in: SignIn, database: Database) -> None:
    """The note is joined, a withdrawal wins, and no share shows more than it was given for; all can be undone."""
    with database.writing() as session:
        actor, berlin = an_actor(session), an_actor(session, office_code="de-ber-test")
        kept, lost = two_records(session, actor)
        for person, note in ((kept, "Met in Kyoto"), (lost, "Prefers letters")):
            session.exec(select(Holding).where(Holding.person_id == person.id)).one().note = note
        tag_people(session, actor, BulkForm(ids=[lost.id], kind=Tagging.ADD, name="Optics circle"))
        a_share(session, lost, actor, berlin)
        for person, ended in ((kept, None), (lost, now())):
            session.add(ConsentReceipt(person_id=person.id, office_id=actor.office_id, purpose=Purpose.NEWS,
                                       text_version="1", language="en", channel=Channel.PAPER, given_at=now(),
                                       withdrawn_at=ended))  # fmt: skip
        before = everything(session)
    desk, other = sign_in("attache", "us-bos"), sign_in("attache", "de-ber-test")
    text = desk.get(f"/people/{kept.id}/merge?other={lost.id}").text
    for said in ("Prefers letters", "Optics circle", "the stricter word", "They end, for they would show"):
        assert said.lower() in text.lower(), said
    versions = {name: value_of(text, name) for name in ("other", "version", "other_version")}
    assert other.get(f"/people/{lost.id}").status_code == 200
    assert desk.post(f"/people/{kept.id}/merge", data=versions).status_code == 303
    assert [other.get(f"/people/{one.id}").status_code for one in (kept, lost)] == [404, 404]
    with database.reading() as session:
        assert record_of(session, actor, kept.id).form_values()["note"] == "Met in Kyoto\n\nPrefers letters"
        assert not who_allow(session, [kept.id], Purpose.NEWS, actor.office_id)
    assert desk.post(undo_on(desk, kept)).status_code == 303
    assert other.get(f"/people/{lost.id}").status_code == 200
    with database.reading() as session:
        assert everything(session) == before


def test_two_entries_on_the_map_are_said_before_merging(sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        actor = an_actor(session)
        kept, lost = two_records(session, actor)
        session.add_all(Listing(person_id=one.id, office_id=actor.office_id) for one in (kept, lost))
    text = sign_in("attache", "us-bos").get(f"/people/{kept.id}/merge?other={lost.id}").text
    assert "Both records have an entry on the PI Map" in text
    assert ">Merge</button>" not in text


def test_merging_and_undoing_on_the_pages(sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        kept, lost = two_records(session, an_actor(session))
    desk = sign_in("attache", "us-bos")
    address = f"/people/{kept.id}/merge"
    assert str(lost.id) in desk.get(address).text
    assert str(lost.id) in desk.get(f"{address}?q=marie").text
    text = desk.get(f"{address}?other={lost.id}").text
    assert "Takasé Marie" in text and "Valta Institute" in text
    versions = {name: value_of(text, name) for name in ("other", "version", "other_version")}
    stale = desk.post(address, data={**versions, "version": "0", "family": "other"})
    assert (stale.status_code, "Please look again" in stale.text) == (422, True)
    assert desk.post(address, data=versions).headers["location"] == f"/people/{kept.id}"
    assert desk.get(f"/people/{lost.id}").headers["location"] == f"/people/{kept.id}"
    assert sign_in("attache", "de-ber-test").get(f"/people/{lost.id}").status_code == 404
    undo = undo_on(desk, kept)
    assert desk.post(undo).headers["location"] == f"/people/{lost.id}"
    assert desk.post(undo).status_code == 409
    assert desk.get(f"/people/{lost.id}").status_code == 200


def test_a_merged_record_leads_to_the_one_that_stands(sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        actor = an_actor(session)
        kept, lost = two_records(session, actor)
        third = a_person(session, actor, full_name="TAKASE Third", kanji=None, latin=None, email=None)
    desk = sign_in("attache", "us-bos")
    typed = typed_in(desk.get(f"/people/{lost.id}/edit"))
    with database.writing() as session:
        for into, of in ((kept, lost), (third, kept)):
            merged(session, actor, session.get_one(Person, into.id), session.get_one(Person, of.id))
    for end in ("", "/edit", "/history", "/merge?q=a"):
        assert desk.get(f"/people/{lost.id}{end}").headers["location"] == f"/people/{third.id}{end}"
    late = desk.post(f"/people/{lost.id}", data={**typed, "unit": ["Laser Group"]})
    assert (late.status_code, "merged into another one" in late.text) == (409, True)
    assert f'href="/people/{third.id}"' in late.text and "Laser Group" in late.text
    again = typed_in(late)
    assert again["research_fields"][0].split() == ["quantum", "information", "optics"]
    assert desk.post(f"/people/{lost.id}/share", data={"reason": "x"}).status_code == 409
    assert desk.post(f"/people/{third.id}", data=again).status_code == 303
    text = desk.get(f"/people/{third.id}/history").text
    assert text.count("Undo the merge") == 2
    assert desk.post(undo_on(desk, third)).status_code == 303  # the later one first
    assert "took apart" in desk.get(f"/people/{third.id}/history").text
    assert desk.get(f"/people/{lost.id}").headers["location"] == f"/people/{kept.id}"
    assert desk.post(undo_on(desk, kept)).headers["location"] == f"/people/{lost.id}"
    assert desk.get(f"/people/{lost.id}").status_code == 200


def value_of(text: str, name: str) -> str:
    return text.partition(f'name="{name}" value="')[2].partition('"')[0]


def undo_on(desk: TestClient, person: Person) -> str:
    text = desk.get(f"/people/{person.id}/history").text
    return "/people/merges/" + text.partition('action="/people/merges/')[2].partition('"')[0]
