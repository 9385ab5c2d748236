"""The journal on its page, as a table, and on the command line."""

import csv
import io
import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from lxml import html
from sqlmodel import Session, select
from typer.testing import CliRunner, Result

from crm.accounts.models import JournalEntry, Office
from crm.accounts.verbs import FIELDS
from crm.cli import app as commands
from crm.core.columns import now
from crm.core.db import Database
from tests.accounts.test_members import office_id
from tests.conftest import SignIn
from tests.factories.accounts import an_actor

BOSTON, BERLIN = "us-bos", "de-ber-test"


def a_line(session: Session, office: str, verb: str = "changed", kind: str = "person", **more: Any) -> JournalEntry:
    actor = an_actor(session, office_code=office)
    line = JournalEntry(actor_id=actor.user_id, office_id=actor.office_id, verb=verb, subject_kind=kind, **more)
    session.add(line)
    session.flush()
    return line


def rows(page: str) -> int:
    return page.count("<tr data-row>")


def test_an_office_reads_its_own_lines_alone(sign_in: SignIn, database: Database) -> None:
    client = sign_in("attache", BOSTON)
    with database.writing() as session:
        a_line(session, BOSTON, "merged")
        foreign = a_line(session, BERLIN, "shared", subject_id=UUID(int=7))
        of_berlin = foreign.id
    page = client.get("/journal").text
    assert "merged" in page and str(UUID(int=7)) not in page
    text = client.post("/journal/export").text
    assert "merged" in text and "shared" not in text
    client_there = sign_in("attache", BERLIN)
    assert str(UUID(int=7)) in client_there.get("/journal").text and of_berlin


@pytest.mark.both
def test_filters_narrow_it(sign_in: SignIn, database: Database) -> None:
    client = sign_in("attache", BOSTON)
    with database.writing() as session:
        first = a_line(session, BOSTON, "merged", subject_id=UUID(int=1))
        old = a_line(session, BOSTON, "published", "listing", created_at=now() - timedelta(days=40))
        a_line(session, BOSTON, "published", "listing", changes={"state": ["draft", "published"]})
        who, day = first.actor_id, old.created_at.date().isoformat()
    assert rows(client.get("/journal?verb=published").text) == 2
    assert rows(client.get("/journal?kind=person").text) == 1
    assert rows(client.get(f"/journal?who={who}").text) == 1
    assert rows(client.get(f"/journal?subject={UUID(int=1)}").text) == 1
    assert rows(client.get(f"/journal?verb=published&until={day}").text) == 1
    assert rows(client.get(f"/journal?verb=published&since={now().date() - timedelta(days=3)}").text) == 1
    assert "Nothing was done here" in client.get("/journal?verb=withdrawn").text
    for facet in ("verb", "kind"):
        page: Any = html.fromstring(client.get("/journal").text)
        boxes = page.xpath(f"//input[@type='checkbox'][@name='{facet}']")
        words = [box.getparent().text_content().strip() for box in boxes]
        assert sorted(set(words)) == sorted(words)


def test_a_wrong_day_is_said_beside_the_field(sign_in: SignIn) -> None:
    answer = sign_in("attache", BOSTON).get("/journal?since=2026-02-31")
    assert answer.status_code == 422
    assert "Please give a date such as 2026-04-01." in answer.text and 'value="2026-02-31"' in answer.text
    turned = sign_in("attache", BOSTON).get("/journal?since=2026-03-01&until=2026-02-01")
    assert turned.status_code == 422 and "The last day is before the first." in turned.text


def test_pages_follow_each_other(sign_in: SignIn, database: Database) -> None:
    client = sign_in("attache", BOSTON)
    with database.writing() as session:
        office = session.exec(select(Office).where(Office.code == BOSTON)).one()
        session.add_all(
            JournalEntry(office_id=office.id, verb="decided", subject_kind="import_file") for _ in range(60)
        )
    first = client.get("/journal?verb=decided").text
    assert rows(first) == 50
    following = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert rows(client.get(following).text) == 10


def test_the_export_is_a_line_of_the_journal_and_runs_no_formula(sign_in: SignIn, database: Database) -> None:
    client = sign_in("attache", BOSTON)
    with database.writing() as session:
        a_line(session, BOSTON, "changed", changes={"=HYPERLINK(1)": "x", "kana": ["", "おおの"]})
    answer = client.post("/journal/export", data={"verb": "changed"})
    assert answer.headers["content-type"].startswith("text/csv")
    [headings, line] = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert headings[0] == "Time" and line[2] == "changed" and "おおの" not in line[5]
    assert line[5].startswith("'=") and "Reading in kana" in line[5]
    with database.reading() as session:
        taken = session.exec(select(JournalEntry).where(JournalEntry.subject_kind == "journal_entry")).one()
        assert (taken.verb, taken.changes) == ("exported", {"lines": 1})


def test_who_may_not_read_the_journal_may_not_export_it(sign_in: SignIn) -> None:
    for role in ("fellow", "local_staff"):
        client = sign_in(role, BOSTON)
        assert client.get("/journal").status_code == client.post("/journal/export").status_code == 403


def test_every_field_that_an_invitation_changes_has_words(sign_in: SignIn, database: Database) -> None:
    administrator = sign_in("administrator", "meguri")
    form = {"email": "n@example.org", "name": "N", "office_id": office_id(database, "meguri"), "role": "administrator"}
    assert administrator.post("/accounts", data={**form, "language": "ja", "since": "2026-04-01"}).status_code == 200
    with database.reading() as session:
        named = {name for line in session.exec(select(JournalEntry)) for name in line.changes or {}}
    assert named and named <= set(FIELDS)


def test_the_command_names_the_first_broken_day(tmp_path: Path) -> None:
    environ = {"CRM_DATA_DIR": str(tmp_path), "CRM_DATABASE_URL": f"sqlite:///{tmp_path / 'm.sqlite3'}"}

    def crm(*words: str) -> Result:
        return CliRunner().invoke(commands, words, env=environ)

    assert crm("migrate").exit_code == 0
    database = Database(environ["CRM_DATABASE_URL"])
    yesterday = now() - timedelta(days=2)
    with database.writing() as session:
        session.add(JournalEntry(verb="merged", subject_kind="person", created_at=yesterday))
    assert crm("worker", "--once").exit_code == 0
    kept = tmp_path / "kept.txt"
    kept.write_text(crm("journal", "seals").stdout)
    assert kept.read_text().startswith(yesterday.date().isoformat())
    whole = crm("journal", "verify", "--kept", str(kept), "--json")
    assert whole.exit_code == 0 and json.loads(whole.stdout)["lines"] == 1
    with database.writing() as session:
        session.exec(select(JournalEntry).where(JournalEntry.verb == "merged")).one().verb = "changed"
    command = [sys.executable, "-m", "crm", "journal", "verify"]
    broken = subprocess.run(command, env={**os.environ, **environ}, capture_output=True, text=True)
    assert broken.returncode == 1 and yesterday.date().isoformat() in broken.stdout
    (tmp_path / "wrong.txt").write_text("no seal at all")
    assert crm("journal", "verify", "--kept", str(tmp_path / "wrong.txt")).exit_code == 1
