"""Who is received where, in which order guests stand, and the lists that say so on paper."""

import io

import pdfplumber
import pytest
from sqlmodel import Session, select

from crm.core.columns import new_id
from crm.core.db import Database
from crm.events.actions.seating import suggested_order
from crm.events.models import Event, Guest, Reply
from crm.events.queries.desks import Unreadable, by_desk, desks_in, sign_of
from tests.conftest import SignIn
from tests.factories.accounts import an_actor
from tests.factories.events import a_guest, an_event, guests
from tests.factories.people import a_person


def named(*keys: str) -> list[Guest]:
    return [Guest(event_id=new_id(), office_id=new_id(), name=key, sort_key=key, places=1) for key in keys]


@pytest.mark.parametrize(
    ("lines", "key", "desk"),
    [
        (["A: A–K", "B: L-Z"], "kim", "A"),
        (["A: A–K", "B: L-Z"], "östlund", "B"),
        (["A: あ–さ", "B: た〜わ"], "そのだ", "A"),
        (["A：ア行～サ行", "B: タ～ワ"], "ぎんざ", "A"),
        (["A: あ–さ", "B: た〜わ"], "んどう", "B"),
        (["A: A–M, あ–な", "B"], "高瀬", "B"),
        (["A: A–M; は", "B"], "ぼんだ", "A"),
        (["A: A–M", "B: M–Z"], "may", "A"),
        (["A: A–C"], "dahl", ""),
    ],
)
def test_a_guest_is_received_by_the_first_letter(lines: list[str], key: str, desk: str) -> None:
    desks, elsewhere = by_desk(lines, named(key))
    assert [each.name for each in desks if each.guests] == ([desk] if desk else [])
    assert len(elsewhere) == (0 if desk else 1)


@pytest.mark.parametrize("line", ["A: K–A", "A: Smith", "A: A–B–C", "A: さ–あ"])
def test_a_line_that_says_no_letters_is_refused(line: str) -> None:
    with pytest.raises(Unreadable):
        desks_in([line])


def test_points_sizes_and_accents_do_not_count() -> None:
    assert [sign_of(key) for key in ("Ångström", "ガルシア", "ょう", "ぱく", "")] == ["a", "か", "よ", "は", ""]


def coming(session: Session) -> tuple[Event, list[Guest]]:
    actor = an_actor(session)
    event = an_event(session, actor)
    [mari] = guests(session, actor, event, a_person(session, actor))
    listed = [mari, a_guest(session, actor, event, "Ann Example"), a_guest(session, actor, event, "Zoe Zebra")]
    for guest in listed:
        guest.reply, guest.places = Reply.VENUE, 1
    session.flush()
    return event, listed


def pages_of(content: bytes) -> list[str]:
    with pdfplumber.open(io.BytesIO(content)) as document:
        return [page.extract_text() for page in document.pages]


@pytest.mark.both
def test_each_desk_gets_a_sheet_of_its_own(sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        event, _listed = coming(session)
    desk = sign_in()
    assert desk.post(f"/events/{event.id}/desks", data={"desks": "A: A–K\n\nB: T–Z, あ–わ"}).status_code == 303
    shown = desk.get(f"/events/{event.id}/seats").text
    assert "T–Z, あ–わ" in shown and "A: A–K" in shown
    pages = pages_of(desk.get(f"/events/{event.id}/guests.pdf?by=desk").content)
    a, b = (page for page in pages if "Desk" in page)
    assert "Desk A (A–K)" in a and "Ann Example" in a and "Zoe" not in a
    assert "Desk B" in b and "Zoe Zebra" in b and "高瀬" in b and "Ann" not in b
    wrong = desk.post(f"/events/{event.id}/desks", data={"desks": "A: A–K\nB: nobody"})
    assert wrong.status_code == 422 and "This line cannot be read: B: nobody." in wrong.text
    assert "B: nobody</textarea>" in wrong.text
    stranger = sign_in("university_officer", "jp-univ")
    assert stranger.post(f"/events/{event.id}/desks", data={"desks": "A"}).status_code == 404


@pytest.mark.both
def test_lists_by_table_and_by_precedence_say_which_and_why(sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        event, (mari, ann, zoe) = coming(session)
        mari.seat_at, ann.seat_at, zoe.precedence = "1", "2", 1
    desk = sign_in()
    [by_table] = pages_of(desk.get(f"/events/{event.id}/guests.pdf?by=table").content)
    assert by_table.index("Table 1") < by_table.index("高瀬") < by_table.index("Table 2") < by_table.index("Ann")
    assert by_table.index("Without a table") < by_table.index("Zoe")
    [by_order] = pages_of(desk.get(f"/events/{event.id}/guests.pdf?by=precedence").content)
    assert by_order.index("Zoe") < by_order.index("Ann") and "by hand" in by_order and "(2)" in by_order


@pytest.mark.both
def test_between_equals_foreign_guests_are_proposed_first_and_it_is_said_why(
    sign_in: SignIn, database: Database
) -> None:
    with database.writing() as session:
        actor = an_actor(session)
        event = an_event(session, actor)
        people = (
            ("Ada National", "Professor", "JP"), ("Zed Foreign", "Professor", "FR"), ("Bea Unknown", "Professor", None),
            ("Cid Foreign", "Director", "FR"), ("Dan National", "Ambassador", "JP"),
        )  # fmt: skip
        for name, title, country in people:
            guest = a_guest(session, actor, event, name, title=title, country=country)
            guest.reply, guest.places = Reply.VENUE, 1
        [mari] = [one for one in guests(session, actor, event, a_person(session, actor)) if one.person_id]
        assert mari.country == "US"  # of her institution; her nationality is nowhere
    with database.reading() as session:
        order = suggested_order(list(session.exec(select(Guest).where(Guest.person_id == None))))  # noqa: E711
    assert [one.guest.name for one in order] == [
        "Dan National", "Cid Foreign", "Zed Foreign", "Ada National", "Bea Unknown",
    ]  # fmt: skip
    assert order[2].basis == "professor; comes for France: foreign before national between equals"
    assert (order[1].basis, order[3].basis) == ("head of a part of an institution", "professor")
    said = {"name": "Ada National", "country": "Atlantis", "version": "1"}
    page = sign_in().post(f"/events/{event.id}/guests/{order[3].guest.id}", data=said)
    assert page.status_code == 422 and "Please choose a country or region from the list." in page.text
