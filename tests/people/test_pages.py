"""The pages of people, as a browser without JavaScript gets them."""

from collections.abc import Callable
from typing import Any

import pytest
from lxml import html
from sqlmodel import select
from starlette.testclient import TestClient

from crm.accounts.models import JournalEntry
from crm.core.db import Database
from crm.people.models import Person
from tests.conftest import SignIn
from tests.factories.accounts import an_actor
from tests.factories.people import a_person, a_share, people_called

pytestmark = pytest.mark.both


def parsed(text: str) -> Any:
    return html.fromstring(text)


def typed_in(page: Any) -> dict[str, Any]:
    """What a browser would send from the page's form."""
    form = parsed(page.text).xpath("//form[@data-guard]")[0]
    values: dict[str, Any] = {}
    for name, value in form.form_values():
        values.setdefault(name, []).append(value)
    return values


@pytest.fixture
def desk(sign_in: SignIn) -> TestClient:
    return sign_in("attache", "us-bos")


@pytest.fixture
def mari(database: Database) -> Person:
    with database.writing() as session:
        return a_person(session, an_actor(session))


def stored(database: Database, person: Person) -> Person:
    with database.reading() as session:
        return session.get_one(Person, person.id)


def test_a_person_is_added_by_hand(desk: TestClient, database: Database) -> None:
    assert desk.get("/people/new").status_code == 200
    fields = {
        "full_name": "TAKASE Mari (高瀬 真理)",
        "institution": "Northbridge University",
        "country": "US",
        "research_fields": "quantum information\noptics",
        "orcid": "https://orcid.org/0000-0002-1825-0097",
        "open_to": ["talks", "media"],
        "links": "https://lab.example.org",
        "preferred_language": "de",
    }
    assert desk.post("/people", data={**fields, "preferred_language": "xx"}).status_code == 422
    answer = desk.post("/people", data=fields)
    assert answer.status_code == 303
    page = desk.get(answer.headers["location"])
    for shown in (
        "高瀬 真理",
        "Northbridge University",
        "optics",
        "0000-0002-1825-0097",
        "https://lab.example.org",
        "German",
    ):
        assert shown in page.text
    with database.reading() as session:
        assert session.exec(select(Person.kanji)).all() == ["高瀬 真理"]


@pytest.mark.parametrize(
    ("field", "wrong"),
    [("orcid", "0000-0002-1825-0098"), ("email", "no address"), ("links", "javascript:x"), ("full_name", "")],
)
def test_a_wrong_value_is_explained_and_nothing_typed_is_lost(desk: TestClient, field: str, wrong: str) -> None:
    typed = {"full_name": "Daniel <b>Okafor", "note": "Met in spring", field: wrong}
    page = desk.post("/people", data=typed)
    assert page.status_code == 422
    shown = typed_in(page)
    assert shown["note"][0].strip() == "Met in spring"
    assert shown[field][0].strip() == wrong
    assert parsed(page.text).xpath(f"//*[@name='{field}']/@aria-invalid") == ["true"]


def test_an_identifier_in_the_records_is_not_given_twice(desk: TestClient, database: Database) -> None:
    with database.writing() as session:
        a_person(session, an_actor(session), orcid="0000-0002-1825-0097")
    page = desk.post("/people", data={"full_name": "Somebody", "orcid": "0000-0002-1825-0097"})
    assert page.status_code == 422
    assert "TAKASE Mari in your records has this number." in page.text


def test_a_change_is_saved_found_and_in_the_history(desk: TestClient, mari: Person) -> None:
    typed = typed_in(desk.get(f"/people/{mari.id}/edit"))
    answer = desk.post(f"/people/{mari.id}", data={**typed, "institution": "Valta Institute", "city": "Stockholm"})
    assert answer.status_code == 303
    spoken = {**typed, "preferred_language": "fr", "institution": "Valta Institute", "city": "Stockholm"}
    assert desk.post(f"/people/{mari.id}", data={**spoken, "version": "2"}).status_code == 303
    assert "Valta Institute" in desk.get("/people?q=valta").text
    assert "Nobody matches" in desk.get("/people?q=northbridge").text
    page = desk.get(f"/people/{mari.id}/history").text
    assert "Northbridge University → Valta Institute" in page and "Language for letters" in page and "— → fr" in page


def test_saving_without_a_change_changes_nothing(desk: TestClient, mari: Person, database: Database) -> None:
    typed = typed_in(desk.get(f"/people/{mari.id}/edit"))
    assert desk.post(f"/people/{mari.id}", data=typed).status_code == 303
    assert stored(database, mari).version == mari.version
    with database.reading() as session:
        assert len(session.exec(select(JournalEntry).where(JournalEntry.verb == "changed")).all()) == 0


