"""Many rows at once, without an object for each."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Uuid, insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlmodel import Session, SQLModel


def insert_rows(session: Session, model: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> None:
    """Every row names the same columns."""
    if rows:
        _write(session, model, insert(model.__table__), rows)  # type: ignore[attr-defined]


def insert_missing(session: Session, model: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> None:
    """As ``insert_rows``, but a row that is there already stays as it is."""
    if rows:
        dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
        _write(session, model, dialect.insert(model.__table__).on_conflict_do_nothing(), rows)  # type: ignore[attr-defined]


def _write(session: Session, model: type[SQLModel], statement: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """Past the ORM and SQLAlchemy's dictionaries, which cost more than the database does; its types still speak."""
    connection = session.connection()
    names = tuple(rows[0])
    compiled = statement.compile(dialect=connection.dialect, column_keys=names)
    order = compiled.positiontup or names
    writers = [_writer(model.__table__.c[name].type, connection.dialect) for name in order]  # type: ignore[attr-defined]
    columns = [
        [write(row[name]) for row in rows] if write else [row[name] for row in rows]
        for name, write in zip(order, writers, strict=True)
    ]
    lines: Any = zip(*columns, strict=True)
    if not compiled.positiontup:
        lines = (dict(zip(order, line, strict=True)) for line in lines)
    connection.exec_driver_sql(str(compiled), list(lines))


def _writer(kind: Any, dialect: Dialect) -> Any:
    """What makes a value fit for the driver; None where it is already. The same few offices come again and again."""
    write = kind.dialect_impl(dialect).bind_processor(dialect)
    return cache(write) if write and isinstance(kind, Uuid) else write
