"""what was chosen is carried out; letters held; paper."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0041'
down_revision = '0040'
branch_labels = None
depends_on = None

STATES = ('queued', 'sending', 'sent', 'failed', 'stopped')
KINDS = ('event_invitation', 'event_reminder', 'event_correction', 'event_thanks', 'event_missed')
HELD_LETTERS = """
    select guest_letter.letter_id from guest_letter
    join guest on guest.id = guest_letter.guest_id
    join event on event.id = guest.event_id
    where event.letters_held_at is not null
"""


def _state(*more: str) -> sa.Enum:
    return sa.Enum(*STATES, *more, name='letterstate', native_enum=False, create_constraint=True, length=40)


def _kind(*more: str) -> sa.Enum:
    return sa.Enum(*KINDS, *more, name='letterkind', native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    with op.batch_alter_table('outbox_letter', schema=None) as batch_op:
        batch_op.alter_column('state', existing_type=_state(), type_=_state('held'), existing_nullable=False)

    with op.batch_alter_table('event_letter_text', schema=None) as batch_op:
        batch_op.alter_column('kind', existing_type=_kind(), type_=_kind('event_cancellation'), existing_nullable=False)

    with op.batch_alter_table('approval_request', schema=None) as batch_op:
        batch_op.add_column(sa.Column('chosen', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False, server_default='{}'))

    with op.batch_alter_table('guest', schema=None) as batch_op:
        batch_op.add_column(sa.Column('approved_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('printed_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('posted_on', sa.Date(), nullable=True))

    op.execute(sa.text(f"update outbox_letter set state = 'held' where state = 'stopped' and id in ({HELD_LETTERS})"))


def downgrade() -> None:
    op.execute(sa.text("update outbox_letter set state = 'stopped' where state = 'held'"))
    op.execute(sa.text("delete from event_letter_text where kind = 'event_cancellation'"))
    with op.batch_alter_table('guest', schema=None) as batch_op:
        batch_op.drop_column('posted_on')
        batch_op.drop_column('printed_at')
        batch_op.drop_column('approved_at')

    with op.batch_alter_table('approval_request', schema=None) as batch_op:
        batch_op.drop_column('chosen')

    with op.batch_alter_table('event_letter_text', schema=None) as batch_op:
        batch_op.alter_column('kind', existing_type=_kind('event_cancellation'), type_=_kind(), existing_nullable=False)

    with op.batch_alter_table('outbox_letter', schema=None) as batch_op:
        batch_op.alter_column('state', existing_type=_state('held'), type_=_state(), existing_nullable=False)
