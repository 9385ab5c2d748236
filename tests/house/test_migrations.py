"""Migrations make what the models say, on both databases, and can be taken back."""

from typing import Any

from alembic import command
from sqlalchemy import CheckConstraint, inspect

from crm.core.db import Base, Database
from crm.migrations import configuration, import_tables, migrate
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


def test_every_table_is_known_to_the_migrations() -> None:
    import_tables()
    written = sum(path.read_text("utf-8").count(", table=True)") for path in SOURCES)
    assert len(Base.metadata.tables) == written
