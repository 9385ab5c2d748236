"""records that change hands."""

import sqlalchemy as sa
from alembic import op

revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('transfer',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('from_office_id', sa.Uuid(), nullable=False),
    sa.Column('to_office_id', sa.Uuid(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('offered_by', sa.Uuid(), nullable=True),
    sa.Column('answered_on', sa.Date(), nullable=True),
    sa.Column('answered_by', sa.Uuid(), nullable=True),
    sa.Column('accepted', sa.Boolean(), nullable=True),
    sa.Column('withdrawn_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['answered_by'], ['user_account.id'], name=op.f('fk_transfer_answered_by_user_account')),
    sa.ForeignKeyConstraint(['from_office_id'], ['office.id'], name=op.f('fk_transfer_from_office_id_office')),
    sa.ForeignKeyConstraint(['offered_by'], ['user_account.id'], name=op.f('fk_transfer_offered_by_user_account')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_transfer_person_id_person'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['to_office_id'], ['office.id'], name=op.f('fk_transfer_to_office_id_office')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_transfer'))
    )
    with op.batch_alter_table('transfer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_transfer_from_office_id'), ['from_office_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_transfer_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_transfer_to_office_id'), ['to_office_id'], unique=False)
        batch_op.create_index('uq_transfer_open', ['person_id', 'from_office_id'], unique=True, sqlite_where=sa.text('answered_on is null and withdrawn_on is null'), postgresql_where=sa.text('answered_on is null and withdrawn_on is null'))



def downgrade() -> None:
    with op.batch_alter_table('transfer', schema=None) as batch_op:
        batch_op.drop_index('uq_transfer_open', sqlite_where=sa.text('answered_on is null and withdrawn_on is null'), postgresql_where=sa.text('answered_on is null and withdrawn_on is null'))
        batch_op.drop_index(batch_op.f('ix_transfer_to_office_id'))
        batch_op.drop_index(batch_op.f('ix_transfer_person_id'))
        batch_op.drop_index(batch_op.f('ix_transfer_from_office_id'))

    op.drop_table('transfer')
