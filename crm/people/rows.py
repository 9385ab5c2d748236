"""Many rows at once, without an object for each."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection
from sqlmodel import Session, SQLModel

Columns = Mapping[str, Sequence[Any]]


def insert_rows(session: Session, model: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> None:
    """Every row names the same columns."""
    if rows:
        insert_columns(session, model, _columns(rows))


def insert_columns(session: Session, model: type[SQLModel], columns: Columns) -> None:
    """Rows given column by column: of a hundred thousand keys no row is ever made."""
    if any(columns.values()):
        _write(session.connection(), model, insert(model.__table__), columns)  # type: ignore[attr-defined]


def insert_missing(session: Session, model: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> None:
    """As ``insert_rows``, but a row that is there already stays as it is."""
    if rows:
        dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
        statement = dialect.insert(model.__table__).on_conflict_do_nothing()  # type: ignore[attr-defined]
        _write(session.connection(), model, statement, _columns(rows))


def _columns(rows: Sequence[Mapping[str, Any]]) -> Columns:
    return {name: [row[name] for row in rows] for name in rows[0]}


def _write(connection: Connection, model: type[SQLModel], statement: Any, columns: Columns) -> None:
    """Past the ORM and SQLAlchemy's dictionaries, which cost more than the database does; its types still speak."""
    compiled = statement.compile(dialect=connection.dialect, column_keys=tuple(columns))
    order = compiled.positiontup or tuple(columns)
    written = [_written(model.__table__.c[name].type, columns[name], connection) for name in order]  # type: ignore[attr-defined]
    lines: Any = zip(*written, strict=True)
    if not compiled.positiontup:
        lines = (dict(zip(order, line, strict=True)) for line in lines)
    connection.exec_driver_sql(str(compiled), list(lines))


def _written(kind: Any, values: Sequence[Any], connection: Connection) -> Sequence[Any]:
    """As the driver takes them. A value that comes again and again, such as the office, is made fit once."""
    write = kind.dialect_impl(connection.dialect).bind_processor(connection.dialect)
    if not write:
        return values
    fit, last, done = [], write, None
    for value in values:
        if value is not last:
            last, done = value, write(value)
        fit.append(done)
    return fit
