from uuid import UUID

from sqlmodel import Field

from crm.core.choices import Choice
from crm.core.columns import choice, personal
from crm.core.i18n import lazy_gettext as _l
from crm.people.models.sources import Stated


class NameKind(Choice):
    WRITTEN = "written", _l("As written")
    LEGAL = "legal", _l("Legal name")
    PASSPORT = "passport", _l("Name in passport")
    PEN = "pen", _l("Name on publications")
    FORMER = "former", _l("Former name")
    PREFERRED = "preferred", _l("Preferred name")

    @property
    def is_restricted(self) -> bool:
        """Legal, passport and former names belong to the office that holds them, not to the shared identity."""
        return self in (self.LEGAL, self.PASSPORT, self.FORMER)


class PersonName(Stated, table=True):
    """A form of a person's name. ``office_id`` is None for the shared forms, the holder for restricted ones."""

    __tablename__ = "person_name"
    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE", index=True)
    office_id: UUID | None = Field(default=None, foreign_key="office.id")
    kind: NameKind = Field(default=NameKind.WRITTEN, sa_type=choice(NameKind), sa_column_kwargs=personal("name"))
    script: str = Field(default="latin", sa_column_kwargs=personal("name"))
    full: str = Field(sa_column_kwargs=personal("name", erase="row"))
    family: str | None = Field(default=None, sa_column_kwargs=personal("name"))
    given: str | None = Field(default=None, sa_column_kwargs=personal("name"))
