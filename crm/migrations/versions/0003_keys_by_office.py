"""Search keys belong to the office that searches; a holding knows its place in the office's list

Revision ID: 0003
Revises: 0002
"""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

KEY = sa.String().with_variant(sa.String(collation="C"), "postgresql")
OPEN = sa.text("until is null")
SHARED = UUID(int=0)
PLACE = """
update holding set
  sort_key = (select sort_key from person where person.id = holding.person_id),
  place_key = coalesce((select min(institution) from affiliation a where a.person_id = holding.person_id and a.until is null), '')
"""
BEFORE = sa.table("search_key_before", sa.column("key"), sa.column("person_id"), sa.column("office_id", sa.Uuid()))
MADE = sa.table("search_key", sa.column("key"), sa.column("person_id"), sa.column("office_id", sa.Uuid()))
HOLDING = sa.table("holding", sa.column("person_id"), sa.column("office_id", sa.Uuid()), sa.column("until"))
SHARE = sa.table("share", sa.column("person_id"), sa.column("to_office_id", sa.Uuid()))


def upgrade() -> None:
    with op.batch_alter_table("holding") as batch_op:
        batch_op.add_column(sa.Column("sort_key", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("place_key", sa.String(), nullable=False, server_default=""))
    op.execute(PLACE)
    with op.batch_alter_table("holding") as batch_op:
        for column in ("sort_key", "place_key"):
            batch_op.alter_column(column, existing_type=sa.String(), existing_nullable=False, server_default=None)
        for name, column in (("ix_holding_name", "sort_key"), ("ix_holding_place", "place_key")):
            columns = ["office_id", column, "person_id"]
            batch_op.create_index(name, columns, sqlite_where=OPEN, postgresql_where=OPEN)
    set_keys_aside()
    make_table(["office_id", "key", "person_id"], ["person_id", "office_id", "key"])
    who = sa.union(
        sa.select(HOLDING.c.person_id, HOLDING.c.office_id).where(HOLDING.c.until.is_(None)),
        sa.select(SHARE.c.person_id, SHARE.c.to_office_id),
    ).subquery()
    found_by = sa.or_(BEFORE.c.office_id == SHARED, BEFORE.c.office_id == who.c.office_id)
    keys = sa.select(who.c.office_id, BEFORE.c.key, BEFORE.c.person_id).distinct()
    fill(keys.select_from(BEFORE.join(who, sa.and_(who.c.person_id == BEFORE.c.person_id, found_by))))


def downgrade() -> None:
    """Each office's keys stay its own: more rows than before, and every one right."""
    set_keys_aside()
    make_table(["key", "person_id", "office_id"], ["person_id"])
    fill(sa.select(BEFORE.c.office_id, BEFORE.c.key, BEFORE.c.person_id))
    with op.batch_alter_table("holding") as batch_op:
        batch_op.drop_index("ix_holding_name")
        batch_op.drop_index("ix_holding_place")
        batch_op.drop_column("sort_key")
        batch_op.drop_column("place_key")


def set_keys_aside() -> None:
    op.execute("create table search_key_before as select * from search_key")
    op.drop_table("search_key")


def make_table(key: list[str], by_person: list[str]) -> None:
    op.create_table(
        "search_key",
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("key", KEY, nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        *([sa.ForeignKeyConstraint(["office_id"], ["office.id"], name="fk_search_key_office_id_office")]
          if key[0] == "office_id" else []),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_search_key_person_id_person", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(*key, name="pk_search_key"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_search_key_person_id", "search_key", by_person)


def fill(keys: sa.Select[Any]) -> None:
    op.execute(MADE.insert().from_select(["office_id", "key", "person_id"], keys))
    op.drop_table("search_key_before")
