"""private addresses for mails."""

import sqlalchemy as sa
from alembic import op

revision = '0033'
down_revision = '0032'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('filing_address',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('office_id', sa.Uuid(), nullable=False),
    sa.Column('token_hash', sa.String(), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['office_id'], ['office.id'], name=op.f('fk_filing_address_office_id_office')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_filing_address_user_id_user_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_filing_address')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_filing_address_token_hash'))
    )
    with op.batch_alter_table('filing_address', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_filing_address_user_id'), ['user_id'], unique=False)
        batch_op.create_index('uq_filing_address_standing', ['user_id', 'office_id'], unique=True, sqlite_where=sa.text('revoked_at is null'), postgresql_where=sa.text('revoked_at is null'))

    # What two requests at the same moment may have laid into one tray twice.
    op.execute("""
        delete from incoming_mail where message_id <> '' and exists (
            select 1 from incoming_mail as first where first.user_id = incoming_mail.user_id
            and first.office_id = incoming_mail.office_id and first.message_id = incoming_mail.message_id
            and first.id < incoming_mail.id
        )
    """)
    with op.batch_alter_table('incoming_mail', schema=None) as batch_op:
        batch_op.create_index('uq_incoming_mail_message', ['user_id', 'office_id', 'message_id'], unique=True, sqlite_where=sa.text("message_id <> ''"), postgresql_where=sa.text("message_id <> ''"))



def downgrade() -> None:
    with op.batch_alter_table('incoming_mail', schema=None) as batch_op:
        batch_op.drop_index('uq_incoming_mail_message', sqlite_where=sa.text("message_id <> ''"), postgresql_where=sa.text("message_id <> ''"))

    with op.batch_alter_table('filing_address', schema=None) as batch_op:
        batch_op.drop_index('uq_filing_address_standing', sqlite_where=sa.text('revoked_at is null'), postgresql_where=sa.text('revoked_at is null'))
        batch_op.drop_index(batch_op.f('ix_filing_address_user_id'))

    op.drop_table('filing_address')
