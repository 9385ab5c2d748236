from uuid import UUID

from sqlalchemy import Column, ForeignKey, Index, String, Uuid
from sqlmodel import Field

from crm.core.columns import personal
from crm.core.db import Base

_BINARY = String().with_variant(String(collation="C"), "postgresql")


class SearchKey(Base, table=True):
    """A normal form under which one office finds a person: each office searches among its own keys alone.

    A person held by three offices has the keys of the shared names three times, and each office's own beside them.
    So a search costs what the office's own people cost, and cannot betray anybody else's.
    """

    __tablename__ = "search_key"
    __table_args__ = (
        Index("ix_search_key_person_id", "person_id", "office_id", "key"),
        {"sqlite_with_rowid": False},
    )
    office_id: UUID = Field(sa_column=Column(Uuid, ForeignKey("office.id"), primary_key=True))
    key: str = Field(sa_column=Column(_BINARY, primary_key=True, **personal("name", erase="row")))
    person_id: UUID = Field(sa_column=Column(Uuid, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True))


class SearchToken(Base, table=True):
    """Distinct romaji words of all names, for slips of spelling."""

    __tablename__ = "search_token"
    __table_args__ = ({"sqlite_with_rowid": False},)
    token: str = Field(sa_column=Column(_BINARY, primary_key=True))
