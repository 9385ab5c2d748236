"""People by the thousand: imports and the demo write through here, and so does the form for one."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, SQLModel, col

from crm.accounts.access import Actor
from crm.accounts.models import JournalEntry
from crm.core.columns import new_id, now
from crm.core.identifiers import InvalidIdentifier, normalise
from crm.core.names import script_of
from crm.core.places import country_code
from crm.core.search import fold
from crm.organisations.queries import OrganisationIndex
from crm.people.actions.telling import tell_holders
from crm.people.entries import PersonEntry, link_of
from crm.people.keys import Findable, refresh_search_keys, write_search_keys
from crm.people.models import (
    Affiliation,
    Basis,
    ContactKind,
    ContactPoint,
    ContactState,
    Holding,
    Identifier,
    Interest,
    Link,
    NameKind,
    Person,
    PersonName,
    Source,
)
from crm.people.naming import name_forms, sort_key
from crm.people.rows import insert_missing, insert_rows
from crm.vocabularies.queries import position_class

_AT_ONCE = 500
_ORDER: tuple[type[SQLModel], ...] = (
    Person,
    PersonName,
    Affiliation,
    Interest,
    Link,
    ContactPoint,
    Identifier,
    Holding,
    JournalEntry,
)


def add_people(session: Session, actor: Actor, entries: Sequence[PersonEntry], basis: Basis) -> list[UUID]:
    """Make these people and have the actor's office hold them; the id of each entry's person, in order.

    Somebody whose ORCID iD or e-Rad number is known already is not made twice: the office holds the known person, with
    its own contact points. An identifier that cannot be one is left out: forms and readers have said so before.
    """
    people: list[UUID] = []
    index = OrganisationIndex(session)
    for start in range(0, len(entries), _AT_ONCE):
        batch = Batch(session, actor, basis, index)
        people += batch.add(entries[start : start + _AT_ONCE])
    return people


class Batch:
    """The rows of one stretch of entries, gathered before anything is written."""

    def __init__(self, session: Session, actor: Actor, basis: Basis, index: OrganisationIndex) -> None:
        self.session, self.actor, self.basis, self.index = session, actor, basis, index
        self.at: datetime = now()
        self.source: Source | None = None
        self.said: dict[str, Any] = {}
        self.journalled = {"basis": basis.value}
        self.rows: dict[type[SQLModel], list[dict[str, Any]]] = defaultdict(list)
        self.findable: dict[UUID, Findable] = {}
        self.added: dict[UUID, dict[str, Any]] = {}

    def add(self, entries: Sequence[PersonEntry]) -> list[UUID]:
        self.session.flush()
        self.index.prepare(entry.institution for entry in entries if entry.institution)
        known = known_people(self.session, [pair for entry in entries for pair in identifiers_of(entry)])
        taken = {pair: person.id for pair, person in known.items()}
        before = set(taken.values())
        others = self._not_held(known.values())
        people: list[UUID] = []
        for entry in entries:
            pairs = identifiers_of(entry)
            person_id = next((taken[pair] for pair in pairs if pair in taken), None)
            if person_id is None:
                person_id = self._person(entry)
                self._identified(person_id, pairs, entry)
                self._described(person_id, entry)
            elif person_id in others:
                self._known(others[person_id], entry)
            taken.update({pair: person_id for pair in pairs if pair not in taken})
            self._held(person_id, entry)
            people.append(person_id)
        for model in _ORDER:
            write = insert_missing if model in (Holding, ContactPoint) else insert_rows
            write(self.session, model, self.rows[model])
        write_search_keys(self.session, self.findable)
        tell_holders(self.session, self.actor, self.added)
        refresh_search_keys(self.session, before & set(people))
        return people

    def _row(self, model: type[SQLModel], **values: Any) -> UUID:
        row_id = new_id()
        self.rows[model].append({"id": row_id, "created_at": self.at, **values})
        return row_id

    def _person(self, entry: PersonEntry) -> UUID:
        person_id = self._row(
            Person, version=1, full_name=entry.full_name, family=entry.family, given=entry.given, kanji=entry.kanji,
            kana=entry.kana, latin=entry.latin, sort_key=sort_key(entry), sector=entry.sector,
            spoken_languages=list(entry.languages), preferred_language=entry.preferred_language, merged_into=None,
        )  # fmt: skip
        self.findable[person_id] = Findable(offices={self.actor.office_id})
        for script, form in name_forms(entry):
            self.findable[person_id].names.append(form)
            self._stated(
                PersonName, entry, person_id=person_id, office_id=None, kind=NameKind.WRITTEN, script=script, full=form,
                family=entry.family if script == "latin" else None, given=entry.given if script == "latin" else None,
            )  # fmt: skip
        if entry.former:
            self.findable[person_id].own_names[self.actor.office_id].append(entry.former)
            self._stated(
                PersonName, entry, person_id=person_id, office_id=self.actor.office_id, kind=NameKind.FORMER,
                script=str(script_of(entry.former)), full=entry.former, family=None, given=None,
            )  # fmt: skip
        return person_id

    def _not_held(self, known: Iterable[Person]) -> dict[UUID, Person]:
        """Those of them whom only other offices hold."""
        people = {person.id: person for person in known}
        mine = select(col(Holding.person_id)).where(
            col(Holding.person_id).in_(people),
            col(Holding.office_id) == self.actor.office_id,
            col(Holding.until).is_(None),
        )
        held = set(self.session.execute(mine).scalars()) if people else set()
        return {id: person for id, person in people.items() if id not in held}

    def _known(self, person: Person, entry: PersonEntry) -> None:
        """The office's own words about somebody whom others knew first: its form of the name, and the post."""
        said = {fold(word) for word in person.as_words().values() if word}
        for script, form in name_forms(entry):
            if fold(form) not in said:
                self._stated(
                    PersonName, entry, person_id=person.id, office_id=self.actor.office_id, kind=NameKind.WRITTEN,
                    script=script, full=form, family=None, given=None,
                )  # fmt: skip
        if affiliation := affiliation_of(entry, self.index):
            post = {"person_id": person.id, "office_id": self.actor.office_id, "main": True, **affiliation}
            self._stated(Affiliation, entry, **post)
            self.added[person.id] = {"institution": [None, affiliation["institution"]]}

    def _stated(self, model: type[SQLModel], entry: PersonEntry, **values: Any) -> None:
        """A fact that is not the office's own. All that one entry says has one source."""
        if entry.source is not self.source:
            self.source, self.said = entry.source, entry.source.said_by(self.actor.office_id)
        self._row(model, source=self.said, **values)

    def _identified(self, person_id: UUID, pairs: list[tuple[str, str]], entry: PersonEntry) -> None:
        for scheme, value in pairs:
            self.findable[person_id].identifiers.append(value)
            self._stated(Identifier, entry, person_id=person_id, scheme=scheme, value=value)

    def _described(self, person_id: UUID, entry: PersonEntry) -> None:
        found = self.findable[person_id]
        if affiliation := affiliation_of(entry, self.index):
            said = {"person_id": person_id, "office_id": self.actor.office_id, "main": True, **affiliation}
            self._stated(Affiliation, entry, **said)
        if organisation := self.index.find(entry.institution, affiliation["country"] if affiliation else None):
            found.institutions += organisation.names
        found.institutions += [entry.institution] if entry.institution else []
        for value in dict.fromkeys(entry.research_fields):
            found.keywords.append(value)
            self._stated(Interest, entry, person_id=person_id, scheme="keyword", value=value, as_of=None)
        for value in dict.fromkeys(entry.open_to):
            self._stated(Interest, entry, person_id=person_id, scheme="open_to", value=value, as_of=self.at.date())
        for address, label in dict(link_of(line) for line in entry.links).items():
            self._stated(Link, entry, person_id=person_id, address=address, label=label)

    def _held(self, person_id: UUID, entry: PersonEntry) -> None:
        office_id = self.actor.office_id
        self._row(
            Holding, person_id=person_id, office_id=office_id, basis=self.basis, since=self.at.date(), until=None,
            note=entry.note, sort_key=sort_key(entry), place_key=entry.institution or "",
        )  # fmt: skip
        for kind, value in contacts_of(entry):
            if kind == ContactKind.EMAIL and person_id in self.findable:
                self.findable[person_id].own_emails[office_id].append(value)
            self._row(
                ContactPoint, person_id=person_id, office_id=office_id, kind=kind, value=value, state=ContactState.OK
            )
        self._row(
            JournalEntry, actor_id=self.actor.user_id, office_id=office_id, verb="added", subject_kind="person",
            subject_id=person_id, changes=self.journalled,
        )  # fmt: skip


