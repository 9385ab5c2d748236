"""Posts, ways to reach a person and further names: each its own row, each other office's out of sight."""

from datetime import timedelta
from typing import Any

import pytest
from lxml import html
from sqlmodel import select
from starlette.testclient import TestClient

from crm.core.columns import now
from crm.core.db import Database
from crm.people.models import Affiliation, ContactPoint, ContactState, NameKind, Person, PersonName
from crm.people.queries.record import record_of
from tests.conftest import SignIn
from tests.factories.accounts import an_actor
from tests.factories.people import a_person, a_share

pytestmark = pytest.mark.both


@pytest.fixture
def desk(sign_in: SignIn) -> TestClient:
    return sign_in("attache", "us-bos")


@pytest.fixture
def mari(database: Database) -> Person:
    with database.writing() as session:
        return a_person(session, an_actor(session))


def parsed(desk: TestClient, address: str) -> Any:
    return html.fromstring(desk.get(address).text)


def save(desk: TestClient, mari: Person, **typed: str) -> Any:
    """The whole record, with these fields changed."""
    form = parsed(desk, f"/people/{mari.id}/edit").xpath("//form[@data-guard]")[0]
    return desk.post(f"/people/{mari.id}", data={**dict(form.form_values()), **typed})


def send(desk: TestClient, address: str, mari: Person, **typed: Any) -> Any:
    version = parsed(desk, f"/people/{mari.id}/edit").xpath("//input[@name='version']/@value")[0]
    return desk.post(address, data={"version": version, **typed})


def rows(database: Database, model: Any, person: Person) -> list[Any]:
    with database.reading() as session:
        return list(session.exec(select(model).where(model.person_id == person.id).order_by(model.id)))


def test_a_second_post_stands_there_until_it_ends(desk: TestClient, database: Database, mari: Person) -> None:
    posts = f"/people/{mari.id}/posts"
    send(desk, posts, mari, institution="Broad Institute", title="Member", country="US", since="2025-04-01")
    page = desk.get(f"/people/{mari.id}").text
    assert "Broad Institute" in page
    assert "1 Apr 2025" in page
    added = rows(database, Affiliation, mari)[-1]
    assert "Mari" in desk.get("/people?q=broad+institute").text
    ended = (now().date() - timedelta(days=1)).isoformat()
    send(desk, f"{posts}/{added.id}", mari, institution="Broad Institute", title="Member", until=ended)
    with database.reading() as session:
        record = record_of(session, an_actor_of(database), mari.id)
    assert [post.institution for post in record.past] == ["Broad Institute"]
    assert len(record.posts) == 1


def an_actor_of(database: Database) -> Any:
    with database.writing() as session:
        return an_actor(session)


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"since": "2025-04-01", "until": "2024-04-01"}, "The end must not be before the beginning."),
        ({"until": "2999-01-01"}, "Please leave the end empty until it has come."),
        ({"country": "Atlantis"}, "Please choose a country or region from the list."),
    ],
)
def test_a_wrong_post_is_told_beside_the_field(
    desk: TestClient, database: Database, mari: Person, typed: dict[str, str], problem: str
) -> None:
    before = len(rows(database, Affiliation, mari))
    answer = send(desk, f"/people/{mari.id}/posts", mari, institution="Typed already", **typed)
    assert answer.status_code == 422
    assert problem in answer.text
    assert "Typed already" in answer.text
    assert len(rows(database, Affiliation, mari)) == before


def test_an_address_that_must_not_be_used_stays_and_says_so(desk: TestClient, database: Database, mari: Person) -> None:
    contacts = f"/people/{mari.id}/contacts"
    send(desk, contacts, mari, kind="email", value="Second@Example.org", state="ok")
    send(desk, contacts, mari, kind="phone", value="+16175550134", state="ok")
    assert [point.value for point in rows(database, ContactPoint, mari)][1:] == [
        "second@example.org", "+1 617-555-0134",
    ]  # fmt: skip
    first = rows(database, ContactPoint, mari)[0]
    send(desk, f"{contacts}/{first.id}", mari, kind="email", value=first.value, state="do_not_use")
    assert rows(database, ContactPoint, mari)[0].state is ContactState.DO_NOT_USE
    assert "Do not use" in desk.get(f"/people/{mari.id}").text
    twice = send(desk, contacts, mari, kind="email", value="second@example.org", state="ok")
    assert twice.status_code == 422
    assert "Your office has this already." in twice.text


def test_saving_the_record_keeps_the_second_address(desk: TestClient, database: Database, mari: Person) -> None:
    send(desk, f"/people/{mari.id}/contacts", mari, kind="email", value="second@example.org", state="ok")
    assert save(desk, mari, email="new@example.org").status_code == 303
    assert {point.value for point in rows(database, ContactPoint, mari)} == {"new@example.org", "second@example.org"}


def test_a_name_in_the_passport_is_the_offices_own(
    desk: TestClient, sign_in: SignIn, database: Database, mari: Person
) -> None:
    send(desk, f"/people/{mari.id}/names", mari, kind="passport", full="Takase-Geheim Mari")
    send(desk, f"/people/{mari.id}/names", mari, kind="pen", full="Mari Offenbar")
    assert {name.kind for name in rows(database, PersonName, mari)} >= {NameKind.PASSPORT, NameKind.PEN}
    with database.writing() as session:
        berlin = an_actor(session, office_code="de-ber-test")
        a_share(session, mari, an_actor(session), berlin)
    other = sign_in("attache", "de-ber-test")
    page = other.get(f"/people/{mari.id}").text
    assert "Mari Offenbar" in page
    assert "Geheim" not in page
    hidden = next(name for name in rows(database, PersonName, mari) if name.kind is NameKind.PASSPORT)
    assert other.get(f"/people/{mari.id}/names/{hidden.id}").status_code == 404
    assert "Mari" in desk.get("/people?q=geheim").text


def test_what_is_removed_is_gone_and_in_the_history(desk: TestClient, database: Database, mari: Person) -> None:
    send(desk, f"/people/{mari.id}/names", mari, kind="former", full="Mari Vorher")
    name = next(name for name in rows(database, PersonName, mari) if name.kind is NameKind.FORMER)
    send(desk, f"/people/{mari.id}/names/{name.id}/remove", mari)
    assert NameKind.FORMER not in {name.kind for name in rows(database, PersonName, mari)}
    assert "Mari Vorher" in desk.get(f"/people/{mari.id}/history").text


def test_the_second_to_save_is_told(desk: TestClient, database: Database, mari: Person) -> None:
    answer = desk.post(f"/people/{mari.id}/names", data={"version": "0", "kind": "pen", "full": "Late"})
    assert answer.status_code == 422
    assert "Somebody else changed this record" in answer.text
    assert "Late" not in {name.full for name in rows(database, PersonName, mari)}


def test_coded_fields_are_chosen_found_and_refused_when_unknown(desk: TestClient, mari: Person) -> None:
    page = parsed(desk, f"/people/{mari.id}/edit")
    box = page.xpath("//input[@name='kakenhi']")[0]
    label = box.getparent().text_content().strip()
    assert save(desk, mari, kakenhi=box.get("value")).status_code == 303
    assert label in desk.get(f"/people/{mari.id}").text
    assert "Mari" in desk.get("/people", params={"q": label.split()[0]}).text
    wrong = save(desk, mari, kakenhi="no such")
    assert wrong.status_code == 422
    assert "Please choose one of the options." in wrong.text
