"""Seals of the journal."""

import sqlalchemy as sa
from alembic import op

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('journal_seal',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('lines', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('sealed_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('day', name=op.f('pk_journal_seal'))
    )
    with op.batch_alter_table('journal_entry', schema=None) as batch_op:
        batch_op.add_column(sa.Column('sealed_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('payload_digest', sa.String(), nullable=True))
        batch_op.create_index('ix_journal_entry_sealed', ['sealed_on', 'id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('journal_entry', schema=None) as batch_op:
        batch_op.drop_index('ix_journal_entry_sealed')
        batch_op.drop_column('payload_digest')
        batch_op.drop_column('sealed_on')

    op.drop_table('journal_seal')
