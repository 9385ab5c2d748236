from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field

from crm.core.choices import Choice
from crm.core.columns import IMPERSONAL, UTCDateTime, choice, personal, text_column
from crm.core.db import Row
from crm.core.i18n import Lazy
from crm.core.i18n import lazy_gettext as _l


class Basis(Choice):
    PUBLIC_LIST = "public_list", _l("Public list of the mission")
    OWN_CONTACT = "own_contact", _l("Own contact")
    NOMINATION = "nomination", _l("Nomination")
    CONSENT = "consent", _l("Consent of the person")
    DUTY = "duty", _l("Duty of the office")


_OPEN = text("until is null")


class Holding(Row, table=True):
    """An office holds a person: since when, until when, on what basis. At most one open holding per office.

    ``sort_key`` and ``place_key`` repeat the person's, so that an office's list is one walk along an index.
    """

    __tablename__ = "holding"
    __table_args__ = (
        Index("uq_holding_open", "office_id", "person_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_holding_person_id", "person_id"),
        Index("ix_holding_name", "office_id", "sort_key", "person_id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_holding_place", "office_id", "place_key", "person_id", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )
    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE")
    office_id: UUID = Field(foreign_key="office.id")
    basis: Basis = Field(default=Basis.OWN_CONTACT, sa_type=choice(Basis), sa_column_kwargs=personal("holding"))
    since: date = Field(sa_column_kwargs=personal("holding"))
    until: date | None = Field(default=None, sa_column_kwargs=personal("holding"))
    note: str | None = Field(default=None, sa_type=text_column(), sa_column_kwargs=personal("note", restricted=True))
    sort_key: str = Field(default="", sa_column_kwargs=personal("name"))
    place_key: str = Field(default="", sa_column_kwargs=personal("affiliation"))


class Facet(Choice):
    """What of a person a share shows: the shared identity alone, or one thing beside it that is the giver's own."""

    PERSON = "person", _l("Names, posts, fields, links and identifiers")
    ADDRESSES = "addresses", _l("Those, and your office's addresses")
    NOTE = "note", _l("Those, and your office's note")
    RELATIONS = "relations", _l("Those, and the relations that your office has noted")

    @property
    def name_alone(self) -> Lazy:
        return _ALONE[self]


_ALONE = {
    Facet.PERSON: _l("the person"),
    Facet.ADDRESSES: _l("the person and the addresses"),
    Facet.NOTE: _l("the person and the note"),
    Facet.RELATIONS: _l("the person and the relations"),
}


class Share(Row, table=True):
    """A holding office lets another see a person, and at most one facet of its own, for a reason and a time."""

    __tablename__ = "share"
    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE", index=True)
    from_office_id: UUID = Field(foreign_key="office.id")
    to_office_id: UUID = Field(foreign_key="office.id", index=True)
    facet: Facet = Field(default=Facet.PERSON, sa_type=choice(Facet), sa_column_kwargs=IMPERSONAL)
    reason: str = Field(sa_column_kwargs=personal("note"))
    since: date = Field(sa_column_kwargs=personal("holding"))
    until: date | None = Field(default=None, sa_column_kwargs=personal("holding"))
    given_by: UUID | None = Field(default=None, foreign_key="user_account.id")
    withdrawn_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
