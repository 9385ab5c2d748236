"""how long it is kept."""

import sqlalchemy as sa
from alembic import op

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('legal_hold',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('office_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('ordered_by', sa.Uuid(), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['office_id'], ['office.id'], name=op.f('fk_legal_hold_office_id_office')),
    sa.ForeignKeyConstraint(['ordered_by'], ['user_account.id'], name=op.f('fk_legal_hold_ordered_by_user_account')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_legal_hold_person_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_legal_hold'))
    )
    with op.batch_alter_table('legal_hold', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_legal_hold_person_id'), ['person_id'], unique=False)
        batch_op.create_index('uq_legal_hold', ['office_id', 'person_id'], unique=True, sqlite_where=sa.text('ended_at is null'), postgresql_where=sa.text('ended_at is null'))

    op.create_table('retention_proposal',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('office_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('made_on', sa.Date(), nullable=False),
    sa.Column('before', sa.Date(), nullable=False),
    sa.Column('decided_on', sa.Date(), nullable=True),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['decided_by'], ['user_account.id'], name=op.f('fk_retention_proposal_decided_by_user_account')),
    sa.ForeignKeyConstraint(['office_id'], ['office.id'], name=op.f('fk_retention_proposal_office_id_office')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_retention_proposal'))
    )
    with op.batch_alter_table('retention_proposal', schema=None) as batch_op:
        batch_op.create_index('uq_retention_proposal_open', ['office_id', 'kind'], unique=True, sqlite_where=sa.text('decided_on is null'), postgresql_where=sa.text('decided_on is null'))

    op.create_table('retention_setting',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('office_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('months', sa.Integer(), nullable=False),
    sa.Column('classification', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['office_id'], ['office.id'], name=op.f('fk_retention_setting_office_id_office')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_retention_setting')),
    sa.UniqueConstraint('office_id', 'kind', name=op.f('uq_retention_setting_office_id_kind'))
    )
    op.create_table('retention_item',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('proposal_id', sa.Uuid(), nullable=False),
    sa.Column('subject_id', sa.Uuid(), nullable=False),
    sa.Column('kept', sa.Boolean(), nullable=False),
    sa.Column('gone_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['proposal_id'], ['retention_proposal.id'], name=op.f('fk_retention_item_proposal_id_retention_proposal'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_retention_item')),
    sa.UniqueConstraint('proposal_id', 'subject_id', name=op.f('uq_retention_item_proposal_id_subject_id'))
    )
    with op.batch_alter_table('retention_item', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_retention_item_subject_id'), ['subject_id'], unique=False)

    with op.batch_alter_table('import_file', schema=None) as batch_op:
        batch_op.add_column(sa.Column('forgotten_at', sa.DateTime(timezone=True), nullable=True))



def downgrade() -> None:
    with op.batch_alter_table('import_file', schema=None) as batch_op:
        batch_op.drop_column('forgotten_at')

    with op.batch_alter_table('retention_item', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_retention_item_subject_id'))

    op.drop_table('retention_item')
    op.drop_table('retention_setting')
    with op.batch_alter_table('retention_proposal', schema=None) as batch_op:
        batch_op.drop_index('uq_retention_proposal_open', sqlite_where=sa.text('decided_on is null'), postgresql_where=sa.text('decided_on is null'))

    op.drop_table('retention_proposal')
    with op.batch_alter_table('legal_hold', schema=None) as batch_op:
        batch_op.drop_index('uq_legal_hold', sqlite_where=sa.text('ended_at is null'), postgresql_where=sa.text('ended_at is null'))
        batch_op.drop_index(batch_op.f('ix_legal_hold_person_id'))

    op.drop_table('legal_hold')