def test_two_editors_see_each_others_change(sign_in: SignIn, mari: Person, database: Database) -> None:
    first, second = sign_in(), sign_in("local_staff")
    typed = typed_in(first.get(f"/people/{mari.id}/edit"))
    assert first.post(f"/people/{mari.id}", data={**typed, "city": "Cambridge"}).status_code == 303
    page = second.post(f"/people/{mari.id}", data={**typed, "unit": "Photonics Group"})
    assert page.status_code == 409
    table = parsed(page.text).xpath("//table[contains(@class, 'compare')]")[0].text_content()
    assert "Cambridge" in table and "Photonics Group" in table
    again = typed_in(page)
    assert (again["unit"], again["city"]) == (["Photonics Group"], ["Boston"])
    assert second.post(f"/people/{mari.id}", data={**again, "city": "Cambridge"}).status_code == 303
    record = first.get(f"/people/{mari.id}").text
    assert "Photonics Group" in record and "Cambridge" in record


@pytest.mark.parametrize("path", ["", "/edit", "/history"])
def test_another_offices_person_does_not_exist(sign_in: SignIn, mari: Person, path: str) -> None:
    assert sign_in("attache", "de-test").get(f"/people/{mari.id}{path}").status_code == 404


def test_an_office_that_was_only_shown_a_person_cannot_change_it(
    sign_in: SignIn, mari: Person, database: Database
) -> None:
    other = sign_in("attache", "de-test")
    with database.writing() as session:
        a_share(session, mari, an_actor(session), an_actor(session, office_code="de-test"))
    assert "TAKASE" in other.get(f"/people/{mari.id}").text
    typed = {"full_name": "Changed", "version": "1"}
    assert other.post(f"/people/{mari.id}", data=typed).status_code in (403, 409)
    assert stored(database, mari).full_name == "TAKASE Mari"


@pytest.mark.parametrize(("role", "status"), [("hq_reader", 403), ("administrator", 403), ("fellow", 200)])
def test_roles_without_people_are_kept_out(sign_in: SignIn, role: str, status: int) -> None:
    assert sign_in(role).get("/people").status_code == status
    assert sign_in(role).get("/people/new").status_code == 403


def test_the_number_of_queries_does_not_grow_with_the_list(
    desk: TestClient, database: Database, count_queries: Callable[[Database], Any]
) -> None:
    numbers = []
    for more in (["Person 01"], [f"Person {number:02}" for number in range(2, 31)]):
        with database.writing() as session:
            people_called(session, an_actor(session), *more)
        with count_queries(database) as statements:
            assert desk.get("/people?q=person").status_code == 200
        numbers.append(len(statements))
    assert numbers[0] == numbers[1] <= 12


def test_the_record_needs_few_queries(
    desk: TestClient, mari: Person, database: Database, count_queries: Callable[[Database], Any]
) -> None:
    with count_queries(database) as statements:
        desk.get(f"/people/{mari.id}")
    assert len(statements) <= 13


def test_filters_count_and_narrow(desk: TestClient, mari: Person, database: Database) -> None:
    with database.writing() as session:
        people_called(session, an_actor(session), "Daniel Okafor")
    page = parsed(desk.get("/people").text)
    assert page.xpath("string(//input[@name='country'][@value='US']/following-sibling::*[@class='num'])") == "1"
    narrowed = desk.get("/people?country=US").text
    assert "高瀬 真理" in narrowed and "Okafor" not in narrowed
    assert len(parsed(narrowed).xpath("//a[@class='chip']")) == 1


def test_an_empty_office_is_offered_a_first_step(desk: TestClient) -> None:
    page = parsed(desk.get("/people").text)
    assert page.xpath("//div[@class='empty']//a/@href")


def test_suggestions_lead_to_the_record_and_to_the_list(desk: TestClient, mari: Person) -> None:
    links = parsed(desk.get("/people/find?q=takase").text).xpath("//a/@href")
    assert links == [f"/people/{mari.id}", "/people?q=takase"]
    assert "Nobody matches" in desk.get("/people/find?q=zzqx").text
    assert not desk.get("/people/find?q=").text.strip()


@pytest.mark.parametrize("typed", ["<b>takase</b>", '"&takase', "%", "takase\0", "x" * 300, "👩‍🔬"])
def test_suggestions_bear_what_people_type(desk: TestClient, mari: Person, typed: str) -> None:
    answer = desk.get("/people/find", params={"q": typed})
    assert answer.status_code == 200
    assert "<b>" not in answer.text
