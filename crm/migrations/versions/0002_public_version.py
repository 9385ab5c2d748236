"""A number that rises with each change of what is public

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

WATCHED = {"listing_snapshot": ("insert", "update", "delete"), "listing": ("update",)}


def upgrade() -> None:
    """The triggers are made after every run of migrations, see ``crm.listings.models.version.watch``."""
    op.create_table(
        "public_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_version")),
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table, deeds in WATCHED.items():
            for deed in deeds:
                op.execute(f"drop trigger if exists {table}_{deed}_is_public")
    else:
        op.execute("drop function if exists raise_public_version cascade")
    op.drop_table("public_version")
