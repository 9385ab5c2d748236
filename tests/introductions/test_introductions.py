"""Introductions: asked, proposed, both agree, introduced, counted; each office's own."""

from typing import Any

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from crm.core.db import Database
from crm.introductions.models import Introduction, Proposal
from crm.people.models import Person
from tests.conftest import SignIn
from tests.factories.accounts import an_actor, boston_today
from tests.factories.people import a_person, people_called

pytestmark = pytest.mark.both
TODAY = boston_today().isoformat()
ASKED = {"asker": "Institute for Tides", "question": "Who in Boston works on tidal energy?", "asked_on": TODAY}


@pytest.fixture
def takase(database: Database) -> Person:
    with database.writing() as session:
        return a_person(session, an_actor(session))


def ask(desk: TestClient, **said: str) -> str:
    answer = desk.post("/introductions", data={**ASKED, **said})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def proposal_now(database: Database) -> Proposal:
    with database.reading() as session:
        return session.exec(select(Proposal)).one()


def step(desk: TestClient, address: str, database: Database, name: str, **said: Any) -> int:
    proposal = proposal_now(database)
    data = {"step": name, "version": proposal.version, **said}
    return desk.post(f"{address}/proposals/{proposal.id}", data=data).status_code


def test_from_the_question_to_the_figures(sign_in: SignIn, database: Database, takase: Person) -> None:
    desk = sign_in()
    address = ask(desk)
    assert "高瀬 真理" in desk.get(f"{address}?q=takase").text
    assert desk.post(f"{address}/proposals", data={"person_id": str(takase.id)}).status_code == 303
    assert step(desk, address, database, "introduced") == 422
    assert step(desk, address, database, "agreed", side="asker") == 303
    assert step(desk, address, database, "introduced") == 422
    assert step(desk, address, database, "agreed", side="person") == 303
    assert step(desk, address, database, "result", result="met") == 422
    assert step(desk, address, database, "introduced") == 303
    assert step(desk, address, database, "result", result="joint_research") == 303
    assert desk.post(f"{address}/close").status_code == 303
    page = desk.get("/introductions?closed=true").text
    assert "Institute for Tides" in page and "Joint research" in page
    counted = page.split(f'<th scope="row">{TODAY[:4]}</th>')[1].split("</tr>")[0]
    assert [int(cell.split("<")[0]) for cell in counted.split('">')[1:]] == [1, 1, 1, 0, 0, 1, 0, 0]
    assert "Institute for Tides" in desk.get(f"/people/{takase.id}").text
    assert "joint research" in desk.get(f"/introductions/of/{takase.id}").text.lower()


def test_who_declines_ends_it_and_a_step_can_be_taken_back(sign_in: SignIn, database: Database, takase: Person) -> None:
    desk = sign_in()
    address = ask(desk)
    desk.post(f"{address}/proposals", data={"person_id": str(takase.id)})
    assert step(desk, address, database, "declined", side="person") == 303
    assert "declined by the person" in desk.get(address).text
    assert step(desk, address, database, "agreed", side="asker") == 422
    assert step(desk, address, database, "back") == 303
    assert proposal_now(database).declined_on is None


def test_nobody_is_proposed_twice_or_to_themself(sign_in: SignIn, database: Database, takase: Person) -> None:
    desk = sign_in()
    address = ask(desk)
    assert desk.post(f"{address}/proposals", data={"person_id": str(takase.id)}).status_code == 303
    assert desk.post(f"{address}/proposals", data={"person_id": str(takase.id), "q": "takase"}).status_code == 422
    own = ask(desk, asker="高瀬 真理", asker_id=str(takase.id))
    assert desk.post(f"{own}/proposals", data={"person_id": str(takase.id)}).status_code == 422


def test_two_at_once(sign_in: SignIn, database: Database, takase: Person) -> None:
    desk = sign_in()
    address = ask(desk)
    desk.post(f"{address}/proposals", data={"person_id": str(takase.id)})
    proposal = proposal_now(database)
    data = {"step": "agreed", "side": "asker", "version": proposal.version}
    assert desk.post(f"{address}/proposals/{proposal.id}", data=data).status_code == 303
    late = sign_in().post(f"{address}/proposals/{proposal.id}", data={**data, "side": "person"})
    assert late.status_code == 422


def test_another_office_sees_none_of_it(sign_in: SignIn, database: Database, takase: Person) -> None:
    desk = sign_in()
    address = ask(desk)
    desk.post(f"{address}/proposals", data={"person_id": str(takase.id)})
    other = sign_in("officer", "jp-univ")
    assert other.get(address).status_code == 404
    assert other.post(f"{address}/close").status_code == 404
    assert "Institute for Tides" not in other.get("/introductions").text
    assert step(other, address, database, "agreed", side="asker") == 404
    with database.writing() as session:
        [stranger] = people_called(session, an_actor(session, "officer", "jp-univ"), "Kato Rie")
    answer = desk.post(f"{address}/proposals", data={"person_id": str(stranger.id)})
    assert answer.status_code == 422 and "Kato" not in answer.text
    assert sign_in("hq_reader", "mofa").get("/introductions").status_code == 403


@pytest.mark.parametrize("wrong", [{"asker": ""}, {"question": " "}, {"asked_on": "soon"}, {"asked_on": "2999-01-01"}])
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(sign_in: SignIn, wrong: dict[str, str]) -> None:
    answer = sign_in().post("/introductions", data={**ASKED, **wrong})
    assert answer.status_code == 422
    assert wrong.get("question") or "tidal energy" in answer.text


def test_the_list_asks_the_same_number_of_questions_for_one_and_for_many(
    sign_in: SignIn, database: Database, takase: Person, count_queries: Any
) -> None:
    desk = sign_in()
    ask(desk)
    numbers = []
    for more in (0, 8):
        for _ in range(more):
            desk.post(f"{ask(desk)}/proposals", data={"person_id": str(takase.id)})
        with count_queries(database) as statements:
            desk.get("/introductions")
        numbers.append(len(statements))
    assert numbers[0] == numbers[1] <= 8
    with database.reading() as session:
        assert len(session.exec(select(Introduction)).all()) == 9
