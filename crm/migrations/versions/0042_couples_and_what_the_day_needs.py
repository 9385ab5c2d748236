"""couples, who was online, escorts, what the guards want to know."""

import sqlalchemy as sa
from alembic import op

revision = '0042'
down_revision = '0041'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.add_column(sa.Column('asks_pass', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('online_noted_at', sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table('guest', schema=None) as batch_op:
        batch_op.add_column(sa.Column('escort', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('joined_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index('ix_guest_new', ['event_id', 'created_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_guest_email'), ['email'], unique=False)
        batch_op.drop_index('ix_guest_counted')
        batch_op.create_index('ix_guest_counted', ['event_id', 'reply', 'waiting_since', 'offered_until', 'invited_at', 'places', 'joined_at'], unique=False)

    with op.batch_alter_table('guest_companion', schema=None) as batch_op:
        batch_op.add_column(sa.Column('invited', sa.Boolean(), server_default=sa.false(), nullable=False))



def downgrade() -> None:
    with op.batch_alter_table('guest_companion', schema=None) as batch_op:
        batch_op.drop_column('invited')

    with op.batch_alter_table('guest', schema=None) as batch_op:
        batch_op.drop_index('ix_guest_counted')
        batch_op.create_index('ix_guest_counted', ['event_id', 'reply', 'waiting_since', 'offered_until', 'invited_at', 'places'], unique=False)
        batch_op.drop_index(batch_op.f('ix_guest_email'))
        batch_op.drop_index('ix_guest_new')
        batch_op.drop_column('joined_at')
        batch_op.drop_column('escort')

    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.drop_column('online_noted_at')
        batch_op.drop_column('asks_pass')

