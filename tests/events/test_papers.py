"""Seats, and what is printed: text and tags of the PDFs, codes read back by another reader, the report in two forms."""

import io
from typing import Any

import pdfplumber
import pytest
import zxingcpp
from docx import Document
from sqlmodel import Session, select

from crm.accounts.access import Actor
from crm.core.columns import now
from crm.core.db import Database
from crm.events.actions.receiving import Arrival, check_in
from crm.events.actions.seating import suggested_order
from crm.events.models import Companion, Event, Guest, GuestPass, Reply
from tests.conftest import SignIn
from tests.factories.accounts import an_actor
from tests.factories.events import a_door, a_guest, an_event, guests, write_texts
from tests.factories.people import a_person

pytestmark = pytest.mark.both


def coming(session: Session) -> tuple[Actor, Event, Guest]:
    actor = an_actor(session)
    event = an_event(session, actor, initiative="J-RISE")
    [guest] = guests(session, actor, event, a_person(session, actor))
    guest.reply, guest.places = Reply.VENUE, 2
    session.add(Companion(guest_id=guest.id, place=1, name="﨑山 髙子"))
    session.flush()
    return actor, event, guest


def text_of(content: bytes) -> str:
    with pdfplumber.open(io.BytesIO(content)) as document:
        return "\n".join(page.extract_text() for page in document.pages)


def codes_in(content: bytes) -> list[str]:
    with pdfplumber.open(io.BytesIO(content)) as document:
        images = [page.to_image(resolution=200).original.convert("L") for page in document.pages]
    return sorted(found.text for image in images for found in zxingcpp.read_barcodes(image))


