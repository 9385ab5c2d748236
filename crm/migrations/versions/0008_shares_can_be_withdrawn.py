"""Shares can be withdrawn."""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('share', schema=None) as batch_op:
        batch_op.add_column(sa.Column('given_by', sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_share_given_by_user_account'), 'user_account', ['given_by'], ['id'])



def downgrade() -> None:
    with op.batch_alter_table('share', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_share_given_by_user_account'), type_='foreignkey')
        batch_op.drop_column('withdrawn_at')
        batch_op.drop_column('given_by')

