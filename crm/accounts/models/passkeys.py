from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger
from sqlmodel import Field

from crm.core.columns import UTCDateTime, choice, json_column, personal, text_column
from crm.core.db import Row


class Passkey(Row, table=True):
    """A user's passkey (WebAuthn): key id and public key in base64url. Its secret never leaves the user's device.

    ``sign_count``: how often it says that it was used; one that goes back was copied.
    """

    __tablename__ = "passkey"
    user_id: UUID = Field(foreign_key="user_account.id", index=True)
    name: str = Field(sa_column_kwargs=personal("account"))
    credential_id: str = Field(unique=True)
    public_key: str = Field(sa_type=text_column())
    sign_count: int = Field(default=0, sa_type=BigInteger)
    transports: list[str] = Field(default_factory=list, sa_type=json_column())
    last_used_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class ChallengeKind(StrEnum):
    NEW_PASSKEY = "new_passkey"
    PASSKEY = "passkey"
    PROVIDER = "provider"


class Challenge(Row, table=True):
    """What a browser was asked and must answer once, within minutes: by a passkey, or by way of the provider.

    Its cookie holds the secret whose hash is here; ``sealed`` is what was asked.
    """

    __tablename__ = "challenge"
    token_hash: str = Field(unique=True)
    kind: ChallengeKind = Field(sa_type=choice(ChallengeKind))
    user_id: UUID | None = Field(default=None, foreign_key="user_account.id")
    sealed: str = Field(sa_type=text_column())
    expires_at: datetime = Field(sa_type=UTCDateTime, index=True)
