"""Badges one by one: corrected at the desk for this evening, printed on a sheet of their own."""

import io
from typing import Any

import pdfplumber
import pytest
from sqlmodel import Session, select

from crm.core.db import Database
from crm.events.actions.answering import answer
from crm.events.forms import ReplyForm
from crm.events.models import Companion, Event, Guest, Reply
from crm.people.models import Person
from crm.tasks.models import Task
from tests.conftest import SignIn
from tests.factories.accounts import an_actor
from tests.factories.events import a_guest, an_event, guests
from tests.factories.people import a_person

pytestmark = pytest.mark.both


def coming(session: Session) -> tuple[Event, Guest]:
    actor = an_actor(session)
    event = an_event(session, actor)
    [guest] = guests(session, actor, event, a_person(session, actor))
    guest.reply, guest.places = Reply.VENUE, 2
    session.add(Companion(guest_id=guest.id, place=1, name="Kim Exampel"))
    session.flush()
    return event, guest


def pages_of(content: bytes) -> list[tuple[float, float, str]]:
    with pdfplumber.open(io.BytesIO(content)) as document:
        return [(round(page.width), round(page.height), page.extract_text()) for page in document.pages]


def now_is(database: Database, guest: Guest) -> Guest:
    with database.reading() as session:
        return session.get_one(Guest, guest.id)


def test_a_badge_is_corrected_and_printed_and_no_record_changes(sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        event, guest = coming(session)
    desk, address = sign_in(), f"/events/{event.id}/guests/{guest.id}/badge"
    assert "高瀬 真理" in desk.get(address).text
    said = {"name": "高瀬 マリ", "second": "Mari T.", "institution": "Invented Observatory", "then": "print"}
    answer = desk.post(address, data=said)
    assert answer.status_code == 303 and answer.headers["location"] == f"{address}.pdf?place=0"
    [(width, height, text)] = pages_of(desk.get(answer.headers["location"]).content)
    assert (width, height) == (255, 156)  # 90 × 55 mm in points
    assert "高瀬 マリ" in text and "Mari T." in text and "Invented Observatory" in text
    stored = now_is(database, guest)
    assert (stored.name, stored.institution) == ("高瀬 真理", "Northbridge University")
    with database.reading() as session:
        assert session.exec(select(Person.kanji)).one() == "高瀬 真理"
        assert session.exec(select(Task)).all() == []
    all_badges = "".join(text for *_size, text in pages_of(desk.get(f"/events/{event.id}/badges.pdf").content))
    assert "高瀬 マリ" in all_badges and "高瀬 真理" not in all_badges
    for words in ("マリ", "真理"):
        assert "高瀬 マリ" in desk.get(f"/events/{event.id}/door", params={"q": words}).text
    [listed] = desk.get(f"/events/{event.id}/door/list").json()["guests"]
    assert listed["name"] == "高瀬 マリ"


def test_it_goes_further_only_where_somebody_says_so(sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        event, guest = coming(session)
    said = {"name": "高瀬 万里", "institution": "Northbridge University", "listed": "true", "remind": "true"}
    sign_in().post(f"/events/{event.id}/guests/{guest.id}/badge", data=said)
    assert now_is(database, guest).name == "高瀬 万里"
    with database.reading() as session:
        assert session.exec(select(Person.kanji)).one() == "高瀬 真理"
        task = session.exec(select(Task)).one()
    assert task.person_id == guest.person_id and "高瀬 万里" in task.title


def test_whom_a_guest_brings_has_a_badge_too(sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        event, guest = coming(session)
    desk, address = sign_in(), f"/events/{event.id}/guests/{guest.id}/badge"
    assert desk.post(address, data={"name": "Kim Example", "place": "1"}).status_code == 303
    [(*_size, text)] = pages_of(desk.get(f"{address}.pdf?place=1").content)
    assert "Kim Example" in text and "高瀬" not in text
    assert len(pages_of(desk.get(f"{address}.pdf").content)) == 2
    assert desk.post(address, data={"name": "X", "place": "2"}).status_code == 404
    assert desk.get(f"{address}.pdf?place=2").status_code == 404


def test_another_substitute_does_not_wear_the_last_ones_badge(database: Database) -> None:
    with database.writing() as session:
        _event, guest = coming(session)
        actor = an_actor(session)
        for name in ("Lee Example", "Pat Example"):
            answer(session, guest, ReplyForm(reply=Reply.SUBSTITUTE, substitute=name), actor)
            assert guest.on_badge == {"name": name, "second": "", "institution": guest.institution}
            guest.badge = {"name": "Lee E."}


@pytest.mark.parametrize("wrong", [{"name": ""}, {"name": "x" * 301}])
def test_what_cannot_be_a_badge_is_said_and_kept(sign_in: SignIn, database: Database, wrong: dict[str, Any]) -> None:
    with database.writing() as session:
        event, guest = coming(session)
    page = sign_in().post(
        f"/events/{event.id}/guests/{guest.id}/badge", data={**wrong, "institution": "Kept Institute"}
    )
    assert page.status_code == 422 and "Kept Institute" in page.text
    assert now_is(database, guest).badge == {}


def test_a_badge_is_nobody_elses(sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        event, guest = coming(session)
        other = an_event(session, an_actor(session))
        elsewhere = a_guest(session, an_actor(session), other)
    stranger = sign_in("university_officer", "jp-univ")
    for address in (f"/events/{event.id}/guests/{guest.id}/badge", f"/events/{event.id}/guests/{guest.id}/badge.pdf"):
        assert stranger.get(address).status_code == 404
    assert stranger.post(f"/events/{event.id}/guests/{guest.id}/badge", data={"name": "X"}).status_code == 404
    assert sign_in().get(f"/events/{event.id}/guests/{elsewhere.id}/badge").status_code == 404
