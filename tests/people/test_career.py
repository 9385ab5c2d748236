"""Posts as a line of years."""

from datetime import date
from uuid import uuid4

import pytest
from sqlmodel import select

from crm.core.db import Database
from crm.people.career import career
from crm.people.models import Affiliation
from tests.conftest import SignIn
from tests.factories.accounts import an_actor
from tests.factories.people import a_person

TODAY = date(2026, 1, 1)


def a_post_at(name: str, since: date | None, until: date | None = None) -> Affiliation:
    return Affiliation(person_id=uuid4(), institution=name, since=since, until=until)


def test_posts_stand_where_their_years_are() -> None:
    posts = [
        a_post_at("Now", date(2021, 1, 1)),
        a_post_at("First", date(2016, 1, 1), date(2021, 1, 1)),
        a_post_at("Unknown", None),
        a_post_at("To come", date(2027, 1, 1)),
    ]
    first, second = career(posts, TODAY)
    assert (first.institution, second.institution) == ("First", "Now")
    assert first.start == 0 and first.length == pytest.approx(50, abs=0.1)
    assert second.start == pytest.approx(50, abs=0.1) and second.start + second.length == pytest.approx(100)


@pytest.mark.parametrize(
    "posts",
    [
        [],
        [a_post_at("One", date(2020, 1, 1))],
        [a_post_at("One", date(2020, 1, 1)), a_post_at("Undated", None)],
    ],
)
def test_a_single_bar_tells_nothing(posts: list[Affiliation]) -> None:
    assert career(posts, TODAY) == []


def test_bars_stay_within_the_line_whatever_is_stored() -> None:
    posts = [
        a_post_at("Turned round", date(2024, 1, 1), date(2020, 1, 1)),
        a_post_at("Today", TODAY, None),
        a_post_at("Ends later", date(2019, 1, 1), date(2030, 1, 1)),
    ]
    for stretch in career(posts, TODAY):
        assert 0 <= stretch.start <= 100
        assert stretch.length > 0
        assert stretch.start + stretch.length <= 101


def test_the_record_shows_it(sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        person = a_person(session, an_actor(session))
        now_at = session.exec(select(Affiliation)).one()
        now_at.since = date(2020, 4, 1)
        session.add(Affiliation(person_id=person.id, institution="Earlier Institute", since=date(2015, 4, 1),
                                until=date(2020, 3, 31), office_id=now_at.office_id))  # fmt: skip
    page = sign_in().get(f"/people/{person.id}").text
    assert 'class="career"' in page
    assert "2015–2020" in page.replace('<span class="muted">', "")
