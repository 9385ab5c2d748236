"""A backup is written, read into an empty place, and holds everything but the key."""

import os
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from alembic import command
from sqlalchemy import inspect, text
from sqlmodel import select
from typer.testing import CliRunner

from crm.accounts.models import JournalEntry
from crm.app import keeping
from crm.backup import BackupError, erase_again, read_archive, write_archive
from crm.core.db import Database
from crm.core.settings import Settings, read_settings
from crm.migrations import configuration, migrate
from crm.people.actions.erase import erase_person
from crm.people.models import Person, Tombstone
from crm.people.tombstones import tombstone_key
from crm.privacy.replaying import erasures, read_erasures
from crm.reference import load_reference
from tests.databases import administer, beside
from tests.factories.accounts import an_actor
from tests.factories.people import a_person

NewPlace = Callable[[], Settings]


@pytest.fixture(params=["sqlite", "postgresql"])
def new_place(request: pytest.FixtureRequest, tmp_path: Path) -> NewPlace:
    """The settings of a place where nothing is yet."""
    server = request.getfixturevalue("postgres_server") if request.param == "postgresql" else ""

    def made() -> Settings:
        name = f"backup_{uuid4().hex[:8]}"
        folder = tmp_path / name
        url = ""
        if server:
            administer(server, f"CREATE DATABASE {name}")
            url = beside(server, name)
        return read_settings({"CRM_DATA_DIR": str(folder), **({"CRM_DATABASE_URL": url} if url else {})})

    return made


@pytest.fixture
def filled(new_place: NewPlace) -> Settings:
    settings = new_place()
    settings.data_dir.mkdir(parents=True)
    assert settings.secret_key
    (settings.data_dir / "imports").mkdir()
    (settings.data_dir / "imports" / "list").write_bytes(b"a kept list \x00\xff")
    migrate(settings.database_url)
    database = Database(settings.database_url)
    with database.writing() as session:
        load_reference(session)
        a_person(session, an_actor(session), full_name="髙瀬 \\N\tMari\n")
    database.engine.dispose()
    return settings


def rows_of(settings: Settings) -> dict[str, list[str]]:
    database = Database(settings.database_url)
    with database.reading() as session:
        tables = sorted(set(inspect(database.engine).get_table_names()))
        found = {
            table: sorted(str(tuple(row)) for row in session.execute(text(f'select * from "{table}"')))
            for table in tables
        }
    database.engine.dispose()
    return found


def test_what_was_backed_up_comes_back_whole(filled: Settings, new_place: NewPlace, tmp_path: Path) -> None:
    archive = tmp_path / "meguri.zip"
    write_archive(filled, archive)
    there = new_place()
    read_archive(there, archive)
    assert rows_of(there) == rows_of(filled)
    assert (there.data_dir / "imports" / "list").read_bytes() == b"a kept list \x00\xff"
    assert not (there.data_dir / "secret.key").exists()
    assert not any("secret" in name for name in zipfile.ZipFile(archive).namelist())
    database = Database(there.database_url)
    with database.writing() as session:
        assert session.exec(select(Person.full_name)).one().startswith("髙瀬")
        assert session.exec(select(JournalEntry).where(JournalEntry.verb == "backed_up")).one()
        a_person(session, an_actor(session), full_name="Somebody New")
    database.engine.dispose()


def test_an_older_backup_fits_a_newer_program(new_place: NewPlace, tmp_path: Path) -> None:
    old = new_place()
    old.data_dir.mkdir(parents=True)
    command.upgrade(configuration(old.database_url), "0006")
    archive = tmp_path / "old.zip"
    write_archive(old, archive)
    there = new_place()
    read_archive(there, archive)
    database = Database(there.database_url)
    assert inspect(database.engine).has_table("people_export")
    database.engine.dispose()


