"""Exported lists."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('people_export',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('office_id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('format', sa.Enum('xlsx', 'csv', 'vcf', name='exportformat', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('wanted', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('rows', sa.Integer(), nullable=True),
    sa.Column('ready_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('forgotten_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['office_id'], ['office.id'], name=op.f('fk_people_export_office_id_office')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_people_export_user_id_user_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_people_export'))
    )
    with op.batch_alter_table('people_export', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_people_export_office_id'), ['office_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_people_export_user_id'), ['user_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('people_export', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_people_export_user_id'))
        batch_op.drop_index(batch_op.f('ix_people_export_office_id'))

    op.drop_table('people_export')
