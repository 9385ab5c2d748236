"""Guests by distance from the venue, from the cities of their records."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlmodel import Session

from crm.accounts.access import Actor
from crm.core.db import Database
from crm.core.places import find_city
from crm.events.models import Event
from crm.events.queries.near import around, distance
from tests.conftest import SignIn
from tests.factories.accounts import an_actor
from tests.factories.events import an_event
from tests.factories.people import a_person

pytestmark = pytest.mark.both

WHERE = (
    ("Cambridge Person", "Cambridge", "US"),
    ("York Person", "New York City", "US"),
    ("Kyoto Person", "Kyoto", "JP"),
)


@pytest.fixture(autouse=True)
def _the_gazetteer_is_there() -> Iterator[None]:
    assert find_city("Boston", "US"), "make setup compiles the gazetteer"
    yield


def scattered(session: Session, **said: object) -> tuple[Actor, Event]:
    actor = an_actor(session)
    for number, (name, city, country) in enumerate(WHERE):
        changes: dict[str, Any] = {"full_name": name, "kanji": None, "kana": None, "city": city, "country": country}
        a_person(session, actor, email=f"p{number}@example.org", **changes)
    return actor, an_event(session, actor, **said)


def test_a_degree_of_latitude_is_about_111_kilometres() -> None:
    boston, york = find_city("Boston", "US"), find_city("New York City", "US")
    assert boston and york
    assert distance(boston, boston) == 0
    assert 300 < distance(boston, york) < 310


@pytest.mark.parametrize(("within", "number"), [(20, 1), (400, 2), (20_000, 3)])
def test_those_within_the_distance_are_found(database: Database, within: int, number: int) -> None:
    with database.writing() as session:
        actor, event = scattered(session, place={"en": "Invented Hall, Boston"})
        assert len(around(session, actor, event, within).near) == number


def test_the_page_narrows_and_says_where_they_are(sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        _actor, event = scattered(session)  # the venue names no city: the host's own counts
    desk, address = sign_in(), f"/events/{event.id}/guests/choose"
    everybody = desk.get(f"{address}?within=&near=").text
    assert "Kyoto Person" in everybody and "Cambridge Person" in everybody
    near = desk.get(f"{address}?within=50").text
    assert "Cambridge Person" in near and "York Person" not in near and "Kyoto Person" not in near
    assert "within 50 km of Boston" in near and "Cambridge (5 km)" in near.replace("(4 km)", "(5 km)")
    other = desk.get(f"{address}?within=50&near=京都&country=JP").text
    assert "Kyoto Person" in other and "Cambridge Person" not in other
    unknown = desk.get(f"{address}?within=50&near=Xyzzyville")
    assert "We do not know where this is." in unknown.text and "Xyzzyville" in unknown.text
    assert "Cambridge Person" not in unknown.text
    assert "Cambridge Person" in desk.get(f"{address}?within=nonsense").text


def test_what_is_chosen_by_distance_stays_when_nobody_was_ticked(sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        _actor, event = scattered(session)
    answer = sign_in().post(f"/events/{event.id}/guests", data={"query": "within=50&near=Boston"})
    assert answer.status_code == 422 and "Cambridge Person" in answer.text and "York Person" not in answer.text
