"""Tags: an office's own, put on many at once after a look, and taken back."""

from uuid import UUID, uuid4

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from crm.core.db import Database
from crm.people.actions.merge import merge_people
from crm.people.merging import MergeForm
from crm.people.models import BulkChange, Person, PersonTag, Tag
from tests.conftest import SignIn
from tests.factories.accounts import a_post, an_actor
from tests.factories.people import a_person, a_share

pytestmark = pytest.mark.both
NAMES = ("Ono Taro", "Sato Hanako", "Kato Jun")


@pytest.fixture
def people(database: Database) -> list[UUID]:
    with database.writing() as session:
        actor = an_actor(session)
        mails = (f"{name[:3]}@example.org" for name in NAMES)
        return [
            a_person(session, actor, full_name=name, kanji=None, kana=None, latin=None, email=mail).id
            for name, mail in zip(NAMES, mails, strict=True)
        ]


def tag(desk: TestClient, ids: list[UUID], name: str = "Spring reception", kind: str = "add") -> str:
    answer = desk.post("/people/bulk", data={"ids": [str(id) for id in ids], "name": name, "kind": kind})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def listed(desk: TestClient, name: str = "Spring reception") -> list[str]:
    page = desk.get("/people", params={"tag": name}).text
    return [each for each in NAMES if each in page]


def test_chosen_from_the_list_tagged_and_filtered_by_it(sign_in: SignIn, people: list[UUID]) -> None:
    desk = sign_in()
    page = desk.get("/people/bulk?q=Ono").text
    assert "Ono Taro" in page and "Sato Hanako" not in page
    assert desk.get("/people/bulk").text.count('name="ids"') == 3
    done = tag(desk, people[:2])
    assert "2 people bear this tag now who did not before." in desk.get(done).text
    assert listed(desk) == ["Ono Taro", "Sato Hanako"]
    assert "Spring reception" in desk.get("/people").text, "the facet offers it"
    assert "Spring reception" in desk.get(f"/people/{people[0]}/tags").text


def test_undo_takes_back_what_it_did_and_nothing_else(sign_in: SignIn, people: list[UUID], database: Database) -> None:
    desk = sign_in()
    tag(desk, people[:1])
    second = tag(desk, people)
    assert "2 people bear this tag" in desk.get(second).text
    assert desk.post(f"{second}/undo").status_code == 303
    assert listed(desk) == ["Ono Taro"], "who had it before keeps it"
    assert desk.post(f"{second}/undo").status_code == 409
    removed = tag(desk, people, kind="remove")
    assert listed(desk) == []
    assert desk.post(f"{removed}/undo").status_code == 303
    assert listed(desk) == ["Ono Taro"]
    with database.reading() as session:
        assert len(session.exec(select(Tag)).all()) == 1


def test_one_office_sees_nothing_of_anothers_tags(sign_in: SignIn, people: list[UUID], database: Database) -> None:
    desk = sign_in()
    done = tag(desk, people)
    with database.writing() as session:
        chicago = a_post(session, office_code="us-chi").actor
        a_share(session, session.get_one(Person, people[0]), an_actor(session), chicago)
    stranger, colleague = sign_in(office="us-chi"), sign_in()
    assert "Ono Taro" in stranger.get("/people").text
    for path in ("/people", "/people/bulk", f"/people/{people[0]}/tags"):
        assert "Spring reception" not in stranger.get(path).text, path
    assert "Ono Taro" not in stranger.get("/people?tag=Spring+reception").text
    for other in (stranger, colleague):
        assert other.get(done).status_code == 404
        assert other.post(f"{done}/undo").status_code == 404
    mine = tag(stranger, [people[0]])
    assert "1 person bears this tag" in stranger.get(mine).text
    with database.reading() as session:
        assert len(session.exec(select(Tag)).all()) == 2


def test_whom_the_office_does_not_see_is_not_touched(sign_in: SignIn, people: list[UUID], database: Database) -> None:
    stranger = sign_in(office="us-chi")
    data = {"ids": [str(people[0]), str(uuid4())], "name": "x", "kind": "add"}
    assert stranger.post("/people/bulk", data=data).status_code == 422
    with database.reading() as session:
        assert session.exec(select(PersonTag)).all() == []
        assert session.exec(select(BulkChange)).all() == []


def test_bad_input_keeps_the_choice(sign_in: SignIn, people: list[UUID]) -> None:
    desk = sign_in()
    answer = desk.post("/people/bulk", data={"ids": [str(people[1])], "name": "", "kind": "add"})
    assert answer.status_code == 422
    assert answer.text.count('name="ids"') == 3
    assert answer.text.count("checked") - answer.text.count('type="radio"') <= 2
    gone = desk.post("/people/bulk", data={"ids": [str(people[1])], "name": "Never", "kind": "remove"})
    assert gone.status_code == 422 and "Your office has no tag of this name." in gone.text
    assert sign_in("fellow").get("/people/bulk").status_code == 403


def test_two_who_become_one_bear_the_tag_once(sign_in: SignIn, people: list[UUID], database: Database) -> None:
    desk = sign_in()
    tag(desk, people[:2])
    with database.writing() as session:
        actor = an_actor(session)
        kept, lost = (session.get_one(Person, id) for id in people[:2])
        form = MergeForm(other=lost.id, version=kept.version or 1, other_version=lost.version or 1)
        merge_people(session, actor, kept, lost, [], form)
    assert listed(desk) == ["Ono Taro"]
    with database.reading() as session:
        assert len(session.exec(select(PersonTag)).all()) == 1


def test_the_totals_of_one_tag_are_not_those_of_another(sign_in: SignIn, people: list[UUID]) -> None:
    desk = sign_in()
    tag(desk, people, "Large")
    tag(desk, people[:1], "Small")
    assert "3 people" in desk.get("/people?tag=Large").text
    assert "1 person" in desk.get("/people?tag=Small").text