def contacts_of(entry: PersonEntry) -> list[tuple[ContactKind, str]]:
    email = (entry.email or "").strip().lower()
    phones = [(ContactKind.PHONE, number) for number in (entry.phone, *entry.more_phones)]
    said = [(ContactKind.EMAIL, email), *phones, (ContactKind.POST, entry.address)]
    return [(kind, value) for kind, value in said if value]


def identifiers_of(entry: PersonEntry) -> list[tuple[str, str]]:
    """(scheme, normal form) of those that can be one."""
    pairs = []
    for scheme, text in entry.identifiers:
        with suppress(InvalidIdentifier):
            pairs.append((scheme, normalise(scheme, text)))
    return pairs


def known_people(session: Session, pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Person]:
    """Who bears these identifiers already."""
    wanted = set(pairs)
    if not wanted:
        return {}
    rows = session.execute(
        select(Identifier, Person)
        .join(Person, col(Person.id) == col(Identifier.person_id))
        .where(col(Identifier.value).in_([value for _, value in wanted]))
    )
    return {pair: person for row, person in rows if (pair := (row.scheme, row.value)) in wanted}


def affiliation_of(entry: PersonEntry, index: OrganisationIndex) -> dict[str, Any] | None:
    """The columns of an ``Affiliation`` as the entry has them; None when it says nothing of one."""
    if not (entry.institution or entry.unit or entry.title or entry.city or entry.country):
        return None
    country = code_of(entry.country) if entry.country else None
    organisation = index.find(entry.institution, country)
    return {
        "organisation_id": organisation.id if organisation else None,
        "institution": entry.institution or "",
        "unit": entry.unit,
        "title": entry.title,
        "title_class": position_class(entry.title) if entry.title else None,
        "city": entry.city or (organisation.city if organisation else None),
        "country": country or (organisation.country if organisation else None),
        "since": None,
        "until": None,
        "verified_on": None,
    }


@lru_cache(maxsize=1_000)
def code_of(country: str) -> str:
    return country_code(country) or country
