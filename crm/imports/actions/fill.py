"""Filling the gaps of a known person from a row. What is stored already is never overwritten."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.journal import record
from crm.core.columns import now
from crm.core.search import fold
from crm.imports.fields import entry_of
from crm.imports.models import ImportFile
from crm.organisations.queries import OrganisationIndex
from crm.people.actions.batch import affiliation_of, contacts_of, identifiers_of
from crm.people.entries import PersonEntry
from crm.people.models import (
    Affiliation,
    Basis,
    ContactPoint,
    Holding,
    Identifier,
    Interest,
    Link,
    NameKind,
    Origin,
    Person,
    PersonName,
    Source,
)
from crm.people.models.sources import Stated
from crm.people.queries.known import bearers, chunks

_NAME_FORMS = ("kanji", "kana", "latin")
_POST = ("unit", "title", "title_class", "city", "country", "institution")


class Held:
    """Rows by which the office holds these people, to tell afterwards which of them an import has made."""

    def __init__(self, session: Session, actor: Actor, ids: Collection[UUID]) -> None:
        self.rows: dict[UUID, set[tuple[str, str]]] = defaultdict(set)
        for model in (Holding, ContactPoint):
            for part in chunks(ids):
                mine = select(col(model.id), col(model.person_id)).where(
                    col(model.person_id).in_(part), col(model.office_id) == actor.office_id
                )
                for id, person_id in session.execute(mine):
                    self.rows[person_id].add((str(model.__tablename__), str(id)))

    def beyond(self, before: "Held", person_id: UUID) -> list[list[str]]:
        return [list(pair) for pair in sorted(self.rows[person_id] - before.rows[person_id])]


def fill_person(session: Session, actor: Actor, person_id: UUID, row: Any, file: ImportFile) -> dict[str, Any]:
    """Returns what was made, for undoing: ``rows`` as (table, id), ``set`` as (table, id, column, value)."""
    person = session.get_one(Person, person_id)
    entry = entry_of(row.fields, Source(Origin.IMPORT, file.name, row.row))
    filling = Filling(session, actor, person, entry)
    filling.hold(file.basis)
    filling.name()
    filling.post()
    filling.lists()
    filling.proofs()
    session.flush()
    return filling.made(row.file_id)


class Filling:
    def __init__(self, session: Session, actor: Actor, person: Person, entry: PersonEntry) -> None:
        self.session, self.actor, self.person, self.entry = session, actor, person, entry
        self.rows: list[list[str]] = []
        self.set: list[list[Any]] = []

    def hold(self, basis: Basis) -> None:
        if not self._any(Holding, office_id=self.actor.office_id, until=None):
            today = now().date()
            self._new(Holding, office_id=self.actor.office_id, basis=basis, since=today)

    def name(self) -> None:
        for form in _NAME_FORMS:
            value = getattr(self.entry, form)
            if value and not getattr(self.person, form):
                self._put(self.person, form, value)
                self._new(PersonName, kind=NameKind.WRITTEN, script=form, full=value)

        same_name = fold(self.person.full_name) == fold(self.entry.full_name)
        if same_name and not (self.person.family or self.person.given):
            for part in ("family", "given"):
                if value := getattr(self.entry, part):
                    self._put(self.person, part, value)

    def post(self) -> None:
        values = affiliation_of(self.entry, OrganisationIndex(self.session))
        if values is None:
            return
        wanted = select(Affiliation).where(col(Affiliation.person_id) == self.person.id)
        ours = self.session.execute(wanted.order_by(col(Affiliation.main).desc()).limit(1)).scalar()
        if ours is None:
            self._new(Affiliation, office_id=self.actor.office_id, main=True, **values)
            return
        same_place = not ours.institution or not values["institution"] or ours.institution == values["institution"]
        for column in _POST if same_place else ():
            if values[column] and not getattr(ours, column):
                self._put(ours, column, values[column])

    def lists(self) -> None:
        if not self._any(Interest, scheme="keyword"):
            for value in dict.fromkeys(self.entry.research_fields):
                self._new(Interest, scheme="keyword", value=value)
        if not self._any(Interest, scheme="open_to"):
            for value in dict.fromkeys(self.entry.open_to):
                self._new(Interest, scheme="open_to", value=value, as_of=now().date())
        if not self._any(Link):
            for address in dict.fromkeys(self.entry.links):
                self._new(Link, address=address)

    def proofs(self) -> None:
        points = contacts_of(self.entry)
        kinds = dict.fromkeys(kind for kind, _ in points)
        empty = [kind for kind in kinds if not self._any(ContactPoint, office_id=self.actor.office_id, kind=kind)]
        for kind, value in points:
            if kind in empty:
                self._new(ContactPoint, office_id=self.actor.office_id, kind=kind, value=value)
        pairs = identifiers_of(self.entry)
        taken = bearers(self.session, pairs)
        for scheme, value in pairs:
            if (scheme, value) not in taken and not self._any(Identifier, scheme=scheme):
                self._new(Identifier, scheme=scheme, value=value)

    def made(self, file_id: UUID) -> dict[str, Any]:
        if not self.rows and not self.set:
            return {}
        record(self.session, self.actor, "changed", self.person, {"import": file_id})
        return {"rows": self.rows, "set": self.set}

    def _any(self, model: Any, **values: Any) -> bool:
        wanted = select(model.id).filter_by(person_id=self.person.id, **values).limit(1)
        return self.session.execute(wanted).first() is not None

    def _new(self, model: Any, **values: Any) -> None:
        if issubclass(model, Stated):
            values["source"] = self.entry.source.said_by(self.actor.office_id)
        row = model(person_id=self.person.id, **values)
        self.session.add(row)
        self.session.flush()
        self.rows.append([model.__tablename__, str(row.id)])

    def _put(self, row: Any, column: str, value: Any) -> None:
        setattr(row, column, value)
        self.set.append([row.__tablename__, str(row.id), column, value])
