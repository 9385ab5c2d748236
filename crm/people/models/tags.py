from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from crm.core.choices import Choice
from crm.core.columns import UTCDateTime, choice, json_column
from crm.core.db import Row
from crm.core.i18n import lazy_gettext as _l


class Tag(Row, table=True):
    """A word by which an office sorts people; nobody else sees it."""

    __tablename__ = "tag"
    __table_args__ = (UniqueConstraint("office_id", "name"),)
    office_id: UUID = Field(foreign_key="office.id")
    name: str


class PersonTag(Row, table=True):
    __tablename__ = "person_tag"
    __table_args__ = (UniqueConstraint("tag_id", "person_id"),)
    tag_id: UUID = Field(foreign_key="tag.id", ondelete="CASCADE")
    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE", index=True)


class Tagging(Choice):
    ADD = "add", _l("Add a tag")
    REMOVE = "remove", _l("Take a tag away")


class BulkChange(Row, table=True):
    """What was done to many at once, so that it can be taken back: ``people`` are those who were changed by it."""

    __tablename__ = "bulk_change"
    office_id: UUID = Field(foreign_key="office.id")
    user_id: UUID = Field(foreign_key="user_account.id")
    kind: Tagging = Field(sa_type=choice(Tagging))
    tag_id: UUID = Field(foreign_key="tag.id", ondelete="CASCADE")
    people: list[str] = Field(default_factory=list, sa_type=json_column())
    chosen: int
    undone_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
