"""Column types and marks that every room shares."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, DateTime, Enum, Text, TypeDecorator, bindparam
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlmodel import Field
from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """A UUID of version 7: sorts by time of making."""
    return uuid7()


def now() -> datetime:
    return datetime.now(UTC)


IDS: Any = bindparam("ids", expanding=True)
"""A list of ids, left open in a statement that is made once: to build one costs more than to run it."""


class UTCDateTime(TypeDecorator[datetime]):
    """Aware in, aware out, UTC in between; a naive time is a fault."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A time without a zone cannot be stored.")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def choice(values: type[StrEnum], name: str | None = None) -> Any:
    """A column of one of an enum's values, stored as the lower-case word, checked by the database."""
    return Enum(
        values,
        native_enum=False,
        create_constraint=True,
        length=40,
        values_callable=lambda members: [member.value for member in members],
        name=name or values.__name__.lower(),
    )


def json_column() -> Any:
    return JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def text_column() -> Any:
    """Text without a length limit; PostgreSQL refuses NUL, forms remove it."""
    return Text()


def personal(kind: str, *, erase: str = "empty", restricted: bool = False, audience: str = "office") -> dict[str, Any]:
    """What a column with personal data says of itself, for copies, erasure, masking and the printed register.

    kind: identity, name, contact, affiliation, interest, consent, note, account …
    erase: ``empty`` the cell, delete the ``row``, or ``keep`` (with the law that says so).
    """
    return {"info": {"personal": kind, "erase": erase, "restricted": restricted, "audience": audience}}


IMPERSONAL: dict[str, Any] = {"info": {"personal": None}}
"""Mark of a column in a table about a person that holds nothing personal itself."""

PROVENANCE: dict[str, Any] = {"info": {"personal": None, "erase": "empty"}}
"""Mark of a column that says where the rest of the row is from: in no copy and no register, gone with the rest."""


def refers_to_person(**options: Any) -> Any:
    """A person's id below the floor of ``people/``: no foreign key, but merge and erasure find it by its mark."""
    return Field(default=None, index=True, sa_column_kwargs={"info": {"refers": "person"}}, **options)


class days_after(FunctionElement[datetime]):  # noqa: N801 (read as a function in SQL)
    """A stored moment and a number of days, as the database adds them."""

    name = "days_after"
    type = UTCDateTime()
    inherit_cache = True


@compiles(days_after, "sqlite")
def _days_after_on_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    moment, days = (compiler.process(clause, **options) for clause in element.clauses)
    return f"strftime('%Y-%m-%d %H:%M:%f', {moment}, {days} || ' days')"


@compiles(days_after, "postgresql")
def _days_after_on_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    moment, days = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{moment} + make_interval(days => {days})"
