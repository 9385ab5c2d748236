"""the words of contacts."""

import sqlalchemy as sa
from alembic import op

from crm.core.search import fold

revision = '0039'
down_revision = '0038'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('interaction', schema=None) as batch_op:
        batch_op.add_column(sa.Column('words', sa.Text(), server_default='', nullable=False))
        batch_op.create_index('ix_interaction_given', ['at', 'id'], unique=False, sqlite_where=sa.text("audience <> 'office'"), postgresql_where=sa.text("audience <> 'office'"))
    write_words(op.get_bind())


def write_words(connection: sa.Connection) -> None:
    """As ``crm.interactions.models.words_of`` makes them, a thousand rows at a time."""
    contacts = sa.table("interaction", sa.column("id"), sa.column("text"), sa.column("place"), sa.column("words"))
    rows = connection.execute(sa.select(contacts.c.id, contacts.c.text, contacts.c.place)).fetchall()
    change = sa.update(contacts).where(contacts.c.id == sa.bindparam("row")).values(words=sa.bindparam("said"))
    for start in range(0, len(rows), 1000):
        some = rows[start : start + 1000]
        connection.execute(change, [{"row": id, "said": fold(f"{text}\n{place or ''}")} for id, text, place in some])


def downgrade() -> None:
    with op.batch_alter_table('interaction', schema=None) as batch_op:
        batch_op.drop_index('ix_interaction_given', sqlite_where=sa.text("audience <> 'office'"), postgresql_where=sa.text("audience <> 'office'"))
        batch_op.drop_column('words')

