"""Likely pairs."""

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('likely_pair',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('office_id', sa.Uuid(), nullable=False),
    sa.Column('first_id', sa.Uuid(), nullable=False),
    sa.Column('second_id', sa.Uuid(), nullable=False),
    sa.Column('score', sa.Float(), nullable=False),
    sa.Column('apart_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('apart_by', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['apart_by'], ['user_account.id'], name=op.f('fk_likely_pair_apart_by_user_account')),
    sa.ForeignKeyConstraint(['first_id'], ['person.id'], name=op.f('fk_likely_pair_first_id_person'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['office_id'], ['office.id'], name=op.f('fk_likely_pair_office_id_office')),
    sa.ForeignKeyConstraint(['second_id'], ['person.id'], name=op.f('fk_likely_pair_second_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_likely_pair')),
    sa.UniqueConstraint('office_id', 'first_id', 'second_id', name=op.f('uq_likely_pair_office_id_first_id_second_id'))
    )
    with op.batch_alter_table('likely_pair', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_likely_pair_first_id'), ['first_id'], unique=False)
        batch_op.create_index('ix_likely_pair_score', ['office_id', 'score', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_likely_pair_second_id'), ['second_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('likely_pair', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_likely_pair_second_id'))
        batch_op.drop_index('ix_likely_pair_score')
        batch_op.drop_index(batch_op.f('ix_likely_pair_first_id'))

    op.drop_table('likely_pair')
