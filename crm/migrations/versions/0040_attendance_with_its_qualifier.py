"""attendance as a number with its qualifier."""

import sqlalchemy as sa
from alembic import op

revision = '0040'
down_revision = '0039'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('event_report', schema=None) as batch_op:
        batch_op.add_column(sa.Column('stated', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('precision', sa.Enum('exact', 'about', 'at_least', 'just_under', name='report_precision', native_enum=False, create_constraint=True, length=40), server_default='exact', nullable=False))
        batch_op.add_column(sa.Column('person_times', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('stated_online', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('precision_online', sa.Enum('exact', 'about', 'at_least', 'just_under', name='report_precision_online', native_enum=False, create_constraint=True, length=40), server_default='exact', nullable=False))



def downgrade() -> None:
    with op.batch_alter_table('event_report', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_event_report_report_precision_online'), type_='check')
        batch_op.drop_constraint(batch_op.f('ck_event_report_report_precision'), type_='check')
        batch_op.drop_column('precision_online')
        batch_op.drop_column('stated_online')
        batch_op.drop_column('person_times')
        batch_op.drop_column('precision')
        batch_op.drop_column('stated')

