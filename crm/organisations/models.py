from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from crm.core.choices import Choice
from crm.core.columns import choice
from crm.core.db import Row, Versioned
from crm.core.i18n import lazy_gettext as _l


class OrganisationKind(Choice):
    UNIVERSITY = "university", _l("University")
    INSTITUTE = "institute", _l("Research institute")
    COMPANY = "company", _l("Company")
    GOVERNMENT = "government", _l("Government body")
    HOSPITAL = "hospital", _l("Hospital")
    NONPROFIT = "nonprofit", _l("Foundation or non-profit body")
    OTHER = "other", _l("Other")


class Organisation(Versioned, table=True):
    """An institution in the shared directory. ``name`` is the one it uses itself; others stand in its names."""

    __tablename__ = "organisation"
    name: str = Field(index=True)
    name_key: str = Field(index=True)
    """``name`` folded for search, see ``core.search.fold``."""
    kind: OrganisationKind = Field(default=OrganisationKind.OTHER, sa_type=choice(OrganisationKind))
    ror: str | None = Field(default=None, unique=True)
    city: str | None = None
    region: str | None = None
    country: str | None = Field(default=None, index=True)
    geonames_id: int | None = None
    latitude: float | None = None
    longitude: float | None = None
    website: str | None = None
    source: str | None = None


class OrganisationName(Row, table=True):
    """A name in a language, an alias or an acronym."""

    __tablename__ = "organisation_name"
    __table_args__ = (UniqueConstraint("organisation_id", "language", "name"),)
    organisation_id: UUID = Field(foreign_key="organisation.id", ondelete="CASCADE")
    name: str
    name_key: str = Field(index=True)
    language: str = ""
    """BCP 47, empty for acronyms and aliases."""
