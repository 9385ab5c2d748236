"""Proposals by the office's own people."""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:

    with op.batch_alter_table('nomination', schema=None) as batch_op:
        batch_op.add_column(sa.Column('proposed_by', sa.Uuid(), nullable=True))
        batch_op.create_index(batch_op.f('ix_nomination_proposed_by'), ['proposed_by'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_nomination_proposed_by_user_account'), 'user_account', ['proposed_by'], ['id'])




def downgrade() -> None:

    with op.batch_alter_table('nomination', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_nomination_proposed_by_user_account'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_nomination_proposed_by'))
        batch_op.drop_column('proposed_by')


