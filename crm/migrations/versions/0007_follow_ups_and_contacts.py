"""Follow-ups and contacts."""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('task',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('office_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=True),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('due', sa.Date(), nullable=False),
    sa.Column('assignee_id', sa.Uuid(), nullable=True),
    sa.Column('added_by', sa.Uuid(), nullable=True),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('done_by', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['added_by'], ['user_account.id'], name=op.f('fk_task_added_by_user_account')),
    sa.ForeignKeyConstraint(['assignee_id'], ['user_account.id'], name=op.f('fk_task_assignee_id_user_account')),
    sa.ForeignKeyConstraint(['done_by'], ['user_account.id'], name=op.f('fk_task_done_by_user_account')),
    sa.ForeignKeyConstraint(['office_id'], ['office.id'], name=op.f('fk_task_office_id_office')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_task_person_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_task'))
    )
    with op.batch_alter_table('task', schema=None) as batch_op:
        batch_op.create_index('ix_task_open', ['office_id', 'due', 'id'], unique=False, sqlite_where=sa.text('done_at is null'), postgresql_where=sa.text('done_at is null'))
        batch_op.create_index('ix_task_person_id', ['person_id', 'office_id'], unique=False)

    op.create_table('interaction',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('office_id', sa.Uuid(), nullable=False),
    sa.Column('author_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Enum('met', 'call', 'mail', 'visit', 'event', name='interactionkind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('place', sa.String(), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('audience', sa.Enum('office', 'offices', 'missions', name='audience', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('careful', sa.Boolean(), nullable=False),
    sa.Column('task_id', sa.Uuid(), nullable=True),
    sa.Column('key', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['author_id'], ['user_account.id'], name=op.f('fk_interaction_author_id_user_account')),
    sa.ForeignKeyConstraint(['office_id'], ['office.id'], name=op.f('fk_interaction_office_id_office')),
    sa.ForeignKeyConstraint(['task_id'], ['task.id'], name=op.f('fk_interaction_task_id_task'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_interaction')),
    sa.UniqueConstraint('key', name=op.f('uq_interaction_key'))
    )
    with op.batch_alter_table('interaction', schema=None) as batch_op:
        batch_op.create_index('ix_interaction_office', ['office_id', 'at', 'id'], unique=False)

    op.create_table('interaction_attendance',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('interaction_id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['interaction_id'], ['interaction.id'], name=op.f('fk_interaction_attendance_interaction_id_interaction'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_interaction_attendance_user_id_user_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_interaction_attendance')),
    sa.UniqueConstraint('interaction_id', 'user_id', name=op.f('uq_interaction_attendance_interaction_id_user_id'))
    )
    op.create_table('interaction_participant',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('interaction_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['interaction_id'], ['interaction.id'], name=op.f('fk_interaction_participant_interaction_id_interaction'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_interaction_participant_person_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_interaction_participant')),
    sa.UniqueConstraint('interaction_id', 'person_id', name=op.f('uq_interaction_participant_interaction_id_person_id'))
    )
    with op.batch_alter_table('interaction_participant', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_interaction_participant_person_id'), ['person_id'], unique=False)

    op.create_table('interaction_reader',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('interaction_id', sa.Uuid(), nullable=False),
    sa.Column('office_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['interaction_id'], ['interaction.id'], name=op.f('fk_interaction_reader_interaction_id_interaction'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['office_id'], ['office.id'], name=op.f('fk_interaction_reader_office_id_office')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_interaction_reader')),
    sa.UniqueConstraint('interaction_id', 'office_id', name=op.f('uq_interaction_reader_interaction_id_office_id'))
    )
    with op.batch_alter_table('interaction_reader', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_interaction_reader_office_id'), ['office_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('interaction_reader', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_interaction_reader_office_id'))

    op.drop_table('interaction_reader')
    with op.batch_alter_table('interaction_participant', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_interaction_participant_person_id'))

    op.drop_table('interaction_participant')
    op.drop_table('interaction_attendance')
    with op.batch_alter_table('interaction', schema=None) as batch_op:
        batch_op.drop_index('ix_interaction_office')

    op.drop_table('interaction')
    with op.batch_alter_table('task', schema=None) as batch_op:
        batch_op.drop_index('ix_task_person_id')
        batch_op.drop_index('ix_task_open', sqlite_where=sa.text('done_at is null'), postgresql_where=sa.text('done_at is null'))

    op.drop_table('task')
