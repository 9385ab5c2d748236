from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ForeignKey, Index, String, Uuid, text
from sqlmodel import Field

from crm.core.choices import Choice
from crm.core.columns import UTCDateTime, choice, json_column, personal, text_column
from crm.core.db import Base, Row, Versioned
from crm.core.i18n import lazy_gettext as _l


class ListingState(Choice):
    DRAFT = "draft", _l("Draft")
    AWAITING = "awaiting", _l("Waiting for consent")
    AGREED = "agreed", _l("Agreed, to be published")
    PUBLISHED = "published", _l("Published")
    DUE = "due", _l("Due for confirmation")
    HIDDEN = "hidden", _l("Hidden")
    DECLINED = "declined", _l("Declined")
    WITHDRAWN = "withdrawn", _l("Withdrawn")

    @property
    def is_public(self) -> bool:
        return self in (self.PUBLISHED, self.DUE)


_PUBLIC = text("state in ('published', 'due')")
_OPEN = text("state not in ('declined', 'withdrawn')")


class Listing(Versioned, table=True):
    """A mission's entry for a person on the PI map. At most one is public per person, one open per mission."""

    __tablename__ = "listing"
    __table_args__ = (
        Index("uq_listing_public", "person_id", unique=True, sqlite_where=_PUBLIC, postgresql_where=_PUBLIC),
        Index("uq_listing_open", "office_id", "person_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_listing_office_state", "office_id", "state"),
    )
    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE", index=True)
    office_id: UUID = Field(foreign_key="office.id")
    state: ListingState = Field(
        default=ListingState.DRAFT, sa_type=choice(ListingState), sa_column_kwargs=personal("listing")
    )
    fields: list[str] = Field(default_factory=list, sa_type=json_column(), sa_column_kwargs=personal("consent"))
    """Which fields may be shown; the name and the institution always."""
    search_engines: bool = Field(default=False, sa_column_kwargs=personal("consent"))
    bulk_reuse: bool = Field(default=False, sa_column_kwargs=personal("consent"))
    relay: bool = Field(default=False, sa_column_kwargs=personal("consent"))
    requested_at: datetime | None = Field(default=None, sa_type=UTCDateTime, sa_column_kwargs=personal("listing"))
    reminded_at: datetime | None = Field(default=None, sa_type=UTCDateTime, sa_column_kwargs=personal("listing"))
    opened_at: datetime | None = Field(default=None, sa_type=UTCDateTime, sa_column_kwargs=personal("listing"))
    confirmed_at: datetime | None = Field(default=None, sa_type=UTCDateTime, sa_column_kwargs=personal("listing"))
    confirm_by: datetime | None = Field(
        default=None, index=True, sa_type=UTCDateTime, sa_column_kwargs=personal("listing")
    )
    published_at: datetime | None = Field(default=None, sa_type=UTCDateTime, sa_column_kwargs=personal("listing"))
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime, sa_column_kwargs=personal("listing"))


class Confirmation(Row, table=True):
    """A move of a listing: who, when, from, to, why. Nothing is overwritten."""

    __tablename__ = "listing_move"
    listing_id: UUID = Field(foreign_key="listing.id", ondelete="CASCADE", index=True)
    before: str
    after: str
    channel: str = "web"
    note: str | None = Field(default=None, sa_type=text_column())
    actor_id: UUID | None = Field(default=None, foreign_key="user_account.id")


class Snapshot(Row, table=True):
    """What is public: the confirmed entry, its columns repeated for filters. One per listing, replaced when confirmed.

    ``entry`` holds only what was consented to; every output reads it and nothing else.
    """

    __tablename__ = "listing_snapshot"
    __table_args__ = (Index("ix_listing_snapshot_public_sort", "public", "sort_key", "id"),)
    listing_id: UUID = Field(foreign_key="listing.id", ondelete="CASCADE", unique=True)
    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE", index=True)
    office_id: UUID = Field(foreign_key="office.id", index=True)
    slug: str = Field(unique=True, sa_column_kwargs=personal("listing"))
    public: bool = Field(default=False, sa_column_kwargs=personal("listing"))
    entry: dict[str, Any] = Field(
        default_factory=dict, sa_type=json_column(), sa_column_kwargs=personal("listing", audience="public")
    )
    sort_key: str = Field(default="", sa_column_kwargs=personal("name", audience="public"))
    country: str | None = Field(default=None, index=True, sa_column_kwargs=personal("affiliation", audience="public"))
    city: str | None = Field(default=None, sa_column_kwargs=personal("affiliation", audience="public"))
    institution: str = Field(default="", sa_column_kwargs=personal("affiliation", audience="public"))
    latitude: float | None = Field(default=None, sa_column_kwargs=personal("affiliation", audience="public"))
    longitude: float | None = Field(default=None, sa_column_kwargs=personal("affiliation", audience="public"))
    tags: str = Field(default="", sa_type=text_column(), sa_column_kwargs=personal("interest", audience="public"))
    """``|field:kakenhi-43|open_to:postdoc|language:ja|`` for filters."""
    search_engines: bool = Field(default=False, sa_column_kwargs=personal("consent"))
    bulk_reuse: bool = Field(default=False, sa_column_kwargs=personal("consent"))
    relay: bool = Field(default=False, sa_column_kwargs=personal("consent"))
    confirmed_at: datetime = Field(sa_type=UTCDateTime, sa_column_kwargs=personal("listing", audience="public"))
    changed_at: datetime = Field(sa_type=UTCDateTime, sa_column_kwargs=personal("listing"))
    withdrawn_at: datetime | None = Field(default=None, sa_type=UTCDateTime, sa_column_kwargs=personal("listing"))


class SnapshotKey(Base, table=True):
    """A normal form under which the public finds a snapshot: made from the snapshot alone, so it says nothing more."""

    __tablename__ = "listing_snapshot_key"
    __table_args__ = ({"sqlite_with_rowid": False},)
    key: str = Field(
        sa_column=Column(
            String().with_variant(String(collation="C"), "postgresql"),
            primary_key=True,
            **personal("name", audience="public", erase="row"),
        )
    )
    snapshot_id: UUID = Field(
        sa_column=Column(Uuid, ForeignKey("listing_snapshot.id", ondelete="CASCADE"), primary_key=True, index=True)
    )
