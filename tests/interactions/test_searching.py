"""Words in what was said: found in however they are written, and never by whom the contact is not open to."""

from datetime import timedelta

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from crm.accounts.access import Actor
from crm.accounts.models import OfficeKind
from crm.core.db import Database
from crm.core.search import around
from crm.interactions.forms import InteractionSearch
from crm.interactions.queries import listing
from crm.interactions.queries.listing import list_interactions, said_in_contacts
from tests.conftest import SignIn
from tests.factories.accounts import an_actor, an_office
from tests.factories.interactions import a_contact
from tests.factories.people import a_person, a_share, people_called

pytestmark = pytest.mark.both


def said(session: Session, actor: Actor, q: str, **more: object) -> list[str]:
    return sorted(
        line.interaction.text for line in list_interactions(session, actor, InteractionSearch(q=q, **more)).lines
    )


def test_words_are_found_however_they_are_written(session: Session) -> None:
    actor = an_actor(session)
    person = a_person(session, actor)
    a_contact(session, actor, person, text="昼食をともにした。髙橋先生も。", ago=40, place="Cambridge")
    a_contact(session, actor, person, text="QUANTUM Café 100% sure", kind="call")
    for q in ("昼食", "高橋", "昼食 ともに", "cambridge 昼食", "トモニ"):
        assert said(session, actor, q) == ["昼食をともにした。髙橋先生も。"], q
    for q in ("quantum", "café", "100%", "ＱＵＡＮＴＵＭ"):
        assert said(session, actor, q) == ["QUANTUM Café 100% sure"], q
    assert (said(session, actor, "昼食 quantum"), said(session, actor, "_"), said(session, actor, "1%0")) == (
        [],
        [],
        [],
    )
    assert said(session, actor, "昼食", kind=["call"]) == []
    month_ago = actor.today - timedelta(days=30)
    assert said(session, actor, "", since=month_ago) == ["QUANTUM Café 100% sure"]
    assert said(session, actor, "", until=month_ago) == said(session, actor, "昼食", until=month_ago) != []


def test_words_betray_nothing_to_whom_the_contact_is_not_open(session: Session) -> None:
    boston, staff, berlin = (
        an_actor(session),
        an_actor(session, role="local_staff"),
        an_actor(session, office_code="de-ber-test"),
    )
    an_office(session, "university-test", OfficeKind.UNIVERSITY)
    university = an_actor(session, role="university_officer", office_code="university-test")
    seen = a_person(session, boston)
    [hidden] = people_called(session, boston, "Hidden Person")
    a_share(session, seen, boston, berlin)
    a_share(session, seen, boston, university)
    a_contact(session, boston, seen, text="secret own")
    a_contact(session, boston, seen, text="secret careful", careful=True)
    a_contact(session, boston, seen, text="secret missions", audience="missions")
    a_contact(session, boston, seen, text="secret berlin", audience="offices", offices=[berlin.office_id])
    a_contact(session, boston, hidden, text="secret hidden", audience="missions")
    own = ["secret berlin", "secret hidden", "secret missions", "secret own"]
    expected = {
        boston.user_id: sorted([*own, "secret careful"]), staff.user_id: own,
        berlin.user_id: ["secret berlin", "secret missions"], university.user_id: [],
    }  # fmt: skip
    for actor in (boston, staff, berlin, university):
        assert said(session, actor, "secret") == expected[actor.user_id]
        assert bool(said_in_contacts(session, actor, "careful")) == (actor is boston)
        assert bool(said_in_contacts(session, actor, "hidden")) == (actor in (boston, staff))


def test_old_ones_are_behind_the_next_page_and_it_is_said(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "LOOKED_THROUGH", 3)
    actor = an_actor(session)
    person = a_person(session, actor)
    for ago in range(1, 8):
        a_contact(session, actor, person, ago=ago, text="rare" if ago in (2, 7) else "common")
    first = list_interactions(session, actor, InteractionSearch(q="rare"))
    assert ([line.interaction.day for line in first.lines], first.back_to) == (
        [actor.today - timedelta(days=2)], actor.today - timedelta(days=3),
    )  # fmt: skip
    second = list_interactions(session, actor, InteractionSearch(q="rare", after=first.next))
    assert (second.lines, second.back_to) == ([], actor.today - timedelta(days=6))
    third = list_interactions(session, actor, InteractionSearch(q="rare", after=second.next))
    assert (len(third.lines), third.next, third.back_to) == (1, None, None)
    common = list_interactions(session, actor, InteractionSearch(q="common"), most=1)
    assert (len(common.lines), common.back_to) == (1, None)


def test_the_pages_show_what_was_said(sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        actor = an_actor(session)
        a_contact(session, actor, a_person(session, actor), text="前置き。" * 60 + "昼食の約束")
        a_contact(session, actor, a_person(session, actor), text="別件")
    desk: TestClient = sign_in("attache", "us-bos")
    listed = desk.get("/interactions", params={"q": "昼食", "kind": "met"}).text
    assert "…" in listed and "昼食の約束" in listed and "別件" not in listed
    whole = desk.get("/people", params={"q": "昼食"}).text
    assert "昼食の約束" in whole and "In contacts" in whole
    assert "In contacts" not in desk.get("/people", params={"q": "昼食"}, headers={"HX-Request": "true"}).text
    wrong = desk.get("/interactions", params={"q": "昼食", "since": "soon"})
    assert (wrong.status_code, "Please give a date" in wrong.text, "昼食" in wrong.text) == (422, True, True)
    assert desk.get("/interactions?since=&until=&q=").status_code == 200


def test_what_is_cut_says_so() -> None:
    assert around("short", "x") == "short"
    assert around("a" * 200) == "a" * 160 + "…"
    assert around("b" * 200 + "word" + "c" * 200, "WORD").startswith("…") and "word" in around(
        "b" * 200 + "word", "word"
    )
