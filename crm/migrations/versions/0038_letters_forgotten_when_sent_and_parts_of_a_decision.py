"""Letters that are forgotten once sent; the parts of a decision that grants in part."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0038'
down_revision = '0037'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('outbox_letter', schema=None) as batch_op:
        batch_op.add_column(sa.Column('forget_when_sent', sa.Boolean(), nullable=False, server_default=sa.false()))

    with op.batch_alter_table('rights_request', schema=None) as batch_op:
        batch_op.add_column(sa.Column('parts', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False, server_default='[]'))


def downgrade() -> None:
    with op.batch_alter_table('rights_request', schema=None) as batch_op:
        batch_op.drop_column('parts')

    with op.batch_alter_table('outbox_letter', schema=None) as batch_op:
        batch_op.drop_column('forget_when_sent')
