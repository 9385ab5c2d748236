from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from crm.core.choices import Choice
from crm.core.columns import IMPERSONAL, UTCDateTime, choice, personal
from crm.core.db import Row
from crm.core.i18n import lazy_gettext as _l


class Role(Choice):
    ADMINISTRATOR = "administrator", _l("Administrator")
    ATTACHE = "attache", _l("S&T Attaché")
    FELLOW = "fellow", _l("S&T Fellow")
    LOCAL_STAFF = "local_staff", _l("Locally employed staff")
    UNIVERSITY_OFFICER = "university_officer", _l("University officer")
    JICA_OFFICER = "jica_officer", _l("JICA officer")
    OFFICER = "officer", _l("Officer")
    HQ_READER = "hq_reader", _l("Headquarters reader")


class User(Row, table=True):
    __tablename__ = "user_account"
    email: str = Field(unique=True, sa_column_kwargs=personal("account", erase="row"))
    name: str = Field(sa_column_kwargs=personal("account"))
    language: str = Field(default="ja", sa_column_kwargs=personal("account"))
    password_hash: str | None = Field(default=None, sa_column_kwargs=personal("account", restricted=True))
    password_changed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class Membership(Row, table=True):
    """A user's post in an office for a term; sessions, tokens and links die with it."""

    __tablename__ = "membership"
    __table_args__ = (
        Index("ix_membership_user_office", "user_id", "office_id"),
        CheckConstraint("until is null or until >= since", name="term"),
    )
    user_id: UUID = Field(foreign_key="user_account.id")
    office_id: UUID = Field(foreign_key="office.id", index=True)
    role: Role = Field(sa_type=choice(Role))
    since: date
    until: date | None = None


class UserSession(Row, table=True):
    """A signed-in browser. Only the hash of its cookie is kept.

    ``by_provider``: signed in through the provider, which has ``vouched`` for a second factor where it is asked to.
    """

    __tablename__ = "user_session"
    token_hash: str = Field(unique=True)
    user_id: UUID = Field(foreign_key="user_account.id", index=True)
    membership_id: UUID = Field(foreign_key="membership.id", index=True)
    device: str = Field(default="", sa_column_kwargs=personal("account"))
    by_provider: bool = False
    vouched: bool = False
    expires_at: datetime = Field(sa_type=UTCDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime, sa_column_kwargs=IMPERSONAL)
