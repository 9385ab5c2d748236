"""The schema speaks: a column that can hold personal data says so, so that copies and erasure find it."""

from uuid import UUID

from sqlalchemy import Boolean, Column, Table, Uuid

from crm.core.columns import UTCDateTime
from crm.core.db import Base
from crm.migrations import import_tables
from tests.house.source import nothing

import_tables()
ABOUT_PEOPLE = {"person", "user_account"}


def is_about_a_person(table: Table) -> bool:
    if table.name in ABOUT_PEOPLE:
        return True
    return any(
        column.info.get("refers") == "person" or any(key.column.table.name == "person" for key in column.foreign_keys)
        for column in table.columns
    )


def may_be_silent(column: Column[object]) -> bool:
    """Keys, times and yes-or-no say nothing by themselves."""
    return (
        column.primary_key
        or bool(column.foreign_keys)
        or isinstance(column.type, UTCDateTime | Uuid | Boolean)
        or column.type.python_type is UUID
    )


def test_columns_about_people_say_what_they_hold() -> None:
    about = [table for table in Base.metadata.sorted_tables if is_about_a_person(table)]
    assert len(about) > 3
    silent = [
        f"{table.name}.{column.name}"
        for table in about
        for column in table.columns
        if not may_be_silent(column) and "personal" not in column.info and "refers" not in column.info
    ]
    nothing(silent)
