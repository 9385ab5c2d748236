from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from crm.core.columns import UTCDateTime
from crm.core.db import Row


class PrivateAddress(Row):
    """What the private addresses of a user in one office have in common; each kind has a table of its own."""

    user_id: UUID = Field(foreign_key="user_account.id", index=True)
    office_id: UUID = Field(foreign_key="office.id")
    revoked_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
