"""``crm import pi-list``: what it prints, what it writes, what it refuses."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select
from typer.testing import CliRunner, Result

from crm.core.db import Database
from crm.core.i18n import speaking
from crm.core.settings import Settings
from crm.imports.commands import app
from crm.imports.models import ImportFile, ImportRow
from crm.people.models import Person
from tests.factories.accounts import an_office
from tests.imports.test_reading_bad_files import BAD, REFUSED

pytestmark = pytest.mark.both
BOSTON = BAD.parent / "samples" / "boston.html"
FIELDS = [
    "full_name", "family", "given", "kanji", "kana", "title", "institution", "unit", "city", "country",
    "research_fields", "email", "links",
]  # fmt: skip


@pytest.fixture(autouse=True)
def machine(settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("CRM_DATABASE_URL", settings.database_url)
    with database.writing() as session:
        an_office(session)


def run(path: Path, *options: str) -> Result:
    with speaking("en"):
        return CliRunner().invoke(app, ["pi-list", str(path), "--office", "us-bos", *options])


def stored(database: Database) -> tuple[int, int, int]:
    with database.reading() as session:
        return count(session, Person), count(session, ImportFile), count(session, ImportRow)


def count(session: Session, model: Any) -> int:
    return len(list(session.exec(select(model))))


def test_a_dry_run_says_the_same_as_the_real_run_and_writes_nothing(database: Database, settings: Settings) -> None:
    dry = json.loads(run(BOSTON, "--dry-run", "--json").stdout)
    assert stored(database) == (0, 0, 0)
    assert not (settings.data_dir / "imports").exists()
    real = json.loads(run(BOSTON, "--json").stdout)
    assert list(dry) == list(real) == ["file", "encoding", "rows", "counts"]
    assert real["counts"] == dry["counts"] == {"new": 14, "same": 0, "perhaps": 0, "unreadable": 0}
    assert all(row.pop("person_id") is None for row in dry["rows"])
    assert all(row.pop("person_id") for row in real["rows"])
    assert real == dry
    assert list(dry["rows"][0]) == ["row", "outcome", "reason", "fields", "original"]
    assert list(dry["rows"][0]["fields"]) == FIELDS
    assert stored(database) == (14, 1, 14)


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_file_gets_a_clear_sentence_and_stores_nothing(name: str, database: Database) -> None:
    result = run(BAD / name)
    assert result.exit_code == 1
    assert result.stderr.strip().endswith(".")
    assert result.stdout == ""
    assert stored(database) == (0, 0, 0)


def test_doubtful_files_keep_every_row(database: Database) -> None:
    odd = json.loads(run(BAD / "odd-names.csv", "--json").stdout)
    assert odd["counts"]["new"] == 7
    nul = json.loads(run(BAD / "nul-bytes.csv", "--json").stdout)
    assert nul["counts"]["unreadable"] == 0
    nameless = json.loads(run(BAD / "no-name-and-unknown-place.csv", "--json").stdout)
    assert [row["reason"] == "This row has no name." for row in nameless["rows"]] == [True, False]


def test_an_unknown_office_or_file_is_refused(tmp_path: Path) -> None:
    with speaking("en"):
        result = CliRunner().invoke(app, ["pi-list", str(BOSTON), "--office", "atlantis"])
    assert (result.exit_code, "no office" in result.stderr) == (1, True)
    assert run(tmp_path / "missing.csv").exit_code == 1
