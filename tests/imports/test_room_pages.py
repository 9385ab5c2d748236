"""The import pages, walked through without JavaScript."""

import csv
import io
import re

import pytest
import xlsxwriter
from sqlmodel import select
from starlette.testclient import TestClient

from crm.core.db import Database
from crm.core.work import Worker
from crm.imports.models import ImportFile
from crm.people.actions.batch import add_people
from crm.people.entries import PersonEntry
from crm.people.models import Affiliation, Basis, Person
from tests.conftest import SignIn
from tests.factories.accounts import an_actor
from tests.factories.imports import a_list
from tests.imports.test_reading_bad_files import BAD, REFUSED

SAMPLES = BAD.parent / "samples"


def upload(browser: TestClient, name: str, data: bytes) -> str:
    answer = browser.post("/imports", files={"file": (name, data)}, data={"language": ""})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


@pytest.mark.both
def test_a_list_is_uploaded_checked_applied_reported_and_undone(
    sign_in: SignIn, worker: Worker, database: Database
) -> None:
    browser = sign_in()
    assert "No list has been imported yet" in browser.get("/imports").text
    assert browser.get("/imports/new").status_code == 200
    where = upload(browser, "boston.html", (SAMPLES / "boston.html").read_bytes())
    assert 'id="progress"' in browser.get(where).text
    worker.run_all()
    preview = browser.get(where)
    assert "Apply 14 rows" in preview.text
    assert "NOMOTO" in preview.text
    assert browser.post(where + "/apply").headers["location"] == where
    worker.run_all()
    assert "Undo this import" in browser.get(where).text
    assert "boston.html" in browser.get("/imports").text
    with database.reading() as session:
        assert len(list(session.exec(select(Person)))) == 14
    report = browser.get(where + "/report")
    assert report.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(report.content.decode("utf-8-sig"))))
    assert len(rows) == 14
    assert rows[0]["Position"] == "Group Leader"
    assert "14 people that this import made are removed" in browser.get(where + "/undo").text
    assert browser.post(where + "/undo").status_code == 303
    assert "14 people were removed" in browser.get(where).text
    with database.reading() as session:
        assert list(session.exec(select(Person))) == []


def test_columns_can_be_corrected_and_the_list_is_read_again(sign_in: SignIn, worker: Worker) -> None:
    browser = sign_in()
    where = upload(browser, "list.csv", a_list("Haruka Minase,,Tufts University,Medford,,,,,"))
    worker.run_all()
    page = browser.get(where + "/columns")
    assert "Haruka Minase" in page.text
    columns = ["full_name", "kanji", "institution", "city", "ignore", "ignore", "ignore", "email", "orcid"]
    answer = browser.post(where + "/columns", data={"header": "1", "columns": columns})
    assert answer.headers["location"] == where
    worker.run_all()
    assert re.search(r"<dt>City</dt>\s*<dd>Medford</dd>", browser.get(where).text)
    assert browser.post(where + "/columns", data={"columns": ["full_name"]}).status_code == 422


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_upload_says_why_and_nobody_is_stored(
    name: str, sign_in: SignIn, worker: Worker, database: Database
) -> None:
    browser = sign_in()
    data = (BAD / name).read_bytes()
    if not data:
        answer = browser.post("/imports", files={"file": (name, data)})
        assert (answer.status_code, "This file is empty." in answer.text) == (422, True)
        return
    where = upload(browser, name, data)
    worker.run_all()
    page = browser.get(where)
    assert "tone-error" in page.text
    assert "Correct how it is read" in page.text
    assert browser.get(where + "/columns").status_code == 200
    assert browser.post(where + "/apply").status_code == 409
    with database.reading() as session:
        assert list(session.exec(select(Person))) == []


def test_without_a_file_the_form_comes_back(sign_in: SignIn) -> None:
    answer = sign_in().post("/imports", data={"language": ""})
    assert (answer.status_code, "Please fill this in." in answer.text) == (422, True)


def test_another_office_finds_nothing_at_any_address(sign_in: SignIn, worker: Worker, database: Database) -> None:
    browser, stranger = sign_in(), sign_in(office="fr-emb")
    where = upload(browser, "list.csv", a_list("Haruka Minase,,Tufts University,,,,,,"))
    worker.run_all()
    assert [stranger.get(where + part).status_code for part in ("", "/columns", "/report", "/undo")] == [404] * 4
    posts = [("/apply", {}), ("/undo", {}), ("/columns", {}), ("/decide", {"decision": "skip"})]
    assert [stranger.post(where + part, data=data).status_code for part, data in posts] == [404] * 4
    assert "list.csv" not in stranger.get("/imports").text
    assert sign_in("fellow").get(where).status_code == 403


def test_a_row_known_elsewhere_shows_no_more_than_that(sign_in: SignIn, worker: Worker, database: Database) -> None:
    with database.writing() as session:
        other = an_actor(session, "attache", "fr-emb")
        person = PersonEntry("Haruka Geheim", institution="Sorbonne Université", orcid="0000-0002-1825-0097")
        [known] = add_people(session, other, [person], Basis.PUBLIC_LIST)
    browser = sign_in()
    where = upload(browser, "list.csv", a_list("Haruka Minase,,Tufts University,,,,,,0000-0002-1825-0097"))
    worker.run_all()
    page = browser.get(where).text
    assert "Known elsewhere" in page
    assert not any(secret in page for secret in ("Geheim", "Sorbonne", str(known)))


