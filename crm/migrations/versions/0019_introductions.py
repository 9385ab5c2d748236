"""introductions."""

import sqlalchemy as sa
from alembic import op

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('introduction',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('office_id', sa.Uuid(), nullable=False),
    sa.Column('author_id', sa.Uuid(), nullable=False),
    sa.Column('asker', sa.String(), nullable=False),
    sa.Column('asker_id', sa.Uuid(), nullable=True),
    sa.Column('question', sa.Text(), nullable=False),
    sa.Column('asked_on', sa.Date(), nullable=False),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['asker_id'], ['person.id'], name=op.f('fk_introduction_asker_id_person'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['author_id'], ['user_account.id'], name=op.f('fk_introduction_author_id_user_account')),
    sa.ForeignKeyConstraint(['office_id'], ['office.id'], name=op.f('fk_introduction_office_id_office')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_introduction'))
    )
    with op.batch_alter_table('introduction', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_introduction_asker_id'), ['asker_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_introduction_office_id'), ['office_id'], unique=False)
        batch_op.create_index('ix_introduction_open', ['office_id', 'asked_on'], unique=False, sqlite_where=sa.text('closed_on is null'), postgresql_where=sa.text('closed_on is null'))

    op.create_table('introduction_proposal',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('introduction_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('proposed_on', sa.Date(), nullable=False),
    sa.Column('asker_agreed_on', sa.Date(), nullable=True),
    sa.Column('person_agreed_on', sa.Date(), nullable=True),
    sa.Column('declined_on', sa.Date(), nullable=True),
    sa.Column('declined_by', sa.Enum('asker', 'person', name='side', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('introduced_on', sa.Date(), nullable=True),
    sa.Column('result', sa.Enum('met', 'visit', 'joint_research', 'post', 'nothing', name='result', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('result_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['introduction_id'], ['introduction.id'], name=op.f('fk_introduction_proposal_introduction_id_introduction'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_introduction_proposal_person_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_introduction_proposal')),
    sa.UniqueConstraint('introduction_id', 'person_id', name=op.f('uq_introduction_proposal_introduction_id_person_id'))
    )
    with op.batch_alter_table('introduction_proposal', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_introduction_proposal_person_id'), ['person_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('introduction_proposal', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_introduction_proposal_person_id'))

    op.drop_table('introduction_proposal')
    with op.batch_alter_table('introduction', schema=None) as batch_op:
        batch_op.drop_index('ix_introduction_open', sqlite_where=sa.text('closed_on is null'), postgresql_where=sa.text('closed_on is null'))
        batch_op.drop_index(batch_op.f('ix_introduction_office_id'))
        batch_op.drop_index(batch_op.f('ix_introduction_asker_id'))

    op.drop_table('introduction')
