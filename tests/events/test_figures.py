"""The numbers of an event: each opens the guests whom it counts, and is said in the language of the report."""

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from docx import Document
from sqlmodel import Session, select
from starlette.testclient import TestClient

from crm.core.columns import now
from crm.core.db import Database
from crm.events.actions.answering import answer
from crm.events.actions.receiving import Arrival, check_in
from crm.events.forms import ReplyForm
from crm.events.models import Event, EventReport, Guest, Mode, Reply
from crm.people.models import Sector
from tests.conftest import SignIn
from tests.factories.accounts import an_actor
from tests.factories.events import a_guest, an_event, guests
from tests.factories.people import a_person

pytestmark = pytest.mark.both


def an_evening(session: Session) -> Event:
    """Two of academia of whom one came with a companion, one online, one who declined, one who has not answered."""
    actor = an_actor(session)
    event = an_event(session, actor, mode=Mode.HYBRID, companions=2, languages=["ja", "en", "fr", "de"])
    guests(session, actor, event, a_person(session, actor, sector=Sector.ACADEMIA))
    with_sector = a_guest(session, actor, event, "Ann Example")
    with_sector.sector = "academia"
    said = (Reply.VENUE, Reply.VENUE, Reply.ONLINE, Reply.NO, None)
    others = [a_guest(session, actor, event, name) for name in ("Bea Example", "Cid Example", "Dan Example")]
    first = session.exec(select(Guest).where(Guest.person_id != None)).one()  # noqa: E711
    for guest, reply in zip((first, with_sector, *others), said, strict=True):
        guest.invited_at = now()
        if reply:
            named = ["Kim Example", "Lee Example"] if guest is first else []
            answer(session, guest, ReplyForm.model_validate({"reply": reply, "companion": named}))
    check_in(session, actor, event, [Arrival(first.id, place, now()) for place in (0, 1)])
    return event


def rows_behind(desk: TestClient, page: str) -> dict[str, tuple[int, int]]:
    """Address of each number on a page → the number, and how many rows it opens."""
    links = re.findall(r'<a href="(/events/[^"]+/guests[^"]*)">(?:<span class="figure">)?(\d+)<', page)
    return {
        href: (int(number), desk.get(href.replace("&amp;", "&")).text.count("<tr data-row>")) for href, number in links
    }


def test_each_number_opens_the_guests_whom_it_counts(
    sign_in: SignIn, database: Database, count_queries: Callable[[Database], Any]
) -> None:
    with database.writing() as session:
        event = an_evening(session)
    desk = sign_in()
    plan = desk.get(f"/events/{event.id}").text
    with count_queries(database) as statements:
        report = desk.get(f"/events/{event.id}/report").text
    assert len(statements) <= 11
    opened = rows_behind(desk, plan) | rows_behind(desk, report)
    assert len(opened) > 12 and all(number == rows for number, rows in opened.values()), opened
    assert {href.partition("?")[2]: number for href, (number, _rows) in opened.items()} == {
        "": 5, "state=silent": 1, "state=in_person": 2, "state=online": 1, "state=no": 1, "state=came": 1,
        "state=to_invite": 0, "state=comes": 3, "state=joined": 0, "state=missed": 1,
        "sector=academia": 2, "sector=academia&amp;state=comes": 2, "sector=academia&amp;state=came": 1,
        "sector=none": 3, "sector=none&amp;state=comes": 1,
    }  # fmt: skip
    assert "4 people in all" in plan and "2 people in all" in plan and "5 people in all" in report
    listed = desk.get(f"/events/{event.id}/guests?state=in_person").text
    assert (
        "2 guests · 4 people in all" in listed
        and "Academia" in desk.get(f"/events/{event.id}/guests?sector=academia").text
    )


def test_a_report_speaks_the_language_it_is_written_in(sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        event = an_evening(session)
    desk, address = sign_in(language="ja"), f"/events/{event.id}/report"

    def said(language: str) -> str:
        document = Document(io.BytesIO(desk.get(f"{address}.docx?language={language}").content))
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        return "\n".join([*(one.text for one in document.paragraphs), *cells])

    assert "2 personnes sur place; 1 était inscrite en ligne".replace(";", "\u202f;") in said("fr")
    wrong = desk.post(address, data={"stated": "10", "precision": "about", "stated_online": "11"})
    assert wrong.status_code == 422 and "参加者数を超えられません" in wrong.text
    stated = {"stated": "10", "precision": "about", "stated_online": "3", "precision_online": "just_under"}
    sent = {**stated, "attendance.en": "About ten, and a dog", "summary.fr": "Une belle soirée."}
    assert desk.post(address, data=sent).status_code == 303
    french, german = said("fr"), said("de")
    assert "environ 10 personnes (dont en ligne\u00a0: un peu moins de 3 personnes)" in french
    assert "2 invités, 4 personnes en tout" in french and "Recherche et enseignement supérieur" in french
    assert "etwa 10 Personen (davon online: knapp 3 Personen)" in german and "Gäste nach Bereichen" in german
    assert "約10名（うちオンライン3名弱）" in said("ja") and "About ten, and a dog" in said("en")
    for word in ("Attendance", "Venue", "Sector", "Guests", "Came", "約"):
        assert word not in french.replace("Invented", "") and word not in german
    with database.writing() as session:
        session.exec(select(EventReport)).one().person_times = True
    assert "延べ約10名（うちオンライン3名弱）" in said("ja")
    assert desk.get(f"{address}.pdf?language=fr").content.startswith(b"%PDF")
