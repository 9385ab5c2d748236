"""How many queries the pages cost: thirty rows as many as one, and never more than said here."""

from collections.abc import Callable
from typing import Any

import pytest

from crm.core.db import Database
from tests.conftest import SignIn
from tests.factories.accounts import an_actor
from tests.factories.people import a_person

pytestmark = pytest.mark.both
MOST = {
    "/people": 7,
    "/people?q=takase": 8,
    "/people?country=US": 7,
    "/people/find?q=takase": 6,
    "/people/PERSON": 13,
    "/people/PERSON/edit": 18,
}


@pytest.mark.parametrize("path", MOST)
def test_thirty_rows_cost_as_many_queries_as_one(
    sign_in: SignIn, database: Database, count_queries: Callable[[Database], Any], path: str
) -> None:
    desk = sign_in("attache", "us-bos")
    with database.writing() as session:
        actor = an_actor(session)
        person = a_person(session, actor)
    numbers = []
    for _ in range(2):
        address = path.replace("PERSON", str(person.id))
        desk.get(address)
        with database.writing() as session:
            # A change by the office, so that nothing kept is used.
            a_person(session, actor, full_name="TAKASE Ichi", kanji=None, kana=None, latin=None)
        with count_queries(database) as statements:
            assert desk.get(address).status_code == 200
        numbers.append(len(statements))
        with database.writing() as session:
            for number in range(30):
                said: dict[str, Any] = {"full_name": f"TAKASE N{number}", "kanji": None, "kana": None, "latin": None}
                a_person(session, actor, **said, country="US", research_fields=("law", "art"))
    assert numbers[0] == numbers[1] <= MOST[path]
