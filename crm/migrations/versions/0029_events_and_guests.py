"""events and guests."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0029'
down_revision = '0028'
branch_labels = None
depends_on = None


PURPOSES = ('invitation', 'password_reset', 'listing', 'nomination', 'relay', 'my_data')


def purposes(*more: str) -> sa.Enum:
    return sa.Enum(*PURPOSES, *more, name='linkpurpose', native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    with op.batch_alter_table('signed_link', schema=None) as batch_op:
        batch_op.alter_column('purpose', existing_type=purposes(), type_=purposes('event'), existing_nullable=False)

    op.create_table('event',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('office_id', sa.Uuid(), nullable=False),
    sa.Column('author_id', sa.Uuid(), nullable=False),
    sa.Column('title', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False),
    sa.Column('text', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False),
    sa.Column('place', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False),
    sa.Column('access', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False),
    sa.Column('dress', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False),
    sa.Column('initiative', sa.String(), nullable=True),
    sa.Column('mode', sa.Enum('venue', 'online', 'hybrid', name='event_mode', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('admission', sa.Enum('by_invitation', 'by_registration', name='admission', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('online_address', sa.String(), nullable=True),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('zone', sa.String(), nullable=False),
    sa.Column('languages', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False),
    sa.Column('venue_capacity', sa.Integer(), nullable=True),
    sa.Column('online_capacity', sa.Integer(), nullable=True),
    sa.Column('companions', sa.Integer(), nullable=False),
    sa.Column('answer_by', sa.Date(), nullable=True),
    sa.Column('change_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('asks_needs', sa.Boolean(), nullable=False),
    sa.Column('asks_photo', sa.Boolean(), nullable=False),
    sa.Column('questions', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False),
    sa.Column('budget', sa.Integer(), nullable=True),
    sa.Column('is_public', sa.Boolean(), nullable=False),
    sa.Column('cancelled_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['author_id'], ['user_account.id'], name=op.f('fk_event_author_id_user_account')),
    sa.ForeignKeyConstraint(['office_id'], ['office.id'], name=op.f('fk_event_office_id_office')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_event'))
    )
    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.create_index('ix_event_office', ['office_id', 'starts_at'], unique=False)

    op.create_table('invitation_objection',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('office_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=True),
    sa.Column('email', sa.String(), nullable=True),
    sa.ForeignKeyConstraint(['office_id'], ['office.id'], name=op.f('fk_invitation_objection_office_id_office')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_invitation_objection_person_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invitation_objection'))
    )
    with op.batch_alter_table('invitation_objection', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_invitation_objection_email'), ['email'], unique=False)
        batch_op.create_index(batch_op.f('ix_invitation_objection_office_id'), ['office_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_invitation_objection_person_id'), ['person_id'], unique=False)

    op.create_table('event_host',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('event_id', sa.Uuid(), nullable=False),
    sa.Column('office_id', sa.Uuid(), nullable=True),
    sa.Column('name', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False),
    sa.Column('role', sa.Enum('co_host', 'supporter', 'cooperation', name='hostrole', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('may_edit', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_event_host_event_id_event'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['office_id'], ['office.id'], name=op.f('fk_event_host_office_id_office')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_event_host')),
    sa.UniqueConstraint('event_id', 'office_id', name=op.f('uq_event_host_event_id_office_id'))
    )
    with op.batch_alter_table('event_host', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_event_host_event_id'), ['event_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_event_host_office_id'), ['office_id'], unique=False)

    op.create_table('event_letter_text',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Enum('event_invitation', 'event_reminder', 'event_correction', 'event_thanks', 'event_missed', name='letterkind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('subject', sa.String(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_event_letter_text_event_id_event'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_event_letter_text')),
    sa.UniqueConstraint('event_id', 'kind', 'language', name=op.f('uq_event_letter_text_event_id_kind_language'))
    )
    op.create_table('event_report',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Uuid(), nullable=False),
    sa.Column('attendance', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False),
    sa.Column('summary', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False),
    sa.Column('feedback', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False),
    sa.Column('next_steps', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_event_report_event_id_event'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_event_report')),
    sa.UniqueConstraint('event_id', name=op.f('uq_event_report_event_id'))
    )
    op.create_table('guest',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Uuid(), nullable=False),
    sa.Column('office_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=True),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('kana', sa.String(), nullable=True),
    sa.Column('latin', sa.String(), nullable=True),
    sa.Column('title', sa.String(), nullable=True),
    sa.Column('institution', sa.String(), nullable=False),
    sa.Column('email', sa.String(), nullable=True),
    sa.Column('assistant', sa.String(), nullable=True),
    sa.Column('partner', sa.String(), nullable=True),
    sa.Column('salutation', sa.String(), nullable=True),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('sort_key', sa.String(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('sector', sa.String(), nullable=False),
    sa.Column('reserve', sa.Enum('a', 'b', name='reserve', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('honoured', sa.Boolean(), nullable=False),
    sa.Column('precedence', sa.Integer(), nullable=True),
    sa.Column('precedence_basis', sa.String(), nullable=True),
    sa.Column('post_since', sa.Date(), nullable=True),
    sa.Column('seat_at', sa.String(), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('proposed_by', sa.Uuid(), nullable=True),
    sa.Column('source', sa.String(), nullable=True),
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('invited_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reply', sa.Enum('in_person', 'online', 'substitute', 'no', name='reply', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('replied_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('places', sa.Integer(), nullable=False),
    sa.Column('waiting_since', sa.DateTime(timezone=True), nullable=True),
    sa.Column('offered_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('substitute', sa.String(), nullable=True),
    sa.Column('photo', sa.Boolean(), nullable=True),
    sa.Column('said', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False),
    sa.Column('outcome', sa.Enum('met', 'seeks_post', 'offers_place', 'introduce', 'follow_up', name='outcome', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_guest_event_id_event'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['office_id'], ['office.id'], name=op.f('fk_guest_office_id_office')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_guest_person_id_person'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['proposed_by'], ['user_account.id'], name=op.f('fk_guest_proposed_by_user_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_guest')),
    sa.UniqueConstraint('code', name=op.f('uq_guest_code')),
    sa.UniqueConstraint('event_id', 'person_id', name=op.f('uq_guest_event_id_person_id'))
    )
    with op.batch_alter_table('guest', schema=None) as batch_op:
        batch_op.create_index('ix_guest_counted', ['event_id', 'reply', 'waiting_since', 'offered_until', 'invited_at', 'places'], unique=False)
        batch_op.create_index('ix_guest_list', ['event_id', 'sort_key', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_guest_office_id'), ['office_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_guest_person_id'), ['person_id'], unique=False)

    op.create_table('programme_item',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('event_id', sa.Uuid(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('starts', sa.String(), nullable=False),
    sa.Column('title', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False),
    sa.Column('speaker', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_programme_item_event_id_event'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_programme_item'))
    )
    with op.batch_alter_table('programme_item', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_programme_item_event_id'), ['event_id'], unique=False)

    op.create_table('check_in',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('event_id', sa.Uuid(), nullable=False),
    sa.Column('guest_id', sa.Uuid(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('door', sa.String(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_check_in_event_id_event'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['guest_id'], ['guest.id'], name=op.f('fk_check_in_guest_id_guest'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_check_in_user_id_user_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_check_in')),
    sa.UniqueConstraint('guest_id', 'place', name=op.f('uq_check_in_guest_id_place'))
    )
    with op.batch_alter_table('check_in', schema=None) as batch_op:
        batch_op.create_index('ix_check_in_event', ['event_id', 'place'], unique=False)

    op.create_table('guest_answer',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('guest_id', sa.Uuid(), nullable=False),
    sa.Column('reply', sa.Enum('in_person', 'online', 'substitute', 'no', name='reply', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('places', sa.Integer(), nullable=False),
    sa.Column('waits', sa.Boolean(), nullable=False),
    sa.Column('noted_by', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['guest_id'], ['guest.id'], name=op.f('fk_guest_answer_guest_id_guest'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['noted_by'], ['user_account.id'], name=op.f('fk_guest_answer_noted_by_user_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_guest_answer'))
    )
    with op.batch_alter_table('guest_answer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_guest_answer_guest_id'), ['guest_id'], unique=False)

    op.create_table('guest_companion',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('guest_id', sa.Uuid(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['guest_id'], ['guest.id'], name=op.f('fk_guest_companion_guest_id_guest'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_guest_companion')),
    sa.UniqueConstraint('guest_id', 'place', name=op.f('uq_guest_companion_guest_id_place'))
    )
    op.create_table('guest_letter',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('guest_id', sa.Uuid(), nullable=False),
    sa.Column('letter_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('digest', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['guest_id'], ['guest.id'], name=op.f('fk_guest_letter_guest_id_guest'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['letter_id'], ['outbox_letter.id'], name=op.f('fk_guest_letter_letter_id_outbox_letter'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_guest_letter'))
    )
    with op.batch_alter_table('guest_letter', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_guest_letter_guest_id'), ['guest_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_guest_letter_letter_id'), ['letter_id'], unique=False)

    op.create_table('guest_needs',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('guest_id', sa.Uuid(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['guest_id'], ['guest.id'], name=op.f('fk_guest_needs_guest_id_guest'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_guest_needs')),
    sa.UniqueConstraint('guest_id', name=op.f('uq_guest_needs_guest_id'))
    )
    op.create_table('guest_pass',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('guest_id', sa.Uuid(), nullable=False),
    sa.Column('legal_name', sa.String(), nullable=False),
    sa.Column('plate', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['guest_id'], ['guest.id'], name=op.f('fk_guest_pass_guest_id_guest'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_guest_pass')),
    sa.UniqueConstraint('guest_id', name=op.f('uq_guest_pass_guest_id'))
    )
    with op.batch_alter_table('outbox_letter', schema=None) as batch_op:
        batch_op.add_column(sa.Column('calendar', sa.Text(), nullable=True))
        batch_op.add_column(sa.Column('unsubscribe', sa.String(), nullable=True))
        batch_op.create_index(batch_op.f('ix_outbox_letter_message_id'), ['message_id'], unique=False)



def downgrade() -> None:
    op.execute("delete from signed_link where purpose = 'event'")
    with op.batch_alter_table('signed_link', schema=None) as batch_op:
        batch_op.alter_column('purpose', existing_type=purposes('event'), type_=purposes(), existing_nullable=False)

    with op.batch_alter_table('outbox_letter', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_outbox_letter_message_id'))
        batch_op.drop_column('unsubscribe')
        batch_op.drop_column('calendar')

    op.drop_table('guest_pass')
    op.drop_table('guest_needs')
    with op.batch_alter_table('guest_letter', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_guest_letter_letter_id'))
        batch_op.drop_index(batch_op.f('ix_guest_letter_guest_id'))

    op.drop_table('guest_letter')
    op.drop_table('guest_companion')
    with op.batch_alter_table('guest_answer', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_guest_answer_guest_id'))

    op.drop_table('guest_answer')
    with op.batch_alter_table('check_in', schema=None) as batch_op:
        batch_op.drop_index('ix_check_in_event')

    op.drop_table('check_in')
    with op.batch_alter_table('programme_item', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_programme_item_event_id'))

    op.drop_table('programme_item')
    with op.batch_alter_table('guest', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_guest_person_id'))
        batch_op.drop_index(batch_op.f('ix_guest_office_id'))
        batch_op.drop_index('ix_guest_list')
        batch_op.drop_index('ix_guest_counted')

    op.drop_table('guest')
    op.drop_table('event_report')
    op.drop_table('event_letter_text')
    with op.batch_alter_table('event_host', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_event_host_office_id'))
        batch_op.drop_index(batch_op.f('ix_event_host_event_id'))

    op.drop_table('event_host')
    with op.batch_alter_table('invitation_objection', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_invitation_objection_person_id'))
        batch_op.drop_index(batch_op.f('ix_invitation_objection_office_id'))
        batch_op.drop_index(batch_op.f('ix_invitation_objection_email'))

    op.drop_table('invitation_objection')
    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.drop_index('ix_event_office')

    op.drop_table('event')
