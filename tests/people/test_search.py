import json
from typing import Any

import pytest
from sqlmodel import Session

from crm.people.commands import find_people
from crm.people.forms import PersonSearch
from crm.people.queries.search import Matching, list_people, spelled_nearly
from tests.factories.accounts import an_actor
from tests.factories.people import a_person, people_called

pytestmark = pytest.mark.both
ONO: dict[str, Any] = {
    "full_name": "ONO Taro",
    "family": "Ono",
    "given": "Taro",
    "kanji": "大野 太郎",
    "kana": "オオノ タロウ",
}


@pytest.mark.parametrize(
    "typed", ["大野", "おおの", "オオノ", "Ohno", "Ono", "Oono", "Ōno", "ONO Taro", "Taro Ono", "大野太郎"]
)
def test_every_spelling_finds_the_name(session: Session, typed: str) -> None:
    actor = an_actor(session)
    a_person(session, actor, **ONO, latin="ONO Taro")
    people_called(session, actor, "Daniel Okafor", "高橋 花子")
    found, _ = list_people(session, Matching(session, actor, PersonSearch(q=typed)))
    assert [person.full_name for person in found] == ["ONO Taro"]
    assert found[0].matched


@pytest.mark.parametrize("typed", ["がん免疫", "cancer immunology"])
def test_a_keyword_is_found_in_the_other_language(session: Session, typed: str) -> None:
    actor = an_actor(session)
    a_person(session, actor, research_fields=("cancer immunology",))
    a_person(session, actor, full_name="Other Person", kanji=None, kana=None, latin=None, research_fields=("law",))
    found, _ = list_people(session, Matching(session, actor, PersonSearch(q=typed)))
    assert [person.full_name for person in found] == ["TAKASE Mari"]


def test_words_that_nothing_can_be_made_of_find_nobody(session: Session) -> None:
    actor = an_actor(session)
    people_called(session, actor, "Daniel Okafor")
    assert list_people(session, Matching(session, actor, PersonSearch(q="!?"))) == ([], None)


def test_a_slip_is_answered_with_the_spelling_that_exists(session: Session) -> None:
    actor = an_actor(session)
    a_person(session, actor)
    people_called(session, an_actor(session, office_code="de-ber-test"), "Takade Hidden")
    assert list_people(session, Matching(session, actor, PersonSearch(q="Tagase"))) == ([], None)
    assert spelled_nearly(session, actor, "Tagase") == ["takase"]


def test_the_operator_finds_people_of_all_offices(session: Session) -> None:
    a_person(session, an_actor(session))
    a_person(
        session,
        an_actor(session, office_code="de-ber-test"),
        full_name="TAKASE Mamoru",
        given="Mamoru",
        kanji="高瀬 守",
        kana=None,
        latin=None,
    )
    found = find_people(session, "takase")
    assert [person["full_name"] for person in found] == ["TAKASE Mamoru", "TAKASE Mari"]
    assert found[1]["emails"] == ["takase@example.org"]
    assert json.dumps(found)


def test_pages_follow_each_other_without_gaps(session: Session) -> None:
    actor = an_actor(session)
    people_called(session, actor, *(f"Person {number:03}" for number in range(120)))
    for sort in ("name", "-name", "new", "institution"):
        seen, after = [], None
        while True:
            wanted = PersonSearch.model_validate({"sort": sort, "after": after})
            found, after = list_people(session, Matching(session, actor, wanted))
            seen += [person.full_name for person in found]
            if after is None:
                break
        assert (len(seen), len(set(seen))) == (120, 120)


def test_an_answer_to_words_is_short_and_goes_on(session: Session) -> None:
    actor = an_actor(session)
    people_called(session, actor, *(f"Person {number:03}" for number in range(45)))
    sizes: list[int] = []
    after = None
    while not sizes or after:
        found, after = list_people(session, Matching(session, actor, PersonSearch(q="person", after=after)))
        sizes.append(len(found))
    assert sizes == [20, 20, 5]
