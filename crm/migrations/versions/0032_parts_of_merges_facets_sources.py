"""parts of merges, facets shown, sources of facts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0032'
down_revision = '0031'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('approval_silence',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('office_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['office_id'], ['office.id'], name=op.f('fk_approval_silence_office_id_office')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_approval_silence_user_id_user_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_approval_silence')),
    sa.UniqueConstraint('user_id', 'office_id', name=op.f('uq_approval_silence_user_id_office_id'))
    )
    op.create_table('merge_question',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('merge_id', sa.Uuid(), nullable=False),
    sa.Column('office_id', sa.Uuid(), nullable=False),
    sa.Column('answered_on', sa.Date(), nullable=True),
    sa.Column('answered_by', sa.Uuid(), nullable=True),
    sa.Column('own_id', sa.Uuid(), nullable=True),
    sa.Column('reason', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['answered_by'], ['user_account.id'], name=op.f('fk_merge_question_answered_by_user_account')),
    sa.ForeignKeyConstraint(['merge_id'], ['person_merge.id'], name=op.f('fk_merge_question_merge_id_person_merge'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['office_id'], ['office.id'], name=op.f('fk_merge_question_office_id_office')),
    sa.ForeignKeyConstraint(['own_id'], ['person_merge.id'], name=op.f('fk_merge_question_own_id_person_merge'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_merge_question')),
    sa.UniqueConstraint('merge_id', 'office_id', name=op.f('uq_merge_question_merge_id_office_id'))
    )
    with op.batch_alter_table('merge_question', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_merge_question_office_id'), ['office_id'], unique=False)

    with op.batch_alter_table('affiliation', schema=None) as batch_op:
        batch_op.add_column(sa.Column('source', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False, server_default='{}'))

    with op.batch_alter_table('approval_step', schema=None) as batch_op:
        batch_op.add_column(sa.Column('told', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False, server_default='[]'))

    with op.batch_alter_table('identifier', schema=None) as batch_op:
        batch_op.add_column(sa.Column('source', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False, server_default='{}'))

    with op.batch_alter_table('interest', schema=None) as batch_op:
        batch_op.add_column(sa.Column('source', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False, server_default='{}'))

    with op.batch_alter_table('person_link', schema=None) as batch_op:
        batch_op.add_column(sa.Column('source', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False, server_default='{}'))

    with op.batch_alter_table('person_name', schema=None) as batch_op:
        batch_op.add_column(sa.Column('source', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False, server_default='{}'))

    with op.batch_alter_table('share', schema=None) as batch_op:
        batch_op.add_column(sa.Column('facet', sa.Enum('person', 'addresses', 'note', 'relations', name='facet', native_enum=False, create_constraint=True, length=40), nullable=False, server_default='person'))

    with op.batch_alter_table('task', schema=None) as batch_op:
        batch_op.add_column(sa.Column('batch', sa.Uuid(), nullable=True))
        batch_op.create_index(batch_op.f('ix_task_batch'), ['batch'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('task', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_task_batch'))
        batch_op.drop_column('batch')

    with op.batch_alter_table('share', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_share_facet'), type_='check')
        batch_op.drop_column('facet')

    with op.batch_alter_table('person_name', schema=None) as batch_op:
        batch_op.drop_column('source')

    with op.batch_alter_table('person_link', schema=None) as batch_op:
        batch_op.drop_column('source')

    with op.batch_alter_table('interest', schema=None) as batch_op:
        batch_op.drop_column('source')

    with op.batch_alter_table('identifier', schema=None) as batch_op:
        batch_op.drop_column('source')

    with op.batch_alter_table('approval_step', schema=None) as batch_op:
        batch_op.drop_column('told')

    with op.batch_alter_table('affiliation', schema=None) as batch_op:
        batch_op.drop_column('source')

    with op.batch_alter_table('merge_question', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_merge_question_office_id'))

    op.drop_table('merge_question')
    op.drop_table('approval_silence')
