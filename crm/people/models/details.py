from datetime import date
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from crm.core.choices import Choice
from crm.core.columns import choice, personal
from crm.core.db import Row
from crm.core.i18n import lazy_gettext as _l
from crm.people.models.sources import Stated


class Identifier(Stated, table=True):
    """An ORCID iD, a researcher number …: unique by scheme and value, so it proves sameness."""

    __tablename__ = "identifier"
    __table_args__ = (UniqueConstraint("scheme", "value"),)
    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE", index=True)
    scheme: str = Field(sa_column_kwargs=personal("identity"))
    value: str = Field(sa_column_kwargs=personal("identity", erase="row"))


class Affiliation(Stated, table=True):
    """A post at an institution for a time; ``institution`` as written when the directory does not have it."""

    __tablename__ = "affiliation"
    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE", index=True)
    organisation_id: UUID | None = Field(default=None, foreign_key="organisation.id", index=True)
    institution: str = Field(default="", sa_column_kwargs=personal("affiliation"))
    unit: str | None = Field(default=None, sa_column_kwargs=personal("affiliation"))
    title: str | None = Field(default=None, sa_column_kwargs=personal("affiliation"))
    title_class: str | None = Field(default=None, sa_column_kwargs=personal("affiliation"))
    city: str | None = Field(default=None, sa_column_kwargs=personal("affiliation"))
    country: str | None = Field(default=None, sa_column_kwargs=personal("affiliation"))
    since: date | None = Field(default=None, sa_column_kwargs=personal("affiliation"))
    until: date | None = Field(default=None, sa_column_kwargs=personal("affiliation"))
    main: bool = Field(default=True, sa_column_kwargs=personal("affiliation"))
    office_id: UUID | None = Field(default=None, foreign_key="office.id")
    """Which office says so."""
    verified_on: date | None = Field(default=None, sa_column_kwargs=personal("affiliation"))


class Interest(Stated, table=True):
    """A research field: a term of a code list, a free keyword, or (scheme ``open_to``) what the person offers."""

    __tablename__ = "interest"
    __table_args__ = (UniqueConstraint("person_id", "scheme", "value"),)
    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE")
    scheme: str = Field(default="keyword", sa_column_kwargs=personal("interest"))
    value: str = Field(sa_column_kwargs=personal("interest", erase="row"))
    as_of: date | None = Field(default=None, sa_column_kwargs=personal("interest"))


class Link(Stated, table=True):
    """A public page of or about the person: the laboratory, a profile."""

    __tablename__ = "person_link"
    __table_args__ = (UniqueConstraint("person_id", "address"),)
    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE")
    address: str = Field(sa_column_kwargs=personal("contact", erase="row"))
    label: str = Field(default="", sa_column_kwargs=personal("contact"))


class ContactKind(Choice):
    EMAIL = "email", _l("E-mail")
    PHONE = "phone", _l("Phone")
    POST = "post", _l("Postal address")


class ContactState(Choice):
    OK = "ok", _l("In use")
    BOUNCED = "bounced", _l("Bounced")
    UNSUBSCRIBED = "unsubscribed", _l("Unsubscribed")
    DO_NOT_USE = "do_not_use", _l("Do not use")


class ContactPoint(Row, table=True):
    """How one office reaches a person: belongs to both, is never shared by itself."""

    __tablename__ = "contact_point"
    __table_args__ = (UniqueConstraint("person_id", "office_id", "kind", "value"),)
    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE")
    office_id: UUID = Field(foreign_key="office.id", index=True)
    kind: ContactKind = Field(
        default=ContactKind.EMAIL, sa_type=choice(ContactKind), sa_column_kwargs=personal("contact")
    )
    value: str = Field(index=True, sa_column_kwargs=personal("contact", erase="row"))
    """E-mail addresses in lower case."""
    state: ContactState = Field(
        default=ContactState.OK, sa_type=choice(ContactState), sa_column_kwargs=personal("contact")
    )
