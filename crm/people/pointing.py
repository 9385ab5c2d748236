"""Which columns, in whatever room, say that a row is about a person: foreign keys, and marks below the floor."""

from typing import Any

from sqlalchemy import Column, Table, exists, false, select
from sqlalchemy.sql.elements import ColumnElement

from crm.core.db import Base

KEPT_ANEW = frozenset({"search_key", "likely_pair"})
"""Tables that are made again from what is stored."""


def pointing(table: Table) -> list[Column[Any]]:
    keyed = [key.parent for key in table.foreign_keys if key.column.table.name == "person"]
    return [*keyed, *(column for column in table.columns if column.info.get("refers") == "person")]


def tables_about_people() -> list[tuple[Table, list[Column[Any]]]]:
    """In the order of their foreign keys; ``person`` and ``person_merge`` are not about people but of them."""
    apart = KEPT_ANEW | {"person", "person_merge"}
    found = ((table, pointing(table)) for table in Base.metadata.sorted_tables if table.name not in apart)
    return [(table, columns) for table, columns in found if columns]


def of_office(table: Table, office_id: Any) -> ColumnElement[bool]:
    """Rows that are an office's own: they say so, or what they hang on does. A share is its giver's."""
    for name in ("office_id", "from_office_id"):
        if name in table.c:
            own: ColumnElement[bool] = table.c[name] == office_id
            return own
    for key in table.foreign_keys:
        parent = key.column.table
        if parent.name != "person" and "office_id" in parent.c:
            above = select(parent.c.id).where(parent.c.id == key.parent, parent.c.office_id == office_id)
            return exists(above.correlate(table))
    return false()
