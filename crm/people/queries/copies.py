"""What is stored about one person, read off the schema: a new table is in the copy from the day it is made."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Table, or_, select
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Session

from crm.core.db import Base
from crm.people.pointing import of_office, tables_about_people
from crm.people.tracing import plain

Wanted = Callable[[Column[Any]], bool]
BY_LINK = frozenset({"name", "identity", "affiliation", "interest", "contact", "consent", "listing", "nomination"})
"""Kinds of data that people see by a personal link; notes and scores only go by the formal door."""


def by_link(column: Column[Any]) -> bool:
    return column.info.get("personal") in BY_LINK and not column.info.get("restricted")


def everything(column: Column[Any]) -> bool:
    return column.info.get("personal") is not None


def copy_of(session: Session, person_id: UUID, wanted: Wanted, office_id: UUID | None = None) -> dict[str, list[Any]]:
    """Table → rows of the wanted columns that say something. ``office_id``: its own rows, and what no office owns."""
    person = Base.metadata.tables["person"]
    found = {"person": list(_rows(session, person, wanted, person.c.id == person_id))}
    for table, columns in tables_about_people():
        about = or_(*(column == person_id for column in columns))
        own = _readable(table, office_id)
        rows = [*_rows(session, table, wanted, about, own), *_above(session, table, wanted, about, own)]
        if rows:
            found[table.name] = rows
    return found


def _readable(table: Table, office_id: UUID | None) -> ColumnElement[bool]:
    if office_id is None or not _has_owner(table):
        return table.c.id.is_not(None)
    own = of_office(table, office_id)
    return or_(own, table.c.office_id.is_(None)) if "office_id" in table.c else own


def _has_owner(table: Table) -> bool:
    owned = ("office_id" in table.c) or ("from_office_id" in table.c)
    return owned or any("office_id" in key.column.table.c for key in table.foreign_keys)


def _rows(session: Session, table: Table, wanted: Wanted, *where: ColumnElement[bool]) -> Iterator[dict[str, Any]]:
    columns = [column for column in table.columns if wanted(column)]
    if not columns:
        return
    for row in session.execute(select(*columns).where(*where).order_by(table.c.id)):
        said = {column.name: plain(value) for column, value in zip(columns, row, strict=True)}
        if any(said := {name: value for name, value in said.items() if value not in (None, "", [], {})}):
            yield said


def _above(session: Session, table: Table, wanted: Wanted, *where: ColumnElement[bool]) -> Iterator[dict[str, Any]]:
    """A row that only links somebody to something (who was at a meeting) brings that along."""
    if any(column.info.get("personal") for column in table.columns):
        return
    for key in table.foreign_keys:
        parent = key.column.table
        if parent.name not in ("person", "office", "user_account") and "office_id" in parent.c:
            linked = select(key.parent).where(*where)
            yield from _rows(session, parent, wanted, parent.c.id.in_(linked))