def test_a_place_in_use_and_a_broken_archive_are_refused(filled: Settings, new_place: NewPlace, tmp_path: Path) -> None:
    archive = tmp_path / "meguri.zip"
    write_archive(filled, archive)
    with pytest.raises(BackupError, match="there already"):
        write_archive(filled, archive)
    before = rows_of(filled)
    with pytest.raises(BackupError, match="data already"):
        read_archive(filled, archive)
    assert rows_of(filled) == before
    broken = tmp_path / "broken.zip"
    broken.write_bytes(archive.read_bytes()[:-200])
    (tmp_path / "text.zip").write_text("no archive")
    for path in (broken, tmp_path / "text.zip", tmp_path / "missing.zip"):
        with pytest.raises(BackupError):
            read_archive(new_place(), path)
    other = "sqlite:///x.sqlite3" if "postgresql" in filled.database_url else "postgresql+psycopg://nowhere/x"
    with pytest.raises(BackupError, match="CRM_DATABASE_URL"):
        read_archive(replace(new_place(), database_url=other), archive)


def test_an_archive_is_for_its_owner_and_lies_outside_the_data(filled: Settings, tmp_path: Path) -> None:
    archive = tmp_path / "meguri.zip"
    write_archive(filled, archive)
    assert archive.stat().st_mode & 0o077 == 0
    with pytest.raises(BackupError, match="outside CRM_DATA_DIR"):
        write_archive(filled, filled.data_dir / "meguri.zip")


def test_an_archive_that_would_write_elsewhere_writes_nothing(
    filled: Settings, new_place: NewPlace, tmp_path: Path
) -> None:
    archive = tmp_path / "meguri.zip"
    write_archive(filled, archive)
    with zipfile.ZipFile(archive, "a") as changed:
        changed.writestr("files/../../stray", b"x")
    there = new_place()
    with pytest.raises(BackupError, match="outside"):
        read_archive(there, archive)
    assert not there.data_dir.exists() or not list(there.data_dir.iterdir())
    assert not (tmp_path / "stray").exists()


def test_the_commands_say_what_they_did(filled: Settings, new_place: NewPlace, tmp_path: Path) -> None:
    from crm.cli import app

    archive = str(tmp_path / "meguri.zip")
    there = new_place()
    for settings, name, words in ((filled, "backup", "secret key is not in it"), (there, "restore", "Restored as of")):
        env = {**os.environ, "CRM_DATA_DIR": str(settings.data_dir), "CRM_DATABASE_URL": settings.database_url}
        result = CliRunner().invoke(app, [name, archive], env=env)
        assert (result.exit_code, words in " ".join(result.output.split())) == (0, True), result.output
    env = {**os.environ, "CRM_DATA_DIR": str(there.data_dir), "CRM_DATABASE_URL": there.database_url}
    assert CliRunner().invoke(app, ["restore", archive], env=env).exit_code == 1


def test_who_was_erased_does_not_come_back_with_an_older_backup(
    filled: Settings, new_place: NewPlace, tmp_path: Path
) -> None:
    archive = tmp_path / "before.zip"
    write_archive(filled, archive)
    database = Database(filled.database_url)
    with database.writing() as session:
        actor, person = an_actor(session), session.exec(select(Person)).one()
        erase_person(session, actor, person, tombstone_key(filled), keeping().erasure)
    with database.reading() as session:
        told = list(erasures(session))
    database.engine.dispose()
    assert "Mari" not in "".join(one.line() for one in told)
    place = new_place()
    read_archive(place, archive)
    assert erase_again(place, read_erasures(one.line() for one in told)) == 1
    again = Database(place.database_url)
    with again.reading() as session:
        assert [person.full_name for person in session.exec(select(Person))] == [""]
        stones = {stone.digest for stone in session.exec(select(Tombstone))}
    again.engine.dispose()
    assert set(told[0].digests) <= stones
    assert erase_again(place, told) == 0


@pytest.mark.parametrize("text", ["nonsense", "{}", '{"office": "us-bos", "person": "x", "digests": []}'])
def test_a_list_of_erasures_that_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="not a list of erasures"):
        read_erasures([text])
