from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from crm.core.choices import Choice
from crm.core.columns import choice, personal
from crm.core.db import Row
from crm.core.i18n import lazy_gettext as _l


class RelationKind(Choice):
    SUPERVISION = "supervision", _l("Supervisor and student")
    HOSTING = "hosting", _l("Host and guest")
    COLLABORATION = "collaboration", _l("Collaborators")
    FAMILY = "family", _l("Family")


class Part(Choice):
    """What somebody is to the person whose record is read."""

    SUPERVISOR = "supervisor", _l("Supervisor")
    STUDENT = "student", _l("Student")
    COLLABORATOR = "collaborator", _l("Collaborator")
    HOST = "host", _l("Host")
    GUEST = "guest", _l("Guest")
    FAMILY = "family", _l("Family")


FIRST = {RelationKind.SUPERVISION: Part.SUPERVISOR, RelationKind.HOSTING: Part.HOST}
SECOND = {RelationKind.SUPERVISION: Part.STUDENT, RelationKind.HOSTING: Part.GUEST}
ALIKE = {RelationKind.COLLABORATION: Part.COLLABORATOR, RelationKind.FAMILY: Part.FAMILY}
"""What the first of a pair is to the second, the second to the first, and each to the other."""


class Relation(Row, table=True):
    """Two people and what they are to each other, as one office knows it; of two alike the older id is first."""

    __tablename__ = "relation"
    __table_args__ = (
        UniqueConstraint("office_id", "kind", "first_id", "second_id"),
        CheckConstraint("until is null or since is null or until >= since", name="term"),
    )
    office_id: UUID = Field(foreign_key="office.id", index=True)
    kind: RelationKind = Field(sa_type=choice(RelationKind), sa_column_kwargs=personal("relation", erase="row"))
    first_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE", index=True)
    second_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE", index=True)
    since: date | None = Field(default=None, sa_column_kwargs=personal("relation"))
    until: date | None = Field(default=None, sa_column_kwargs=personal("relation"))
    note: str | None = Field(default=None, sa_column_kwargs=personal("note", restricted=True))

    def part_of_other(self, person_id: UUID) -> Part:
        """What the other one is to this person."""
        kind = RelationKind(self.kind)
        if kind in ALIKE:
            return ALIKE[kind]
        return SECOND[kind] if person_id == self.first_id else FIRST[kind]

    def other_than(self, person_id: UUID) -> UUID:
        return self.second_id if person_id == self.first_id else self.first_id
