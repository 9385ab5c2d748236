"""badges, desks and second thoughts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0034'
down_revision = '0033'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('check_in_undone',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('event_id', sa.Uuid(), nullable=False),
    sa.Column('guest_id', sa.Uuid(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('door', sa.String(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_check_in_undone_event_id_event'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['guest_id'], ['guest.id'], name=op.f('fk_check_in_undone_guest_id_guest'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_check_in_undone_user_id_user_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_check_in_undone')),
    sa.UniqueConstraint('guest_id', 'place', 'at', name=op.f('uq_check_in_undone_guest_id_place_at'))
    )
    with op.batch_alter_table('check_in_undone', schema=None) as batch_op:
        batch_op.create_index('ix_check_in_undone_event', ['event_id'], unique=False)

    with op.batch_alter_table('check_in', schema=None) as batch_op:
        batch_op.add_column(sa.Column('again_at', sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.add_column(sa.Column('desks', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False, server_default='[]'))

    with op.batch_alter_table('guest', schema=None) as batch_op:
        batch_op.add_column(sa.Column('badge', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False, server_default='{}'))
        batch_op.add_column(sa.Column('country', sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('guest', schema=None) as batch_op:
        batch_op.drop_column('country')
        batch_op.drop_column('badge')

    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.drop_column('desks')

    with op.batch_alter_table('check_in', schema=None) as batch_op:
        batch_op.drop_column('again_at')

    with op.batch_alter_table('check_in_undone', schema=None) as batch_op:
        batch_op.drop_index('ix_check_in_undone_event')

    op.drop_table('check_in_undone')