def test_badges_carry_names_and_codes_that_others_can_read(sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        _actor, event, guest = coming(session)
    answer = sign_in().get(f"/events/{event.id}/badges.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    text = text_of(answer.content)
    assert "高瀬 真理" in text and "﨑山 髙子" in text and "Northbridge University" in text
    assert b"/StructTreeRoot" in answer.content
    assert codes_in(answer.content) == [f"meguri:{guest.code}"] * 2


def test_there_are_no_badges_before_somebody_comes(sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        event = an_event(session, an_actor(session))
    assert sign_in().get(f"/events/{event.id}/badges.pdf").status_code == 409


def test_the_guards_get_their_list(sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        _actor, event, guest = coming(session)
        session.add(GuestPass(guest_id=guest.id, legal_name="Takase Mari Anne", plate="ABC 123"))
    text = text_of(sign_in(language="ja").get(f"/events/{event.id}/guards.pdf").content)
    assert "警備" in text and "Takase Mari Anne" in text and "ABC 123" in text


@pytest.mark.parametrize("by", ["name", "table", "precedence", "nonsense"])
def test_the_guest_list_is_printed(sign_in: SignIn, database: Database, by: str) -> None:
    with database.writing() as session:
        _actor, event, guest = coming(session)
        guest.seat_at = "7"
    text = text_of(sign_in(language="ja").get(f"/events/{event.id}/guests.pdf?by={by}").content)
    assert "招待客名簿" in text and "高瀬 真理" in text and "7" in text


def test_who_has_no_address_gets_a_card_with_a_link(sign_in: SignIn, database: Database, client: Any) -> None:
    with database.writing() as session:
        actor = an_actor(session)
        event = an_event(session, actor)
        write_texts(session, actor, event)
        a_guest(session, actor, event, "Cid Example", email=None, institution="Old Post Office")
        a_guest(session, actor, event, "Dan Example")
    answer = sign_in().post(f"/events/{event.id}/cards.pdf")
    text = text_of(answer.content)
    assert "Old Post Office" in text and "Dear Cid Example," in text and "Dan Example" not in text
    [link] = codes_in(answer.content)
    assert client.get(link.removeprefix("http://testserver")).status_code == 200


def test_a_guest_prints_their_own_pass(client: Any, database: Database) -> None:
    with database.writing() as session:
        actor, event, guest = coming(session)
        silent = a_guest(session, actor, event)
        doors = [a_door(session, each, event) for each in (guest, silent)]
    content = client.get(f"{doors[0].replace('/en/', '/ja/')}/pass.pdf").content
    text = text_of(content)
    assert "高瀬 真理" in text and "﨑山 髙子" in text and "架空会館" in text
    assert codes_in(content) == [f"meguri:{guest.code}"]
    assert client.get(f"{doors[1]}/pass.pdf").status_code == 404


def test_guests_are_seated_and_taken_from_a_table(sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        _actor, event, guest = coming(session)
    desk = sign_in()
    desk.post(f"/events/{event.id}/seats", data={"ids": [str(guest.id)], "table": "A1"})
    assert "Table A1" in desk.get(f"/events/{event.id}/seats").text
    desk.post(f"/events/{event.id}/seats", data={"ids": [str(guest.id)], "table": ""})
    with database.reading() as session:
        assert session.get_one(Guest, guest.id).seat_at is None


def test_the_order_is_proposed_with_its_basis_and_decided_by_people(sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        actor = an_actor(session)
        event = an_event(session, actor)
        said: list[tuple[str, dict[str, Any]]] = [
            ("Late Envoy", {"title": "Ambassador", "post_since": "2025-09-01"}),
            ("Early Envoy", {"title": "Ambassador", "post_since": "2023-02-01"}),
            ("Dean Deputy", {"title": "Vice President"}),
            ("Paul Prof", {"title": "Professor"}),
            ("Dora Director", {"title": "Director"}),
            ("Honoured Guest", {"honoured": True}),
            ("Given Number", {"precedence": 2, "precedence_basis": "As agreed"}),
        ]
        for name, more in said:
            guest = a_guest(session, actor, event, name, **more)
            guest.reply, guest.places = Reply.VENUE, 1
    with database.reading() as session:
        order = suggested_order(list(session.exec(select(Guest))))
    assert [one.guest.name for one in order] == [
        "Given Number", "Honoured Guest", "Early Envoy", "Late Envoy", "Dean Deputy", "Dora Director", "Paul Prof",
    ]  # fmt: skip
    assert order[0].basis == "As agreed" and "in this post since 1 Feb 2023" in order[2].basis
    sign_in().post(f"/events/{event.id}/seats", data={"accept": "true"})
    with database.reading() as session:
        numbers = {guest.name: guest.precedence for guest in session.exec(select(Guest))}
    assert (numbers["Given Number"], numbers["Honoured Guest"], numbers["Paul Prof"]) == (2, 3, 8)


def test_the_report_is_written_in_two_languages_and_two_forms(sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        actor, event, guest = coming(session)
        check_in(session, actor, event, [Arrival(guest.id, 0, now()), Arrival(guest.id, 1, now())])
    desk = sign_in()
    address = f"/events/{event.id}/report"
    assert "2 people at the venue" in desk.get(address).text
    said = {
        "attendance.ja": "約150名（うちオンライン20名弱）",
        "summary.ja": "盛会であった。",
        "summary.en": "It went well.",
    }
    assert desk.post(address, data=said).status_code == 303
    assert desk.post(address, data={**said, "version": 99}).status_code == 422
    japanese = text_of(desk.get(f"{address}.pdf?language=ja").content)
    assert "約150名（うちオンライン20名弱）" in japanese and "盛会であった。" in japanese and "架空会館" in japanese
    english = text_of(desk.get(f"{address}.pdf?language=en").content)
    assert "It went well." in english and "J-RISE" in english and "Invented Hall" in english
    document = Document(io.BytesIO(desk.get(f"{address}.docx?language=ja").content))
    words = "\n".join(each.text for each in document.paragraphs)
    cells = [cell.text for row in document.tables[0].rows for cell in row.cells]
    assert "盛会であった。" in words and "約150名（うちオンライン20名弱）" in cells


def test_past_events_stand_by_fiscal_year(sign_in: SignIn, database: Database) -> None:
    from datetime import UTC, datetime

    with database.writing() as session:
        actor = an_actor(session)
        for month, title in ((3, "In March"), (4, "In April")):
            event = an_event(session, actor, title={"en": title})
            event.starts_at = datetime(2026, month, 15, 12, tzinfo=UTC)
            event.ends_at = datetime(2026, month, 15, 14, tzinfo=UTC)
    page = sign_in().get("/events?when=past").text
    assert (
        page.index("Fiscal year 2026")
        < page.index("In April")
        < page.index("Fiscal year 2025")
        < page.index("In March")
    )
    assert "In March" not in sign_in().get("/events?when=past&year=2026").text
