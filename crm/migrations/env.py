"""Run by Alembic: opens the database and runs the migrations in one transaction."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import JSON, Connection
from sqlmodel.sql.sqltypes import AutoString

from crm.core.columns import UTCDateTime
from crm.core.db import Base, make_engine
from crm.listings.models.version import watch
from crm.migrations import import_tables


def render_item(kind: str, item: Any, writing: AutogenContext) -> str | Literal[False]:
    """Migrations outlive our column types, so they name only SQLAlchemy's."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, AutoString):
        return f"sa.String({item.length or ''})"
    if kind == "type" and isinstance(item, JSON):
        writing.imports.add("from sqlalchemy.dialects import postgresql")
        return "sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql')"
    return False


def run() -> None:
    import_tables()
    engine = make_engine(context.config.get_main_option("sqlalchemy.url") or "")
    with engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            set_foreign_keys(connection, on=False)
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            render_item=render_item,
            compare_type=True,
            transaction_per_migration=False,
        )
        with context.begin_transaction():
            context.run_migrations()
            watch(connection)
        connection.commit()
        if sqlite:
            refuse_orphans(connection)
            set_foreign_keys(connection, on=True)
    engine.dispose()


def set_foreign_keys(connection: Connection, on: bool) -> None:
    """SQLite rebuilds a table to change it; with foreign keys on, dropping the old one deletes its children."""
    raw = connection.connection.driver_connection
    if raw is not None:
        raw.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")


def refuse_orphans(connection: Connection) -> None:
    if orphans := connection.exec_driver_sql("PRAGMA foreign_key_check").all():
        raise RuntimeError(f"This migration left {len(orphans)} rows without their parent: {orphans[:5]}")


run()
