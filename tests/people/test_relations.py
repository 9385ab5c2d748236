"""Relations between people: one office's own, read from both sides, drawn and listed alike."""

from typing import Any

import pytest
from sqlmodel import select

from crm.core.db import Database
from crm.people.actions.merge import merge_people
from crm.people.actions.relate import pair_of
from crm.people.merging import MergeForm
from crm.people.models import Person, Relation
from crm.people.models.relations import Part
from crm.people.queries.relations import relations_of
from tests.conftest import SignIn
from tests.factories.accounts import an_actor
from tests.factories.people import a_share, people_called

pytestmark = pytest.mark.both


@pytest.fixture
def three(database: Database) -> list[Person]:
    """Teacher, student, friend: all of Boston."""
    with database.writing() as session:
        return people_called(session, an_actor(session), "Ono Ken", "Sato Emi", "Abe Jun")


def said(other: Person, part: str, **more: Any) -> dict[str, Any]:
    return {"other": str(other.id), "part": part, **more}


@pytest.mark.parametrize("part", list(Part))
def test_each_part_is_read_back_from_both_sides(three: list[Person], part: Part) -> None:
    one, other, _ = three
    kind, first, second = pair_of(part, one.id, other.id)
    relation = Relation(office_id=one.id, kind=kind, first_id=first, second_id=second)
    assert relation.part_of_other(one.id) == part
    assert pair_of(relation.part_of_other(other.id), other.id, one.id) == (kind, first, second)


def test_a_relation_stands_on_both_pages(sign_in: SignIn, three: list[Person]) -> None:
    teacher, student, _ = three
    desk = sign_in()
    assert "Sato Emi" in desk.get(f"/people/{teacher.id}/relations/new?q=sato").text
    answer = desk.post(f"/people/{teacher.id}/relations", data=said(student, "student", since="2019-04-01"))
    assert answer.status_code == 303
    assert "Student" in desk.get(f"/people/{teacher.id}/relations").text
    page = desk.get(f"/people/{student.id}/relations").text
    assert "Supervisor" in page and "Ono Ken" in page


def test_the_same_is_noted_once(sign_in: SignIn, three: list[Person]) -> None:
    one, other, _ = three
    desk = sign_in()
    assert desk.post(f"/people/{one.id}/relations", data=said(other, "collaborator")).status_code == 303
    again = desk.post(f"/people/{other.id}/relations", data={**said(one, "collaborator"), "q": "ono"})
    assert again.status_code == 422
    assert "This is noted already." in again.text and "Ono Ken" in again.text


@pytest.mark.parametrize(
    "wrong", [{"until": "2001-01-01", "since": "2002-01-01"}, {"part": "enemy"}, {"since": "yesterday"}]
)
def test_what_is_wrong_is_said(sign_in: SignIn, three: list[Person], wrong: dict[str, str]) -> None:
    one, other, _ = three
    assert sign_in().post(f"/people/{one.id}/relations", data={**said(other, "host"), **wrong}).status_code == 422


def test_nobody_is_related_to_themself(sign_in: SignIn, three: list[Person]) -> None:
    assert sign_in().post(f"/people/{three[0].id}/relations", data=said(three[0], "family")).status_code == 422


def test_another_office_sees_none_of_it(sign_in: SignIn, database: Database, three: list[Person]) -> None:
    teacher, student, _ = three
    sign_in().post(f"/people/{teacher.id}/relations", data=said(student, "student", note="Long friends"))
    with database.writing() as session:
        tokyo = an_actor(session, "university_officer", "jp-univ")
        for person in (teacher, student):
            a_share(session, person, an_actor(session), tokyo)
    other = sign_in("university_officer", "jp-univ")
    page = other.get(f"/people/{teacher.id}/relations")
    assert page.status_code == 200
    assert "Sato Emi" not in page.text and "Long friends" not in page.text
    assert other.post(f"/people/{teacher.id}/relations", data=said(student, "host")).status_code == 403
    with database.reading() as session:
        relation = session.exec(select(Relation)).one()
    assert other.post(f"/people/{teacher.id}/relations/{relation.id}/remove").status_code in (403, 404)


def test_somebody_whom_the_office_does_not_see_cannot_be_chosen(
    sign_in: SignIn, database: Database, three: list[Person]
) -> None:
    with database.writing() as session:
        [stranger] = people_called(session, an_actor(session, "officer", "jp-univ"), "Kato Rie")
    answer = sign_in().post(f"/people/{three[0].id}/relations", data=said(stranger, "host"))
    assert answer.status_code == 422
    assert "Kato" not in answer.text


def test_the_network_has_everybody_of_the_list(
    sign_in: SignIn, three: list[Person], database: Database, count_queries: Any
) -> None:
    one, two, friend = three
    desk = sign_in()
    for person, other, part in ((one, two, "student"), (one, friend, "collaborator"), (two, friend, "collaborator")):
        desk.post(f"/people/{person.id}/relations", data=said(other, part))
    with count_queries(database) as statements:
        page = desk.get(f"/people/{one.id}/relations").text
    assert page.count('class="other"') == 2
    assert page.count('class="tie far"') == 1
    assert len(statements) <= 5


def test_a_merge_takes_relations_along(database: Database, three: list[Person]) -> None:
    with database.writing() as session:
        boston = an_actor(session)
        one, two, friend = (session.get_one(Person, person.id) for person in three)
        kind, first, second = pair_of(Part.STUDENT, two.id, friend.id)
        session.add(Relation(office_id=boston.office_id, kind=kind, first_id=first, second_id=second))
        session.flush()
        form = MergeForm(other=two.id, version=one.version, other_version=two.version)
        merge_people(session, boston, one, two, [], form)
        [related] = relations_of(session, boston, one.id)
        assert (related.person.id, related.part) == (friend.id, Part.STUDENT)


def test_it_can_be_taken_back(sign_in: SignIn, database: Database, three: list[Person]) -> None:
    one, other, _ = three
    desk = sign_in()
    desk.post(f"/people/{one.id}/relations", data=said(other, "guest"))
    with database.reading() as session:
        relation = session.exec(select(Relation)).one()
    assert desk.post(f"/people/{other.id}/relations/{relation.id}/remove").status_code == 303
    assert "No relation" in desk.get(f"/people/{one.id}/relations").text
