"""approvals."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0026'
down_revision = '0025'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('approval_deputy',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('office_id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('deputy_id', sa.Uuid(), nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.Column('until', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['deputy_id'], ['user_account.id'], name=op.f('fk_approval_deputy_deputy_id_user_account')),
    sa.ForeignKeyConstraint(['office_id'], ['office.id'], name=op.f('fk_approval_deputy_office_id_office')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_approval_deputy_user_id_user_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_approval_deputy'))
    )
    with op.batch_alter_table('approval_deputy', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_approval_deputy_deputy_id'), ['deputy_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_approval_deputy_office_id'), ['office_id'], unique=False)

    op.create_table('approval_request',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('office_id', sa.Uuid(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('series', sa.String(), nullable=False),
    sa.Column('act', sa.String(), nullable=False),
    sa.Column('subjects', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('drafter_id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.Enum('circulating', 'decided', 'sent_back', 'retracted', name='approvalstate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('answers', sa.Integer(), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('outcome', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['drafter_id'], ['user_account.id'], name=op.f('fk_approval_request_drafter_id_user_account')),
    sa.ForeignKeyConstraint(['office_id'], ['office.id'], name=op.f('fk_approval_request_office_id_office')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_approval_request')),
    sa.UniqueConstraint('office_id', 'year', 'number', name=op.f('uq_approval_request_office_id_year_number'))
    )
    with op.batch_alter_table('approval_request', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_approval_request_drafter_id'), ['drafter_id'], unique=False)
        batch_op.create_index('ix_approval_request_open', ['office_id'], unique=False, sqlite_where=sa.text("state = 'circulating'"), postgresql_where=sa.text("state = 'circulating'"))

    op.create_table('approval_rule',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('office_id', sa.Uuid(), nullable=False),
    sa.Column('act', sa.String(), nullable=False),
    sa.Column('series', sa.String(), nullable=False),
    sa.Column('consulted', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False),
    sa.Column('decider_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['decider_id'], ['user_account.id'], name=op.f('fk_approval_rule_decider_id_user_account')),
    sa.ForeignKeyConstraint(['office_id'], ['office.id'], name=op.f('fk_approval_rule_office_id_office')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_approval_rule')),
    sa.UniqueConstraint('office_id', 'act', name=op.f('uq_approval_rule_office_id_act'))
    )
    op.create_table('approval_step',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('request_id', sa.Uuid(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('role', sa.Enum('consulted', 'decides', name='steprole', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('verdict', sa.Enum('agreed', 'sent_back', name='verdict', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('by_id', sa.Uuid(), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_approval_step_by_id_user_account')),
    sa.ForeignKeyConstraint(['request_id'], ['approval_request.id'], name=op.f('fk_approval_step_request_id_approval_request'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_approval_step_user_id_user_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_approval_step')),
    sa.UniqueConstraint('request_id', 'place', name=op.f('uq_approval_step_request_id_place'))
    )
    with op.batch_alter_table('approval_step', schema=None) as batch_op:
        batch_op.create_index('ix_approval_step_open', ['user_id'], unique=False, sqlite_where=sa.text('verdict is null'), postgresql_where=sa.text('verdict is null'))



def downgrade() -> None:
    with op.batch_alter_table('approval_step', schema=None) as batch_op:
        batch_op.drop_index('ix_approval_step_open', sqlite_where=sa.text('verdict is null'), postgresql_where=sa.text('verdict is null'))

    op.drop_table('approval_step')
    op.drop_table('approval_rule')
    with op.batch_alter_table('approval_request', schema=None) as batch_op:
        batch_op.drop_index('ix_approval_request_open', sqlite_where=sa.text("state = 'circulating'"), postgresql_where=sa.text("state = 'circulating'"))
        batch_op.drop_index(batch_op.f('ix_approval_request_drafter_id'))

    op.drop_table('approval_request')
    with op.batch_alter_table('approval_deputy', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_approval_deputy_office_id'))
        batch_op.drop_index(batch_op.f('ix_approval_deputy_deputy_id'))

    op.drop_table('approval_deputy')
