"""A number that rises with each change of what is public, whoever makes it and how: kept answers hang on it.

Triggers raise it in the transaction of the change itself. A time stamp would not do: on PostgreSQL an earlier one may
be committed later, and a deleted row has none.
"""

from sqlalchemy import BigInteger, Connection, Table, event, inspect
from sqlmodel import Field

from crm.core.db import Base
from crm.listings.models.listings import Snapshot
from crm.listings.models.settings import ListingSettings

_WATCHED = {
    "listing_snapshot": ("insert", "update", "delete"),
    "listing": ("update of confirm_by",),
    "listing_settings": ("insert", "update"),
}
_RAISE = "update public_version set number = number + 1"


class PublicVersion(Base, table=True):
    """One row."""

    __tablename__ = "public_version"
    id: int = Field(primary_key=True)
    number: int = Field(default=1, sa_type=BigInteger)


def watch(connection: Connection) -> None:
    """Make the row and the triggers, if they are missing: rebuilding a table on SQLite loses its triggers."""
    tables = set(inspect(connection).get_table_names())
    if not tables >= {"public_version", *_WATCHED}:
        return
    connection.exec_driver_sql("insert into public_version (id, number) values (1, 1) on conflict do nothing")
    statements = _sqlite() if connection.dialect.name == "sqlite" else _postgresql()
    for statement in statements:
        connection.exec_driver_sql(statement)


def _sqlite() -> list[str]:
    return [
        f"create trigger if not exists {table}_{deed.split()[0]}_is_public after {deed} on {table} begin {_RAISE}; end"
        for table, deeds in _WATCHED.items()
        for deed in deeds
    ]


def _postgresql() -> list[str]:
    """Deferred to the commit, so that two who publish wait for each other only there and never for ever."""
    body = f"begin {_RAISE}; return null; end"
    statements = [f"create or replace function raise_public_version() returns trigger language plpgsql as $$ {body} $$"]
    for table, deeds in _WATCHED.items():
        name = f"{table}_is_public"
        statements += [
            f"drop trigger if exists {name} on {table}",
            f"create constraint trigger {name} after {' or '.join(deeds)} on {table} "
            "deferrable initially deferred for each row execute function raise_public_version()",
        ]
    return statements


def _watch_new(_target: Table, connection: Connection, **_: object) -> None:
    watch(connection)


for _table in (Snapshot.__table__, ListingSettings.__table__, PublicVersion.__table__):  # type: ignore[attr-defined]
    event.listen(_table, "after_create", _watch_new)
