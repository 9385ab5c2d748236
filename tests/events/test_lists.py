"""Lists that are taken out: the guest list as a spreadsheet, what the caterer and the venue need to know."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pdfplumber
import pytest
from python_calamine import CalamineWorkbook
from sqlmodel import Session, select

from crm.accounts.access import Actor
from crm.accounts.models import JournalEntry, Office
from crm.core.columns import now
from crm.core.db import Database
from crm.events.actions.answering import answer
from crm.events.forms import ReplyForm
from crm.events.models import Event, EventHost, Guest, GuestNeeds, Reply
from tests.conftest import SignIn
from tests.factories.accounts import an_actor
from tests.factories.events import a_guest, an_event

pytestmark = pytest.mark.both


def an_evening(session: Session) -> tuple[Actor, Event]:
    """Two vegetarians, somebody who waits, and somebody who does not come."""
    actor = an_actor(session)
    event = an_event(session, actor, companions=1, questions={"en": "Which session?", "ja": "どの分科会ですか"})
    said: dict[str, dict[str, Any]] = {
        "Ann Example": {"needs": "Vegetarian", "companion": ["Kim Example"], "said.0": "Optics"},
        "Bea Example": {"needs": " vegetarian", "said.0": ""},
        "Cid Example": {"needs": "No nuts"},
        "Dan Example": {"reply": Reply.NO, "said.0": "None of them"},
    }
    for name, words in said.items():
        guest = a_guest(session, actor, event, name, institution="=SUM(1)" if name == "Ann Example" else "")
        form = {"reply": Reply.VENUE, "needs_agreed": True, **words}
        answer(session, guest, ReplyForm.model_validate(form))
        guest.seat_at = "7" if name == "Ann Example" else None
        if name == "Cid Example":
            guest.waiting_since = now()
    return actor, event


def text_of(content: bytes) -> str:
    with pdfplumber.open(io.BytesIO(content)) as document:
        return "\n".join(page.extract_text() for page in document.pages)


def test_the_caterer_learns_what_those_who_come_need(
    sign_in: SignIn, database: Database, count_queries: Callable[[Database], Any]
) -> None:
    with database.writing() as session:
        event = an_evening(session)[1]
    desk, address = sign_in(), f"/events/{event.id}/needs"
    with count_queries(database) as statements:
        page = desk.get(address).text
    assert len(statements) <= 5  # who asks, the event, whether they may, one for all guests
    assert page.count("Vegetarian</th>") == 1 and "Table 7" in page and "Bea Example" in page and "Optics" in page
    assert "No nuts" not in page and "None of them" not in page
    assert "Destroy every copy by" in page
    paper = desk.post(f"{address}?kind=pdf")
    text = text_of(paper.content)
    assert "Vegetarian 2 Ann Example 7" in text and "Which session?" in text and "Destroy every copy by" in text
    assert "-delete-by-20" in paper.headers["content-disposition"] and b"/StructTreeRoot" in paper.content
    rows = list(csv.reader(io.StringIO(desk.post(f"{address}?kind=csv").content.decode("utf-8-sig"))))
    assert [row[:3] for row in rows[1:]] == [
        ["Diet and access needs", "Vegetarian", "Ann Example"], ["Diet and access needs", "Vegetarian", "Bea Example"],
        ["Which session?", "Optics", "Ann Example"],
    ]  # fmt: skip
    assert rows[1][-1] > f"{now():%Y-%m-%d}" and rows[3][-1] == ""
    with database.writing() as session:
        told = session.exec(select(JournalEntry).where(JournalEntry.verb == "exported")).all()
        assert [entry.changes for entry in told] == [{"needs": "", "format": "pdf"}, {"needs": "", "format": "csv"}]
        for each in session.exec(select(GuestNeeds)):
            session.delete(each)
    assert "Destroy every copy" not in desk.get(address).text


def test_the_guest_list_is_taken_out_as_it_is_shown(
    sign_in: SignIn, database: Database, count_queries: Callable[[Database], Any]
) -> None:
    with database.writing() as session:
        event = an_evening(session)[1]
    desk, address = sign_in(), f"/events/{event.id}/guests/table"
    assert "/guests/table?" in desk.get(f"/events/{event.id}/guests").text
    book = CalamineWorkbook.from_filelike(io.BytesIO(desk.post(f"{address}?kind=xlsx").content))
    rows = book.get_sheet_by_index(0).to_python()
    assert len(rows) == 5
    ann = dict(zip(rows[0], rows[1], strict=True))
    assert ann["Name"] == "Ann Example" and ann["Accompanying guests"] == "Kim Example" and ann["Table"] == "7"
    assert (ann["Answer"], ann["Language"], ann["E-mail address"]) == ("In person", "English", "ann@example.org")
    with count_queries(database) as statements:
        desk.post(f"{address}?kind=csv")
    assert len(statements) <= 9  # however many guests there are
    text = desk.post(f"{address}?kind=csv&state=in_person&sort=table").content.decode("utf-8-sig")
    [_heading, _first, second] = csv.reader(io.StringIO(text))
    assert second[0] == "Ann Example" and second[4] == "'=SUM(1)"
    with database.reading() as session:
        told = session.exec(select(JournalEntry).where(JournalEntry.verb == "exported")).all()
        assert [entry.changes["rows"] for entry in told if entry.changes] == [4, 4, 2]
    printed = text_of(desk.get(f"/events/{event.id}/guests.pdf").content)
    assert "with Kim Example" in printed


def test_a_co_host_takes_out_no_address_that_the_host_has(sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        event = an_evening(session)[1]
    other = sign_in("university_officer", "jp-univ")
    paths = [f"/events/{event.id}/needs", f"/events/{event.id}/guests/table"]
    assert [other.post(path).status_code for path in paths] == [404, 404]
    with database.writing() as session:
        university = session.exec(select(Office).where(Office.code == "jp-univ")).one()
        host = EventHost(event_id=event.id, office_id=university.id, name={"en": "Invented University"})
        session.add(host)
        session.flush()
        own = session.exec(select(Guest).where(Guest.name == "Bea Example")).one()
        own.office_id = university.id
    assert [other.get(paths[0]).status_code, other.post(paths[1]).status_code] == [403, 403]
    with database.writing() as session:
        session.get_one(EventHost, host.id).may_edit = True
    text = other.post(f"{paths[1]}?kind=csv").text
    assert "bea@example.org" in text and "ann@example.org" not in text and "Ann Example" in text
