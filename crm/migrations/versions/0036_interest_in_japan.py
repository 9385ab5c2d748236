"""interest in japan."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0036'
down_revision = '0035'
branch_labels = None
depends_on = None

PURPOSES = ('public_listing', 'bulk_reuse', 'search_engines', 'relay')
MORE = ('contact', 'news', 'passing_on')


def _purpose(*more: str) -> sa.Enum:
    return sa.Enum(*PURPOSES, *more, name='purpose', native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    with op.batch_alter_table('consent_receipt', schema=None) as batch_op:
        batch_op.alter_column('purpose', existing_type=_purpose(), type_=_purpose(*MORE), existing_nullable=False)

    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.add_column(sa.Column('takes_interest', sa.Boolean(), nullable=False, server_default=sa.false()))

    with op.batch_alter_table('listing_settings', schema=None) as batch_op:
        batch_op.add_column(sa.Column('interests', sa.Boolean(), nullable=False, server_default=sa.true()))

    with op.batch_alter_table('nomination', schema=None) as batch_op:
        batch_op.add_column(sa.Column('kind', sa.Enum('proposal', 'interest', name='nominationkind', native_enum=False, create_constraint=True, length=40), nullable=False, server_default='proposal'))
        batch_op.add_column(sa.Column('agreed', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False, server_default='{}'))
        batch_op.add_column(sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('event_id', sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column('occasion', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False, server_default='{}'))
        batch_op.add_column(sa.Column('source', sa.String(), nullable=True))
        batch_op.create_index('ix_nomination_event_source', ['event_id', 'source'], unique=False)



def downgrade() -> None:
    op.execute(sa.text("delete from consent_receipt where purpose in ('contact', 'news', 'passing_on')"))
    op.execute(sa.text("delete from nomination where kind = 'interest'"))
    with op.batch_alter_table('consent_receipt', schema=None) as batch_op:
        batch_op.alter_column('purpose', existing_type=_purpose(*MORE), type_=_purpose(), existing_nullable=False)

    with op.batch_alter_table('nomination', schema=None) as batch_op:
        batch_op.drop_index('ix_nomination_event_source')
        batch_op.drop_column('source')
        batch_op.drop_column('occasion')
        batch_op.drop_column('event_id')
        batch_op.drop_column('confirmed_at')
        batch_op.drop_column('agreed')
        batch_op.drop_constraint(batch_op.f('ck_nomination_nominationkind'), type_='check')
        batch_op.drop_column('kind')

    with op.batch_alter_table('listing_settings', schema=None) as batch_op:
        batch_op.drop_column('interests')

    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.drop_column('takes_interest')

