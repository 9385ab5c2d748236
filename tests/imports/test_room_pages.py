"""The import pages, walked through without JavaScript."""

import csv
import io
import re

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from crm.core.db import Database
from crm.core.work import Worker
from crm.imports.models import ImportFile
from crm.people.actions.batch import add_people
from crm.people.entries import PersonEntry
from crm.people.models import Basis, Person
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