def test_a_decision_is_made_on_the_page(sign_in: SignIn, worker: Worker, database: Database) -> None:
    browser = sign_in()
    line = "Haruka Minase,,Tufts University,{},,,,,"
    where = upload(browser, "list.csv", a_list(line.format("Professor"), line.format("Lecturer")))
    worker.run_all()
    page = browser.get(where + "?outcome=perhaps").text
    assert "1 row may be a person you know already" in page
    found = re.search(r'name="row_id" value="([^"]+)"', page)
    assert found
    data = {"row_id": found[1], "decision": "add", "outcome": "perhaps"}
    assert browser.post(where + "/decide", data=data).headers["location"] == where + "?outcome=perhaps"
    browser.post(where + "/apply")
    worker.run_all()
    with database.reading() as session:
        assert len(list(session.exec(select(Person)))) == 2
        assert session.exec(select(ImportFile)).one().state == "applied"
    assert browser.post(where + "/decide", data=data).status_code == 303
    assert "has been applied already" in browser.get(where).text


def test_formulas_in_the_report_are_neutralised(sign_in: SignIn, worker: Worker) -> None:
    browser = sign_in()
    where = upload(browser, "list.csv", a_list('Haruka Minase,,"=HYPERLINK(""x"")",@x,,,,,'))
    worker.run_all()
    text = browser.get(where + "/report").text
    assert "'=HYPERLINK" in text
    assert "'@x" in text


_SHEETS = {
    "Researchers": [["Name", "Institution", "City"], ["Haruka Minase", "Tufts University", "Medford"]],
    "Fellows": [
        ["Fellow", "Host university", "Lab", "Remarks"],
        ["Ken Arao", "Brown University", "Optics", "Boston"],
    ],
    "Old": [["Name", "University", "Position"], ["Rin Ono", "Yale University", "Lecturer"]],
}


def a_workbook() -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        for name, lines in _SHEETS.items():
            sheet = book.add_worksheet(name)
            for number, cells in enumerate(lines):
                sheet.write_row(number, 0, cells)
    return file.getvalue()


def _html_row(cells: list[str]) -> str:
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def people_at(database: Database) -> dict[str, str | None]:
    with database.reading() as session:
        rows = session.exec(select(Person.full_name, Affiliation.city).join(Affiliation)).all()
    return dict(rows)


def test_the_columns_of_every_sheet_are_corrected_and_sheets_left_out(
    sign_in: SignIn, worker: Worker, database: Database
) -> None:
    browser = sign_in()
    data = a_workbook()
    where = upload(browser, "lists.xlsx", data)
    worker.run_all()
    page = browser.get(where + "/columns").text
    assert re.findall(r"<h2>(Researchers|Fellows|Old)</h2>", page) == ["Researchers", "Fellows", "Old"]
    assert "Ken Arao" in page
    fields = ["full_name", "institution", "city", "full_name", "institution", "unit", "city", "full_name"]
    form = {"read": ["0", "1"], "header": ["1", "1", "1"], "columns": [*fields, "institution", "title"]}
    refused = browser.post(where + "/columns", data={**form, "columns": fields})
    assert (refused.status_code, "Please choose a field for every column." in refused.text) == (422, True)
    refused = browser.post(where + "/columns", data={**form, "read": []})
    assert (refused.status_code, "Please choose at least one sheet or table." in refused.text) == (422, True)
    assert browser.post(where + "/columns", data=form).headers["location"] == where
    worker.run_all()
    page = browser.get(where + "/columns").text
    assert re.findall(r"<h2>(Researchers|Fellows|Old)</h2>", page) == ["Researchers", "Fellows"]
    assert "Rin Ono" in page, "a glance at what is not read"
    browser.post(where + "/apply")
    worker.run_all()
    expected = {"Haruka Minase": "Medford", "Ken Arao": "Boston"}
    assert people_at(database) == expected

    again = upload(browser, "the same.xlsx", data)
    worker.run_all()
    assert "Apply 2 rows" in browser.get(again).text
    assert browser.get(again).text.count("Same person") > 2
    browser.post(again + "/apply")
    worker.run_all()
    assert people_at(database) == expected


def test_another_table_of_a_page_is_ticked_and_read(sign_in: SignIn, worker: Worker) -> None:
    browser = sign_in()
    page = "".join(f"<table>{''.join(map(_html_row, _SHEETS[name]))}</table>" for name in ("Researchers", "Fellows"))
    where = upload(browser, "lists.html", f"<!doctype html><title>Lists</title>{page}".encode())
    worker.run_all()
    assert "Haruka Minase" not in browser.get(where).text
    assert "Name: Haruka Minase · Institution: Tufts University" in browser.get(where + "/columns").text
    columns = ["full_name", "institution", "unit", "city"]
    browser.post(where + "/columns", data={"read": ["0", "1"], "header": ["1"], "columns": columns})
    worker.run_all()
    assert "Haruka Minase" in browser.get(where).text
    assert browser.get(where + "/columns").text.count('name="columns"') == 7
