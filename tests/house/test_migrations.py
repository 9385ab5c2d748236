"""Migrations make what the models say, on both databases, and can be taken back."""

from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, func, inspect
from sqlmodel import col, select

from crm.core.db import Base, Database
from crm.core.settings import read_settings
from crm.demo.commands import load_demo
from crm.events.models import Guest
from crm.migrations import configuration, import_tables, migrate
from crm.people.models import Person
from crm.reference import load_reference
from tests.house.source import SOURCES


def checks_of(database: Database) -> set[str]:
    names: set[str] = set()
    inspector = inspect(database.engine)
    for table in inspector.get_table_names():
        names |= {str(check["name"]) for check in inspector.get_check_constraints(table)}
    return names


def checks_wanted() -> set[str]:
    tables = Base.metadata.sorted_tables
    named: list[Any] = [check for table in tables for check in table.constraints if isinstance(check, CheckConstraint)]
    return {f"ck_{check.table.name}_{str(check.name).removeprefix(f'ck_{check.table.name}_')}" for check in named}


def test_migrations_make_what_the_models_say(empty_url: str) -> None:
    migrate(empty_url)
    command.check(configuration(empty_url))
    database = Database(empty_url)
    assert checks_of(database) == checks_wanted()
    database.engine.dispose()


def test_migrating_twice_changes_nothing(empty_url: str) -> None:
    migrate(empty_url)
    migrate(empty_url)


def test_migrations_can_be_taken_back(empty_url: str) -> None:
    migrate(empty_url)
    command.downgrade(configuration(empty_url), "base")
    database = Database(empty_url)
    assert inspect(database.engine).get_table_names() == ["alembic_version"]
    database.engine.dispose()
    migrate(empty_url)


@pytest.mark.long
def test_every_step_takes_rows_along(tmp_path: Path) -> None:
    """On SQLite, which copies a table to change it; a column that no row can fill fails on PostgreSQL alike."""
    settings = read_settings({"CRM_DATA_DIR": str(tmp_path)})
    steps = configuration(settings.database_url)
    migrate(settings.database_url)
    database = Database(settings.database_url)
    with database.writing() as session:
        load_reference(session)
    load_demo(database, settings)
    before = people_and_guests(database)
    for step in ScriptDirectory.from_config(steps).walk_revisions():
        if step.down_revision:
            command.downgrade(steps, str(step.down_revision))
            command.upgrade(steps, step.revision)
            command.downgrade(steps, str(step.down_revision))
    migrate(settings.database_url)
    after = people_and_guests(database)
    assert after[0] == before[0] > 0 < before[1]
    assert after[1] == 0  # the way back takes events with it


def people_and_guests(database: Database) -> tuple[int, int]:
    with database.reading() as session:
        people, guests = (session.exec(select(func.count(col(model.id)))).one() for model in (Person, Guest))
    database.engine.dispose()
    return people, guests


def test_every_table_is_known_to_the_migrations() -> None:
    import_tables()
    written = sum(path.read_text("utf-8").count(", table=True)") for path in SOURCES)
    assert len(Base.metadata.tables) == written
