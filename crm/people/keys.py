"""The search keys of people: made from what is stored, kept beside it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import String, cast, delete, func, select, union, update
from sqlmodel import Session, col

from crm.core.search import keys_for, load_pairs, tokens_for
from crm.organisations.models import Organisation, OrganisationName
from crm.people.models import (
    Affiliation,
    ContactKind,
    ContactPoint,
    Holding,
    Identifier,
    Interest,
    Person,
    PersonName,
    SearchKey,
    SearchToken,
    Share,
)
from crm.people.rows import insert_columns, insert_missing
from crm.vocabularies.models import Term

_AT_ONCE = 400


@dataclass(slots=True)
class Findable:
    """What a person is found by, and by which offices. Restricted names and addresses are each office's own."""

    offices: set[UUID] = field(default_factory=set)
    names: list[str] = field(default_factory=list)
    identifiers: list[str] = field(default_factory=list)
    institutions: list[str] = field(default_factory=list)
    keywords: list[str] = field(default_factory=list)
    own_names: dict[UUID, list[str]] = field(default_factory=lambda: defaultdict(list))
    own_emails: dict[UUID, list[str]] = field(default_factory=lambda: defaultdict(list))

    def keys_by_office(self) -> Iterator[tuple[UUID, set[str]]]:
        shared = keys_for(
            self.names,
            identifiers=self.identifiers,
            institutions=self.institutions,
            keywords=self.keywords,
            pairs=load_pairs(),
        )
        for office_id in self.offices:
            own = keys_for(self.own_names.get(office_id, ()), emails=self.own_emails.get(office_id, ()))
            yield office_id, shared | own


def write_search_keys(session: Session, found: dict[UUID, Findable]) -> None:
    """Write the keys of people who have none yet."""
    columns: dict[str, list[Any]] = {"office_id": [], "key": [], "person_id": []}
    for person_id, findable in found.items():
        for office_id, keys in findable.keys_by_office():
            columns["office_id"] += [office_id] * len(keys)
            columns["key"] += sorted(keys)
            columns["person_id"] += [person_id] * len(keys)
    insert_columns(session, SearchKey, columns)
    _write_tokens(session, found)


def _write_tokens(session: Session, found: dict[UUID, Findable]) -> None:
    tokens = {token for findable in found.values() for token in tokens_for(findable.names)}
    insert_missing(session, SearchToken, [{"token": token} for token in sorted(tokens)])


def refresh_search_keys(session: Session, person_ids: Iterable[UUID]) -> None:
    """Make the keys of these people, and their places in the offices' lists, anew from what is stored."""
    session.flush()
    everyone = list(person_ids)
    for start in range(0, len(everyone), _AT_ONCE):
        ids = everyone[start : start + _AT_ONCE]
        _write_what_differs(session, ids, _read(session, ids))
        _put_in_order(session, ids)


def _write_what_differs(session: Session, ids: Sequence[UUID], found: dict[UUID, Findable]) -> None:
    """Most changes of a record touch few of its keys, and many none."""
    columns = (col(SearchKey.office_id), col(SearchKey.key), col(SearchKey.person_id))
    stored = {tuple(row) for row in session.execute(select(*columns).where(col(SearchKey.person_id).in_(ids)))}
    wanted = {
        (office_id, key, person_id)
        for person_id, findable in found.items()
        for office_id, keys in findable.keys_by_office()
        for key in keys
    }
    for office_id, key, person_id in sorted(stored - wanted, key=str):
        gone = (columns[0] == office_id) & (columns[1] == key) & (columns[2] == person_id)
        session.execute(delete(SearchKey).where(gone))
    if new := sorted(wanted - stored, key=str):
        office_ids, keys, person_ids = zip(*new, strict=True)
        insert_columns(session, SearchKey, {"office_id": office_ids, "key": keys, "person_id": person_ids})
        _write_tokens(session, found)


def _put_in_order(session: Session, ids: Sequence[UUID]) -> None:
    of_person = col(Holding.person_id)
    name = select(col(Person.sort_key)).where(col(Person.id) == of_person).scalar_subquery()
    place = select(func.min(col(Affiliation.institution))).where(
        col(Affiliation.person_id) == of_person, col(Affiliation.until).is_(None)
    )
    values = {"sort_key": name, "place_key": func.coalesce(place.scalar_subquery(), "")}
    session.execute(update(Holding).where(of_person.in_(ids)).values(values))


def _read(session: Session, ids: Sequence[UUID]) -> dict[UUID, Findable]:
    found: dict[UUID, Findable] = {person_id: Findable() for person_id in ids}
    people = select(col(Person.id), col(Person.full_name)).where(col(Person.id).in_(ids))
    for person_id, full_name in session.execute(people):
        found[person_id].names.append(full_name)
    holders = select(col(Holding.person_id), col(Holding.office_id)).where(
        col(Holding.person_id).in_(ids), col(Holding.until).is_(None)
    )
    shown = select(col(Share.person_id), col(Share.to_office_id)).where(
        col(Share.person_id).in_(ids), col(Share.withdrawn_at).is_(None)
    )
    for person_id, office_id in session.execute(union(holders, shown)):
        found[person_id].offices.add(office_id)
    for name in session.execute(select(PersonName).where(col(PersonName.person_id).in_(ids))).scalars():
        findable = found[name.person_id]
        (findable.own_names[name.office_id] if name.office_id else findable.names).append(name.full)
    for identifier in session.execute(select(Identifier).where(col(Identifier.person_id).in_(ids))).scalars():
        found[identifier.person_id].identifiers.append(identifier.value)
    _read_fields(session, ids, found)
    addresses = select(ContactPoint).where(
        col(ContactPoint.person_id).in_(ids), col(ContactPoint.kind) == ContactKind.EMAIL
    )
    for point in session.execute(addresses).scalars():
        found[point.person_id].own_emails[point.office_id].append(point.value)
    _read_institutions(session, ids, found)
    return found


def _read_fields(session: Session, ids: Sequence[UUID], found: dict[UUID, Findable]) -> None:
    """Keywords as they are; a coded field by its names in both languages."""
    mine = (col(Interest.person_id).in_(ids), col(Interest.scheme).in_(["keyword", "kakenhi", "ford"]))
    term = (col(Term.code) == col(Interest.value)) & (cast(Term.scheme, String) == col(Interest.scheme))
    names = select(col(Interest.person_id), col(Interest.value), col(Term.name_ja), col(Term.name_en))
    for person_id, value, *named in session.execute(names.outerjoin(Term, term).where(*mine)):
        found[person_id].keywords += [name for name in named if name] or [value]


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
