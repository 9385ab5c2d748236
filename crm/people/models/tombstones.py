from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from crm.core.db import Row


class Tombstone(Row, table=True):
    """One keyed hash of what an erased person was known by, so that a list does not bring them back to this office."""

    __tablename__ = "tombstone"
    __table_args__ = (UniqueConstraint("office_id", "digest"),)
    office_id: UUID = Field(foreign_key="office.id")
    person_id: UUID
    """Whose record was emptied; no name is left there."""
    digest: str
