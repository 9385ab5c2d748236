"""Likely the same person, while somebody is written down anew; never somebody whom only others know."""

from typing import Any

import pytest
from sqlmodel import Session

from crm.core.db import Database
from crm.people.entries import PersonEntry
from crm.people.queries.alike import people_alike
from tests.conftest import SignIn
from tests.factories.accounts import an_actor
from tests.factories.people import a_person, people_called

pytestmark = pytest.mark.both


@pytest.mark.parametrize(
    "entry",
    [
        {"full_name": "Mari Takase", "institution": "Northbridge University"},
        {"full_name": "高瀬真理"},
        {"full_name": "Takase, M.", "institution": "Northbridge Univ."},
        {"full_name": "Mari Takasé", "email": "TAKASE@example.org"},
        {"full_name": "Somebody Else", "orcid": "0000-0002-1825-0097"},
    ],
)
def test_other_spellings_and_what_proves_it_are_noticed(session: Session, entry: dict[str, Any]) -> None:
    actor = an_actor(session)
    a_person(session, actor, orcid="0000-0002-1825-0097")
    people_called(session, actor, "Daniel Okafor", "TAKADA Mari", "高橋 真理")
    [first, *_others] = people_alike(session, actor, PersonEntry(**entry))
    assert first.person.fields["full_name"] == "TAKASE Mari"
    assert first.match.reasons


@pytest.mark.parametrize("reading", [{}, {"kana": "イトウ アヤ"}, {"latin": "ITO Aya"}])
def test_a_name_held_in_kanji_is_met_by_how_it_is_read(session: Session, reading: dict[str, str]) -> None:
    """However common the name is, and though nobody has noted a reading."""
    actor = an_actor(session)
    bare: dict[str, Any] = {"family": None, "given": None, "latin": None, "kana": None, "email": None, "links": ()}
    a_person(session, actor, **{**bare, "full_name": "伊藤 綾", "kanji": "伊藤 綾", **reading})
    a_person(session, actor, **{**bare, "full_name": "桜井修", "kanji": "桜井修"})
    people_called(session, actor, "伊藤 彩子", "高木 真理", "井上 綾", "ITO Ayako", "Aya Jones")
    typed = ("Aya Ito", "Ito Aya", "Itoh Aya", "イトウ アヤ", "いとうあや" if reading.get("kana") else "いとう あや")
    for full_name in typed:
        found = people_alike(session, actor, PersonEntry(full_name=full_name))
        assert [each.person.fields["full_name"] for each in found] == ["伊藤 綾"], full_name
        assert found[0].match.reasons
    for full_name, held in (("Osamu Sakurai", "桜井修"), ("Mari Takagi", "高木 真理")):
        [only] = people_alike(session, actor, PersonEntry(full_name=full_name))
        assert only.person.fields["full_name"] == held


def test_strangers_are_no_match(session: Session) -> None:
    actor = an_actor(session)
    a_person(session, actor)
    entry = PersonEntry(full_name="Mari Jones", institution="Elsewhere College", country="GB")
    assert people_alike(session, actor, entry) == []


def test_whom_only_another_office_knows_is_never_hinted_at(session: Session) -> None:
    boston, berlin = an_actor(session), an_actor(session, office_code="de-ber-test")
    a_person(session, boston, orcid="0000-0002-1825-0097")
    entry = PersonEntry(full_name="TAKASE Mari", email="takase@example.org", orcid="0000-0002-1825-0097")
    assert len(people_alike(session, boston, entry)) == 1
    assert people_alike(session, berlin, entry) == []


def test_a_form_still_being_written_is_answered(sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        person = a_person(session, an_actor(session))
    desk = sign_in("attache", "us-bos")
    typed = {"full_name": "Takase Mari", "email": "takase@", "orcid": "0000-00"}
    assert str(person.id) in desk.get("/people/alike", params=typed).text
    for nothing in ({}, {"full_name": ""}, {"full_name": "\0"}, {"full_name": "x" * 400}):
        answer = desk.get("/people/alike", params=nothing)
        assert (answer.status_code, answer.text.strip()) == (200, "")
    assert sign_in("fellow", "us-bos").get("/people/alike", params=typed).status_code == 403
