"""Shared twins of a merge; one calendar link and one morning mail each."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


_OLDER = '''
    update {table} set {ended} = current_timestamp
    where {ended} is null and exists (
        select 1 from {table} as other
        where other.user_id = {table}.user_id and other.office_id = {table}.office_id
        and other.{ended} is null and other.id > {table}.id
    )
'''


def upgrade() -> None:
    op.execute(_OLDER.format(table='calendar_link', ended='revoked_at'))
    op.execute(_OLDER.format(table='daily_summary', ended='ended_at'))
    with op.batch_alter_table('calendar_link', schema=None) as batch_op:
        batch_op.create_index('uq_calendar_link_standing', ['user_id', 'office_id'], unique=True, sqlite_where=sa.text('revoked_at is null'), postgresql_where=sa.text('revoked_at is null'))

    with op.batch_alter_table('daily_summary', schema=None) as batch_op:
        batch_op.create_index('uq_daily_summary_wanted', ['user_id', 'office_id'], unique=True, sqlite_where=sa.text('ended_at is null'), postgresql_where=sa.text('ended_at is null'))

    with op.batch_alter_table('person_merge', schema=None) as batch_op:
        batch_op.add_column(sa.Column('shared_dropped', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False, server_default='[]'))


def downgrade() -> None:
    with op.batch_alter_table('person_merge', schema=None) as batch_op:
        batch_op.drop_column('shared_dropped')

    with op.batch_alter_table('daily_summary', schema=None) as batch_op:
        batch_op.drop_index('uq_daily_summary_wanted', sqlite_where=sa.text('ended_at is null'), postgresql_where=sa.text('ended_at is null'))

    with op.batch_alter_table('calendar_link', schema=None) as batch_op:
        batch_op.drop_index('uq_calendar_link_standing', sqlite_where=sa.text('revoked_at is null'), postgresql_where=sa.text('revoked_at is null'))
