"""requests about personal data."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None

PURPOSES = ('invitation', 'password_reset', 'listing', 'nomination', 'relay')


def purposes(*more: str) -> sa.Enum:
    return sa.Enum(*PURPOSES, *more, name='linkpurpose', native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    with op.batch_alter_table('signed_link', schema=None) as batch_op:
        batch_op.alter_column('purpose', existing_type=purposes(), type_=purposes('my_data'), existing_nullable=False)
    op.create_table('rights_request',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('office_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=True),
    sa.Column('kind', sa.Enum('disclosure', 'correction', 'suspension', 'erasure', name='requestkind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('channel', sa.Enum('web', 'email', 'phone', 'paper', 'meeting', name='requestchannel', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('requester', sa.String(), nullable=False),
    sa.Column('reply_to', sa.String(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('wishes', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('received_on', sa.Date(), nullable=False),
    sa.Column('identified_on', sa.Date(), nullable=True),
    sa.Column('identified_by', sa.String(), nullable=True),
    sa.Column('others_checked_on', sa.Date(), nullable=True),
    sa.Column('others_note', sa.Text(), nullable=True),
    sa.Column('extended_on', sa.Date(), nullable=True),
    sa.Column('extended_why', sa.String(), nullable=True),
    sa.Column('fee', sa.Integer(), nullable=True),
    sa.Column('decision', sa.Enum('granted', 'partly', 'refused', 'not_held', name='requestdecision', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('decided_on', sa.Date(), nullable=True),
    sa.Column('grounds', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False),
    sa.Column('reasons', sa.Text(), nullable=True),
    sa.Column('carried_out_on', sa.Date(), nullable=True),
    sa.Column('left_over', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['office_id'], ['office.id'], name=op.f('fk_rights_request_office_id_office')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_rights_request_person_id_person'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rights_request'))
    )
    with op.batch_alter_table('rights_request', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_rights_request_office_id'), ['office_id'], unique=False)
        batch_op.create_index('ix_rights_request_open', ['office_id', 'received_on'], unique=False, sqlite_where=sa.text('decision is null'), postgresql_where=sa.text('decision is null'))
        batch_op.create_index(batch_op.f('ix_rights_request_person_id'), ['person_id'], unique=False)

    op.create_table('tombstone',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('office_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('digest', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['office_id'], ['office.id'], name=op.f('fk_tombstone_office_id_office')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tombstone')),
    sa.UniqueConstraint('office_id', 'digest', name=op.f('uq_tombstone_office_id_digest'))
    )


def downgrade() -> None:
    op.execute("delete from signed_link where purpose = 'my_data'")
    with op.batch_alter_table('signed_link', schema=None) as batch_op:
        batch_op.alter_column('purpose', existing_type=purposes('my_data'), type_=purposes(), existing_nullable=False)
    op.drop_table('tombstone')
    with op.batch_alter_table('rights_request', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_rights_request_person_id'))
        batch_op.drop_index('ix_rights_request_open', sqlite_where=sa.text('decision is null'), postgresql_where=sa.text('decision is null'))
        batch_op.drop_index(batch_op.f('ix_rights_request_office_id'))

    op.drop_table('rights_request')
