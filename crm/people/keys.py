"""The search keys of people: made from what is stored, kept beside it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlmodel import Session, col

from crm.core.search import keys_for, load_pairs, tokens_for
from crm.organisations.models import Organisation, OrganisationName
from crm.people.models import (
    SHARED,
    Affiliation,
    ContactKind,
    ContactPoint,
    Identifier,
    Interest,
    Person,
    PersonName,
    SearchKey,
    SearchToken,
)
from crm.people.rows import insert_missing, insert_rows

_AT_ONCE = 400


@dataclass(slots=True)
class Findable:
    """What a person is found by. ``names`` and ``emails`` are kept by office, ``SHARED`` for everyone."""

    names: dict[UUID, list[str]] = field(default_factory=lambda: defaultdict(list))
    emails: dict[UUID, list[str]] = field(default_factory=lambda: defaultdict(list))
    identifiers: list[str] = field(default_factory=list)
    institutions: list[str] = field(default_factory=list)
    keywords: list[str] = field(default_factory=list)

    def key_rows(self, person_id: UUID) -> list[dict[str, Any]]:
        """Rows of ``SearchKey``; an office's own key is left out where everyone has it."""
        shared = keys_for(
            self.names.get(SHARED, ()),
            identifiers=self.identifiers,
            institutions=self.institutions,
            keywords=self.keywords,
            pairs=load_pairs(),
        )
        rows = [{"key": key, "person_id": person_id, "office_id": SHARED} for key in sorted(shared)]
        for office_id in self.names.keys() | self.emails.keys():
            if office_id != SHARED:
                own = keys_for(self.names.get(office_id, ()), emails=self.emails.get(office_id, ())) - shared
                rows += [{"key": key, "person_id": person_id, "office_id": office_id} for key in sorted(own)]
        return rows


def write_search_keys(session: Session, found: dict[UUID, Findable]) -> None:
    """Write the keys of people who have none yet."""
    rows = [row for person_id, findable in found.items() for row in findable.key_rows(person_id)]
    insert_rows(session, SearchKey, rows)
    tokens = {token for findable in found.values() for token in tokens_for(findable.names.get(SHARED, ()))}
    insert_missing(session, SearchToken, [{"token": token} for token in sorted(tokens)])


def refresh_search_keys(session: Session, person_ids: Iterable[UUID]) -> None:
    """Make the keys of these people anew from their names, identifiers, institutions, interests and contact points."""
    session.flush()
    everyone = list(person_ids)
    for start in range(0, len(everyone), _AT_ONCE):
        ids = everyone[start : start + _AT_ONCE]
        session.execute(delete(SearchKey).where(col(SearchKey.person_id).in_(ids)))
        write_search_keys(session, _read(session, ids))


def _read(session: Session, ids: Sequence[UUID]) -> dict[UUID, Findable]:
    found: dict[UUID, Findable] = {person_id: Findable() for person_id in ids}
    people = select(col(Person.id), col(Person.full_name)).where(col(Person.id).in_(ids))
    for person_id, full_name in session.execute(people):
        found[person_id].names[SHARED].append(full_name)
    for name in session.execute(select(PersonName).where(col(PersonName.person_id).in_(ids))).scalars():
        found[name.person_id].names[name.office_id or SHARED].append(name.full)
    for identifier in session.execute(select(Identifier).where(col(Identifier.person_id).in_(ids))).scalars():
        found[identifier.person_id].identifiers.append(identifier.value)
    keywords = select(Interest).where(col(Interest.person_id).in_(ids), col(Interest.scheme) == "keyword")
    for interest in session.execute(keywords).scalars():
        found[interest.person_id].keywords.append(interest.value)
    addresses = select(ContactPoint).where(
        col(ContactPoint.person_id).in_(ids), col(ContactPoint.kind) == ContactKind.EMAIL
    )
    for point in session.execute(addresses).scalars():
        found[point.person_id].emails[point.office_id].append(point.value)
    _read_institutions(session, ids, found)
    return found


def _read_institutions(session: Session, ids: Sequence[UUID], found: dict[UUID, Findable]) -> None:
    rows = (
        select(
            col(Affiliation.person_id), col(Affiliation.institution), col(Organisation.name), col(OrganisationName.name)
        )
        .outerjoin(Organisation, col(Organisation.id) == col(Affiliation.organisation_id))
        .outerjoin(OrganisationName, col(OrganisationName.organisation_id) == col(Organisation.id))
        .where(col(Affiliation.person_id).in_(ids))
    )
    for person_id, *names in session.execute(rows):
        found[person_id].institutions += [name for name in names if name]
