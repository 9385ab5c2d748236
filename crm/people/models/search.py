from uuid import UUID

from sqlalchemy import Column, ForeignKey, Index, String, Uuid
from sqlmodel import Field

from crm.core.columns import personal
from crm.core.db import Base

SHARED = UUID(int=0)
_BINARY = String().with_variant(String(collation="C"), "postgresql")


class SearchKey(Base, table=True):
    """A normal form under which a person is found. ``office_id`` is ``SHARED``, or the one office that finds it.

    Two offices may know the same address, so the office is part of the key, and "shared" must be a value.
    """

    __tablename__ = "search_key"
    __table_args__ = (Index("ix_search_key_person_id", "person_id"), {"sqlite_with_rowid": False})
    key: str = Field(sa_column=Column(_BINARY, primary_key=True, **personal("name", erase="row")))
    person_id: UUID = Field(sa_column=Column(Uuid, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True))
    office_id: UUID = Field(default=SHARED, sa_column=Column(Uuid, primary_key=True))


class SearchToken(Base, table=True):
    """Distinct romaji words of all names, for slips of spelling."""

    __tablename__ = "search_token"
    __table_args__ = ({"sqlite_with_rowid": False},)
    token: str = Field(sa_column=Column(_BINARY, primary_key=True))
