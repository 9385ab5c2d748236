"""relations between people."""

import sqlalchemy as sa
from alembic import op

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('relation',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('office_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Enum('supervision', 'hosting', 'collaboration', 'family', name='relationkind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('first_id', sa.Uuid(), nullable=False),
    sa.Column('second_id', sa.Uuid(), nullable=False),
    sa.Column('since', sa.Date(), nullable=True),
    sa.Column('until', sa.Date(), nullable=True),
    sa.Column('note', sa.String(), nullable=True),
    sa.CheckConstraint('until is null or since is null or until >= since', name=op.f('ck_relation_term')),
    sa.ForeignKeyConstraint(['first_id'], ['person.id'], name=op.f('fk_relation_first_id_person'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['office_id'], ['office.id'], name=op.f('fk_relation_office_id_office')),
    sa.ForeignKeyConstraint(['second_id'], ['person.id'], name=op.f('fk_relation_second_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_relation')),
    sa.UniqueConstraint('office_id', 'kind', 'first_id', 'second_id', name=op.f('uq_relation_office_id_kind_first_id_second_id'))
    )
    with op.batch_alter_table('relation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_relation_first_id'), ['first_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_relation_office_id'), ['office_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_relation_second_id'), ['second_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('relation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_relation_second_id'))
        batch_op.drop_index(batch_op.f('ix_relation_office_id'))
        batch_op.drop_index(batch_op.f('ix_relation_first_id'))

    op.drop_table('relation')
