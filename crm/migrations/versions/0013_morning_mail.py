"""Morning mail."""

import sqlalchemy as sa
from alembic import op

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('daily_summary',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('office_id', sa.Uuid(), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['office_id'], ['office.id'], name=op.f('fk_daily_summary_office_id_office')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_daily_summary_user_id_user_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_daily_summary'))
    )
    with op.batch_alter_table('daily_summary', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_daily_summary_user_id'), ['user_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('daily_summary', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_daily_summary_user_id'))

    op.drop_table('daily_summary')
