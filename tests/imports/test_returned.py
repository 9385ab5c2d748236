"""A list that was exported comes back: edited in a spreadsheet, compared by id, applied by whoever has looked."""

import csv
import io
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook
from sqlmodel import select
from starlette.testclient import TestClient

from crm.core.db import Database
from crm.core.work import Worker
from crm.people.models import Person
from tests.conftest import SignIn
from tests.factories.accounts import an_actor
from tests.factories.people import a_person, people_called

pytestmark = pytest.mark.both


@pytest.fixture
def takase(database: Database) -> Person:
    with database.writing() as session:
        actor = an_actor(session)
        people_called(session, actor, "Ono Ken")
        return a_person(session, actor)


def exported(desk: TestClient, worker: Worker, format: str) -> list[list[str]]:
    """The file that the program itself writes, as rows of cells."""
    answer = desk.post("/people/exports", data={"format": format, "query": ""})
    worker.run_all()
    file = desk.get(f"{answer.headers['location']}/file").content
    if format == "csv":
        return list(csv.reader(io.StringIO(file.decode("utf-8-sig"))))
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(file)).get_sheet_by_index(0)
    return [[str(cell) for cell in row] for row in sheet.to_python()]


def edited(rows: list[list[str]], who: str, heading: str, value: str) -> list[list[str]]:
    place = rows[0].index(heading)
    return [[value if index == place and who in row else cell for index, cell in enumerate(row)] for row in rows]


def as_csv(rows: list[list[str]], encoding: str = "utf-8-sig") -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode(encoding)


def as_xlsx(rows: list[list[str]], folder: Path) -> bytes:
    path = folder / "edited.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return path.read_bytes()


def bring_back(desk: TestClient, content: bytes, name: str) -> Any:
    return desk.post("/imports/returned", files={"file": (name, content, "application/octet-stream")})


def ticked(page: str) -> list[str]:
    return [unescape(value) for value in re.findall(r'name="changes" value="([^"]*)"', page)]


@pytest.mark.parametrize(("format", "language"), [("csv", "en"), ("xlsx", "ja"), ("xlsx", "en")])
def test_what_was_edited_is_shown_then_changed(
    sign_in: SignIn, database: Database, worker: Worker, takase: Person, tmp_path: Path, format: str, language: str
) -> None:
    desk = sign_in(language=language)
    title = {"en": "Position", "ja": "職名"}[language]
    rows = edited(exported(desk, worker, format), "takase@example.org", title, "Professor")
    content = as_csv(rows) if format == "csv" else as_xlsx(rows, tmp_path)
    page = bring_back(desk, content, f"people.{format}")
    assert page.status_code == 200, page.text
    assert "<ins>Professor</ins>" in page.text and "<del>Associate Professor</del>" in page.text
    changes = ticked(page.text)
    assert len(changes) == 1
    assert "Associate Professor" in desk.get(f"/people/{takase.id}").text  # nothing is written yet
    done = desk.post("/imports/returned/apply", data={"changes": changes})
    assert done.status_code == 200
    assert " Professor" in desk.get(f"/people/{takase.id}").text
    assert "Associate Professor" not in desk.get(f"/people/{takase.id}").text


def test_the_same_list_differs_in_nothing(sign_in: SignIn, worker: Worker, takase: Person) -> None:
    desk = sign_in()
    page = bring_back(desk, as_csv(exported(desk, worker, "csv")), "people.csv")
    assert "Nothing differs." in page.text and "2 unchanged" in page.text


def test_an_emptied_cell_takes_the_value_away_and_a_missing_column_nothing(
    sign_in: SignIn, database: Database, worker: Worker, takase: Person
) -> None:
    desk = sign_in()
    rows = edited(exported(desk, worker, "csv"), "takase@example.org", "Department or laboratory", "")
    without = rows[0].index("Reading in kana")
    rows = [[cell for index, cell in enumerate(row) if index != without] for row in rows]
    desk.post("/imports/returned/apply", data={"changes": ticked(bring_back(desk, as_csv(rows), "p.csv").text)})
    assert "Quantum Information Center" not in desk.get(f"/people/{takase.id}").text
    with database.reading() as session:
        assert session.get_one(Person, takase.id).kana == "タカセ マリ"


def test_who_was_quicker_wins_and_the_others_are_changed(
    sign_in: SignIn, database: Database, worker: Worker, takase: Person
) -> None:
    desk = sign_in()
    rows = exported(desk, worker, "csv")
    rows = edited(edited(rows, "takase@example.org", "Position", "Professor"), "Ono Ken", "City", "Tokyo")
    changes = ticked(bring_back(desk, as_csv(rows), "p.csv").text)
    assert len(changes) == 2
    with database.writing() as session:
        session.get_one(Person, takase.id).kana = "たかせ まり"
    page = desk.post("/imports/returned/apply", data={"changes": changes}).text
    assert "1 record has been changed." in page
    assert "Somebody else changed this record" in page


def test_a_wrong_value_is_named_and_nothing_half_done(sign_in: SignIn, worker: Worker, takase: Person) -> None:
    desk = sign_in()
    rows = edited(exported(desk, worker, "csv"), "takase@example.org", "Country or region", "Atlantis")
    rows = edited(rows, "takase@example.org", "Position", "Professor")
    page = desk.post(
        "/imports/returned/apply", data={"changes": ticked(bring_back(desk, as_csv(rows), "p.csv").text)}
    ).text
    assert "Please choose a country or region from the list." in page
    assert "Associate Professor" in desk.get(f"/people/{takase.id}").text


def test_rows_of_another_office_are_nobodys(sign_in: SignIn, worker: Worker, takase: Person) -> None:
    desk = sign_in()
    rows = edited(exported(desk, worker, "csv"), "takase@example.org", "Position", "Professor")
    changes = ticked(bring_back(desk, as_csv(rows), "p.csv").text)
    other = sign_in("officer", "jp-univ")
    page = bring_back(other, as_csv(rows), "p.csv").text
    assert "2 rows are nobody" in page and "Associate Professor" not in page
    done = other.post("/imports/returned/apply", data={"changes": changes}).text
    assert "0 records have been changed." in done
    assert "Associate Professor" in desk.get(f"/people/{takase.id}").text


@pytest.mark.parametrize("content", [b"Name,Institution\nOno Ken,Somewhere\n", b"", b"\x00\x01\x02"])
def test_a_file_that_is_none_of_ours(sign_in: SignIn, content: bytes) -> None:
    answer = bring_back(sign_in(), content, "people.csv")
    assert answer.status_code == 422


def test_what_no_page_of_ours_has_sent(sign_in: SignIn, database: Database, takase: Person) -> None:
    for text in ("nonsense", "{}", '{"id": "x", "version": 1, "values": {}}'):
        assert sign_in().post("/imports/returned/apply", data={"changes": [text]}).status_code == 422
    with database.reading() as session:
        assert len(session.exec(select(Person)).all()) == 2
