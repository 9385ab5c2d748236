"""A list taken out: the people and columns that the reader may see, and no others; for a stated purpose."""

import csv
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import vobject
from python_calamine import CalamineWorkbook
from sqlmodel import Session, select
from starlette.testclient import TestClient

from crm.accounts.models import JournalEntry, Membership
from crm.core.columns import now
from crm.core.db import Database
from crm.core.settings import Settings
from crm.core.work import Worker
from crm.people.actions.export import folder_of, forget_files
from crm.people.models import Export
from tests.conftest import SignIn
from tests.factories.accounts import an_actor
from tests.factories.people import a_person, a_share, people_called

pytestmark = pytest.mark.both


@pytest.fixture
def desk(sign_in: SignIn, database: Database) -> TestClient:
    desk = sign_in("attache", "us-bos")
    with database.writing() as session:
        boston, berlin = an_actor(session), an_actor(session, office_code="de-ber-test")
        a_person(session, boston, note="Secret note", research_fields=("optics", "law"))
        a_person(session, berlin, full_name="Only Berlin", kanji=None, kana=None, latin=None, email="b@example.de")
        shown = a_person(
            session, berlin, full_name="=SUM(1+1)", kanji=None, kana=None, latin=None, email="s@example.de"
        )
        a_share(session, shown, berlin, boston)
    return desk


def taken_out(desk: TestClient, worker: Worker, **fields: str) -> bytes:
    address = desk.post("/people/exports", data=fields).headers["location"]
    assert "<progress" in desk.get(address).text
    worker.run_all()
    assert "Download" in desk.get(address).text
    answer = desk.get(f"{address}/file")
    assert "attachment" in answer.headers["content-disposition"]
    return answer.content


def test_a_workbook_holds_what_the_reader_may_see(desk: TestClient, worker: Worker) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(taken_out(desk, worker, format="xlsx")))
    head, *rows = book.get_sheet_by_index(0).to_python()
    told = [dict(zip(head, row, strict=True)) for row in rows]
    told.sort(key=lambda row: str(row["Name as written"]))
    assert [row["Name as written"] for row in told] == ["=SUM(1+1)", "TAKASE Mari"]
    assert [row["E-mail"] for row in told] == ["", "takase@example.org"]
    assert (told[1]["Research fields"], told[1]["Name in Japanese characters"]) == ("optics; law", "高瀬 真理")
    assert "Secret note" not in str(told)


def test_a_csv_runs_no_formula_and_follows_the_filters(desk: TestClient, worker: Worker) -> None:
    text = taken_out(desk, worker, format="csv").decode("utf-8-sig")
    assert "'=SUM(1+1)" in text and "Berlin" not in text
    rows = list(csv.reader(io.StringIO(taken_out(desk, worker, format="csv", query="q=takase").decode("utf-8-sig"))))
    assert len(rows) == 2


def test_cards_are_read_by_another_program(desk: TestClient, worker: Worker) -> None:
    text = taken_out(desk, worker, format="vcf", query="q=takase").decode()
    card = vobject.readOne(text)
    assert (card.fn.value, card.n.value.family, card.email.value) == ("TAKASE Mari", "Takase", "takase@example.org")
    assert card.org.value == ["Northbridge University", "Quantum Information Center"]
    assert card.n.params["SORT-AS"] == ["タカセ,マリ"]
    assert [name.value for name in card.fn_list] == ["TAKASE Mari", "高瀬 真理"]
    assert (card.x_phonetic_last_name.value, card.x_phonetic_first_name.value) == ("タカセ", "マリ")
    assert (card.adr.value.city, card.adr.value.country) == ("Boston", "United States")
    assert card.categories.value == ["optics", "law"]
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75


def test_the_headings_are_in_the_readers_language(sign_in: SignIn, worker: Worker, database: Database) -> None:
    with database.writing() as session:
        a_person(session, an_actor(session))
    desk = sign_in("attache", "us-bos", language="ja")
    address = desk.post("/people/exports", data={"format": "csv"}).headers["location"]
    worker.run_all()
    assert "所属機関" in desk.get(f"{address}/file").text


def test_more_than_a_hundred_need_a_purpose_which_is_journalled(
    desk: TestClient, database: Database, worker: Worker
) -> None:
    with database.writing() as session:
        people_called(session, an_actor(session), *(f"Person {number:03}" for number in range(450)))
    bad = desk.post("/people/exports", data={"format": "csv", "query": "sort=new"})
    assert (bad.status_code, "please say what the list is for" in bad.text) == (422, True)
    assert 'value="sort=new"' in bad.text
    rows = taken_out(desk, worker, format="csv", reason="Invitations").decode().splitlines()
    assert (len(rows), len(set(rows))) == (453, 453)
    with database.reading() as session:
        line = session.exec(select(JournalEntry).where(JournalEntry.verb == "exported")).one()
    assert line.changes == {"format": "csv", "people": 452, "reason": "Invitations"}


def test_nobody_else_downloads_it_and_it_goes_after_a_week(
    desk: TestClient, sign_in: SignIn, database: Database, worker: Worker, settings: Settings
) -> None:
    taken_out(desk, worker, format="csv")
    [export] = exports(database)
    address = f"/people/exports/{export.id}"
    for other in (sign_in("attache", "us-bos"), sign_in("attache", "de-ber-test")):
        assert other.get(address).status_code == other.get(f"{address}/file").status_code == 404
    with database.writing() as session:
        session.get_one(Export, export.id).created_at = now() - timedelta(days=8)
    folder: Path = folder_of(settings.data_dir)
    forget_files(database, folder)
    assert list(folder.iterdir()) == []
    assert "has been removed" in desk.get(address).text
    assert desk.get(f"{address}/file").status_code == 404


def test_whose_post_has_ended_gets_nothing(desk: TestClient, database: Database, worker: Worker) -> None:
    address = desk.post("/people/exports", data={"format": "csv"}).headers["location"]
    with database.writing() as session:
        ended: Any = session.exec(select(Membership).where(Membership.user_id == exports_in(session)[0].user_id)).one()
        ended.until = now().date() - timedelta(days=1)
    worker.run_all()
    assert exports(database)[0].ready_at is None
    assert desk.get(f"{address}/file").status_code in (303, 404)


def exports_in(session: Session) -> list[Export]:
    return list(session.exec(select(Export)))


def exports(database: Database) -> list[Export]:
    with database.reading() as session:
        return exports_in(session)


@pytest.mark.parametrize("fields", [{"format": "exe"}, {"format": "csv", "reason": "x" * 501}])
def test_bad_input_is_said(desk: TestClient, database: Database, fields: dict[str, str]) -> None:
    assert desk.post("/people/exports", data=fields).status_code == 422
    assert desk.get("/people/exports/new?sort=nonsense").status_code == 404
    assert exports(database) == []
