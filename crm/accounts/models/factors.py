from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from crm.core.columns import UTCDateTime, personal
from crm.core.db import Row


class SecondFactor(Row, table=True):
    """A user's authenticator app. ``secret`` is sealed with the installation's key; it counts once it is confirmed.

    ``last_step``: the half minute of the newest code that was accepted, so that none is accepted twice.
    """

    __tablename__ = "second_factor"
    user_id: UUID = Field(foreign_key="user_account.id", unique=True)
    secret: str = Field(sa_column_kwargs=personal("account", restricted=True))
    confirmed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    last_step: int = 0


class RecoveryCode(Row, table=True):
    """One of ten codes for the day when the telephone is lost; only its hash is kept."""

    __tablename__ = "recovery_code"
    user_id: UUID = Field(foreign_key="user_account.id", index=True)
    code_hash: str
    used_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
