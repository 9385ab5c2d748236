"""The pages of contacts, as a browser without JavaScript gets them."""

from collections.abc import Callable
from typing import Any

import pytest
from lxml import html
from sqlmodel import select
from starlette.testclient import TestClient

from crm.core.db import Database
from crm.interactions.models import Interaction, Participant
from crm.interactions.queries import whole_interaction
from crm.people.models import Person
from crm.tasks.models import Task
from tests.conftest import SignIn
from tests.factories.accounts import an_actor
from tests.factories.interactions import a_contact, a_task
from tests.factories.people import a_person, a_share

pytestmark = pytest.mark.both


@pytest.fixture
def desk(sign_in: SignIn) -> TestClient:
    return sign_in("attache", "us-bos")


@pytest.fixture
def mari(database: Database) -> Person:
    with database.writing() as session:
        return a_person(session, an_actor(session))


def parsed(answer: Any) -> Any:
    return html.fromstring(answer.text)


def form_in(answer: Any) -> Any:
    return parsed(answer).xpath("//form[@data-send-later]")[0]


def stored(database: Database, model: Any) -> list[Any]:
    with database.reading() as session:
        return list(session.exec(select(model)))


def test_looking_somebody_up_without_scripts_keeps_what_was_typed(desk: TestClient, mari: Person) -> None:
    typed = {"who": "takase", "text": "Asked about", "place": "Paris", "kind": "call", "new_people": ["Ann", "Bo"]}
    form = form_in(desk.get("/interactions/new", params=typed))
    values = dict(form.form_values())
    assert (values["text"].strip(), values["place"], values["kind"], values["who"]) == (
        "Asked about",
        "Paris",
        "call",
        "takase",
    )
    offered = form.xpath(".//input[@name='people' or @name='new_people']")
    assert [(box.get("value"), box.checked) for box in offered] == [
        ("Ann", True), ("Bo", True), (str(mari.id), False), ("takase", False),
    ]  # fmt: skip


def test_a_contact_is_logged_read_changed_and_removed(desk: TestClient, database: Database, mari: Person) -> None:
    form = form_in(desk.get(f"/interactions/new?people={mari.id}"))
    values = {**dict(form.form_values()), "text": "One\n\nTwo", "follow_up": "Send <it>", "due": "2026-12-24"}
    address = desk.post("/interactions", data=values).headers["location"]
    assert desk.post("/interactions", data=values).headers["location"] == address
    assert parsed(desk.get(address)).xpath("//button/@data-copy")[0].endswith("What was said\n(1) One\n(2) Two")
    record = desk.get(f"/people/{mari.id}").text
    assert "Two" in record and "Send &lt;it&gt;" in record
    assert "高瀬" in desk.get("/interactions?kind=met").text
    assert "高瀬" not in desk.get("/interactions?kind=call").text
    form = form_in(desk.get(f"{address}/edit"))
    changed = {**dict(form.form_values()), "text": "Three"}
    assert desk.post(address, data=changed).status_code == 303
    assert desk.post(address, data=changed).status_code == 422
    assert "Text before" in desk.get(address).text
    assert desk.post(f"{address}/remove").status_code == 303
    assert desk.get(address).status_code == 404
    assert [task.title for task in stored(database, Task)] == ["Send <it>"]


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"people": ""}, "Please choose whom the contact was with."),
        ({"follow_up": "Call", "new_people": "New Person"}, "By when?"),
        ({"day": "2999-01-01"}, "still to come"),
        ({"day": "yesterday"}, "Please give a date"),
        ({"kind": "dance"}, "Please choose one of the options."),
        ({"audience": "offices"}, "Please choose the offices."),
        ({"careful": "true", "audience": "missions"}, "stays in your office"),
        ({"follow_up": "Call", "due": "2026-12-24", "assignee": "01a2180d-0000-7000-8000-000000000000"}, "your office"),
        ({"text": "x" * 20_001}, "20000 characters"),
        ({"who": "x" * 501}, "500 characters"),
        ({"new_people": "x" * 301}, "300 characters"),
        ({"people": "somebody"}, "choose one of the options"),
        ({"day": "0001-01-01"}, "Please give a date"),
        ({"follow_up": "Call", "due": "9999-12-31"}, "Please give a date"),
    ],
)
def test_bad_input_is_said_and_nothing_is_lost_or_kept(
    desk: TestClient, database: Database, mari: Person, fields: dict[str, str], problem: str
) -> None:
    typed = {"people": str(mari.id), "day": "2026-04-01", "text": "What we said", **fields}
    answer = desk.post("/interactions", data=typed)
    assert (answer.status_code, problem in answer.text) == (422, True)
    assert typed["text"] in answer.text
    kept = [stored(database, model) for model in (Interaction, Participant, Task)]
    assert (kept, len(stored(database, Person))) == ([[], [], []], 1)


