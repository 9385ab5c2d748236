"""Rows of imports that wait."""

import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('import_row', schema=None) as batch_op:
        batch_op.create_index('ix_import_row_waiting', ['file_id'], unique=False, sqlite_where=sa.text("outcome = 'perhaps' and decision = 'open' and person_id is null"), postgresql_where=sa.text("outcome = 'perhaps' and decision = 'open' and person_id is null"))



def downgrade() -> None:
    with op.batch_alter_table('import_row', schema=None) as batch_op:
        batch_op.drop_index('ix_import_row_waiting', sqlite_where=sa.text("outcome = 'perhaps' and decision = 'open' and person_id is null"), postgresql_where=sa.text("outcome = 'perhaps' and decision = 'open' and person_id is null"))

