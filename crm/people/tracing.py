"""Changing rows so that each change can be taken back: what was touched is written down as plain values."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Date, Table, Uuid, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from crm.core.columns import UTCDateTime
from crm.core.db import Base
from crm.people.queries.known import chunks


class Trace:
    """``changes`` are {table, id, column, old, new}; ``dropped`` are {table, row}."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.changes: list[dict[str, Any]] = []
        self.dropped: list[dict[str, Any]] = []

    def set(self, column: Column[Any], ids: Sequence[UUID], old: Any, new: Any) -> None:
        """All these rows had the old value."""
        table = column.table
        for some in chunks(ids):
            self.session.execute(update(table).where(table.c.id.in_(some)).values({column.name: new}))
        said = {"table": table.name, "column": column.name, "old": plain(old), "new": plain(new)}
        self.changes += [{**said, "id": str(id)} for id in ids]

    def drop(self, table: Table, rows: Sequence[Any]) -> None:
        for some in chunks([row.id for row in rows]):
            self.session.execute(table.delete().where(table.c.id.in_(some)))
        for row in rows:
            values = {name: plain(value) for name, value in row._mapping.items()}
            self.dropped.append({"table": table.name, "row": values})


def put_back(session: Session, changes: Sequence[dict[str, Any]], same: Iterable[UUID]) -> list[str]:
    """The last change first. Returns the tables of rows that somebody has changed or removed since: they stay.

    ``same``: ids that mean the same as a change's new value, where what it points to has moved on.
    """
    left, likewise = [], [str(id) for id in same]
    for change in reversed(changes):
        table = Base.metadata.tables[change["table"]]
        column, id = table.c[change["column"]], UUID(change["id"])
        found = session.execute(select(column).where(table.c.id == id)).first()
        now = plain(found[0]) if found else None
        moved_on = now in likewise and change["new"] in likewise
        if found is None or (now != change["new"] and not moved_on):
            left.append(table.name)
            continue
        try:
            with session.begin_nested():
                session.execute(
                    update(table).where(table.c.id == id).values({column.name: revive(column, change["old"])})
                )
        except IntegrityError:
            left.append(table.name)
    return left


def bring_back(session: Session, dropped: Sequence[dict[str, Any]]) -> list[str]:
    """Returns the tables of rows that can be no longer."""
    left = []
    for each in reversed(dropped):
        table = Base.metadata.tables[each["table"]]
        values = {name: revive(table.c[name], value) for name, value in each["row"].items()}
        try:
            with session.begin_nested():
                session.execute(insert(table).values(values))
        except IntegrityError:
            left.append(table.name)
    return left


def plain(value: Any) -> Any:
    """As JSON has it."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, UUID | date | datetime):
        return str(value)
    return value


def revive(column: Column[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(column.type, Uuid):
        return UUID(value)
    if isinstance(column.type, UTCDateTime):
        return datetime.fromisoformat(value)
    if isinstance(column.type, Date):
        return date.fromisoformat(value)
    return value