def test_another_office_reads_changes_and_removes_nothing(sign_in: SignIn, database: Database, mari: Person) -> None:
    with database.writing() as session:
        boston = an_actor(session)
        logged = a_contact(session, boston, session.get_one(Person, mari.id), text="Our own affair")
        task = a_task(session, boston, title="Our own task")
    stranger = sign_in("attache", "de-ber-test")
    for path in ("", "/edit"):
        assert stranger.get(f"/interactions/{logged.id}{path}").status_code == 404
    for path in ("", "/remove"):
        data = {"people": str(mari.id), "day": "2026-04-01"}
        assert stranger.post(f"/interactions/{logged.id}{path}", data=data).status_code == 404
    assert stranger.get(f"/tasks/{task.id}").status_code == 404
    for act, data in [
        ("", {"title": "x", "due": "2026-12-24"}),
        ("/done", {}),
        ("/reopen", {}),
        ("/later", {"days": "1"}),
    ]:
        assert stranger.post(f"/tasks/{task.id}{act}", data=data).status_code == 404
    for path in ("/", "/interactions", "/tasks?of=office", f"/interactions/who?people={mari.id}&who=takase"):
        text = stranger.get(path).text
        assert not any(word in text for word in ("Our own", "TAKASE", "高瀬"))


def test_a_reader_of_figures_enters_none_of_it(sign_in: SignIn) -> None:
    reader = sign_in("hq_reader", "us-bos")
    for path in ("/interactions", "/interactions/new", "/interactions/who?who=a", "/tasks", "/tasks/new"):
        assert reader.get(path).status_code == 403


MOST = {"/": 9, "/interactions": 3, "/tasks": 3, "/people/PERSON": 17}


@pytest.mark.parametrize("path", MOST)
def test_thirty_rows_cost_as_many_queries_as_one(
    desk: TestClient, database: Database, count_queries: Callable[[Database], Any], mari: Person, path: str
) -> None:
    numbers = []
    for rows in (1, 29):
        with database.writing() as session:
            actor = an_actor(session)
            person = session.get_one(Person, mari.id)
            for ago in range(rows):
                a_contact(session, actor, person, ago=ago, follow_up="Call", due=actor.today)
                [other] = [a_person(session, actor, full_name=f"Other {rows}-{ago}", email=None)]
                a_contact(session, actor, other, ago=250)
        address = path.replace("PERSON", str(mari.id))
        desk.get(address)
        with count_queries(database) as statements:
            assert desk.get(address).status_code == 200
        numbers.append(len(statements))
    assert numbers[0] == numbers[1] <= MOST[path]


def test_who_was_too_late_sees_both_and_may_save_again(desk: TestClient, database: Database, mari: Person) -> None:
    with database.writing() as session:
        logged = a_contact(session, an_actor(session), mari, text="As it was")
    typed = {"people": str(mari.id), "day": "2026-04-01", "kind": "call"}
    desk.post(f"/interactions/{logged.id}", data={**typed, "text": "The first", "version": "1"})
    late = desk.post(f"/interactions/{logged.id}", data={**typed, "text": "The second", "version": "1"})
    assert (late.status_code, "The first" in late.text, "The second" in late.text) == (422, True, True)
    again = dict(form_in(late).form_values())
    assert desk.post(f"/interactions/{logged.id}", data=again).status_code == 303
    assert [one.text for one in stored(database, Interaction)] == ["The second"]


def test_the_follow_up_is_shown_with_its_contact(desk: TestClient, database: Database, mari: Person) -> None:
    with database.writing() as session:
        actor = an_actor(session)
        logged = a_contact(session, actor, mari, follow_up="Send the calls", due=actor.today)
        given = a_contact(session, actor, mari, audience="missions", follow_up="Ours alone", due=actor.today)
        berlin = an_actor(session, office_code="de-ber-test")
        a_share(session, mari, actor, berlin)
    assert "Send the calls" in desk.get(f"/interactions/{logged.id}").text
    with database.reading() as session:
        assert whole_interaction(session, berlin, given.id).follow_up is None
