"""What the reader's office may know of people whom somebody writes down: in a row of a list, in a form."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.core.matching import Candidate
from crm.core.search import fold
from crm.people.models import (
    Affiliation,
    ContactKind,
    ContactPoint,
    Identifier,
    Interest,
    Link,
    Person,
    PersonName,
    SearchKey,
)
from crm.people.queries.visible import VISIBLE, seen_by

_AT_ONCE = 400


@dataclass(slots=True)
class Known:
    """A visible person: ``fields`` as a row would have them."""

    id: UUID
    fields: dict[str, Any]
    names: list[str] = field(default_factory=list)
    identifiers: list[tuple[str, str]] = field(default_factory=list)
    emails: list[str] = field(default_factory=list)

    @property
    def candidate(self) -> Candidate:
        return Candidate(
            names=tuple(self.names),
            readings=tuple(kana for kana in [self.fields.get("kana")] if kana),
            institution=self.fields.get("institution") or "",
            fields=tuple(self.fields.get("research_fields") or ()),
            emails=tuple(self.emails),
            identifiers=tuple(self.identifiers),
            city=self.fields.get("city"),
            country=self.fields.get("country"),
        )

    def differences(self, theirs: dict[str, Any]) -> dict[str, list[Any]]:
        """``{field: [ours, theirs]}`` where the row says something that is not stored."""
        return {
            name: [self.fields.get(name) or None, value]
            for name, value in theirs.items()
            if name in self.fields and value and not self._has(name, value) and not self._other_parts(name, theirs)
        }

    def _other_parts(self, name: str, theirs: dict[str, Any]) -> bool:
        """Parts of a name in another script than the stored one say nothing about it."""
        return name in ("family", "given") and fold(theirs.get("full_name") or "") != fold(self.fields["full_name"])

    def _has(self, name: str, value: Any) -> bool:
        ours = self.fields.get(name)
        if name == "full_name":
            return fold(value) in {fold(one) for one in self.names}
        if isinstance(value, list):
            return {fold(one) for one in value} <= {fold(one) for one in ours or ()}
        return bool(ours) and fold(value) == fold(str(ours))


def chunks(values: Collection[Any]) -> Iterator[list[Any]]:
    left = iter(values)
    while part := list(islice(left, _AT_ONCE)):
        yield part


def visible_ids(session: Session, actor: Actor, ids: Collection[UUID]) -> set[UUID]:
    seen: set[UUID] = set()
    for part in chunks(ids):
        wanted = VISIBLE.where(col(Person.id).in_(part)).with_only_columns(col(Person.id))
        seen.update(session.execute(wanted, seen_by(actor)).scalars())
    return seen


def bearers(session: Session, pairs: Collection[tuple[str, str]]) -> dict[tuple[str, str], UUID]:
    """Who bears these identifiers, whoever may see them."""
    found: dict[tuple[str, str], UUID] = {}
    for part in chunks({value for _, value in pairs}):
        rows = session.execute(select(Identifier).where(col(Identifier.value).in_(part))).scalars()
        found.update({(row.scheme, row.value): row.person_id for row in rows})
    return found


def reached_by(session: Session, actor: Actor, emails: Collection[str]) -> dict[str, list[UUID]]:
    """Whom the office itself reaches under these addresses."""
    found: dict[str, list[UUID]] = defaultdict(list)
    for part in chunks(emails):
        rows = session.execute(
            select(col(ContactPoint.value), col(ContactPoint.person_id)).where(
                col(ContactPoint.value).in_(part),
                col(ContactPoint.office_id) == actor.office_id,
                col(ContactPoint.kind) == ContactKind.EMAIL,
            )
        )
        for value, person_id in rows:
            found[value].append(person_id)
    return found


def named(session: Session, actor: Actor, keys: Collection[str]) -> dict[str, set[UUID]]:
    """People found under whole names."""
    found: dict[str, set[UUID]] = defaultdict(set)
    for part in chunks(keys):
        rows = session.execute(
            VISIBLE.join(SearchKey, col(SearchKey.person_id) == col(Person.id))
            .where(col(SearchKey.key).in_(part), col(SearchKey.office_id) == actor.office_id)
            .with_only_columns(col(SearchKey.key), col(SearchKey.person_id)),
            seen_by(actor),
        )
        for key, person_id in rows:
            found[key].add(person_id)
    return found


def describe(session: Session, actor: Actor, ids: Collection[UUID]) -> dict[UUID, Known]:
    """The people of these ids; whether the actor may see them has been asked before."""
    known: dict[UUID, Known] = {}
    for part in chunks(ids):
        for person in session.execute(select(Person).where(col(Person.id).in_(part))).scalars():
            words = {name: getattr(person, name) for name in ("full_name", "family", "given", "kanji", "kana", "latin")}
            lists: dict[str, Any] = {"research_fields": [], "links": []}
            empty = dict.fromkeys(("title", "institution", "unit", "city", "country", "email", "phone", "orcid"))
            names = [person.full_name, *(name for name in (person.kanji, person.latin) if name)]
            known[person.id] = Known(person.id, {**words, **empty, **lists}, list(dict.fromkeys(names)))
        _details(session, actor, part, known)
    return known


def _details(session: Session, actor: Actor, ids: Sequence[UUID], known: dict[UUID, Known]) -> None:
    for name in session.execute(_of(PersonName, ids, actor)).scalars():
        known[name.person_id].names.append(name.full)
    for post in session.execute(_of(Affiliation, ids).order_by(col(Affiliation.main))).scalars():
        columns = ("title", "institution", "unit", "city", "country")
        known[post.person_id].fields.update({name: getattr(post, name) or None for name in columns})
    keywords = _of(Interest, ids).where(col(Interest.scheme) == "keyword").order_by(col(Interest.id))
    for interest in session.execute(keywords).scalars():
        known[interest.person_id].fields["research_fields"].append(interest.value)
    for link in session.execute(_of(Link, ids)).scalars():
        known[link.person_id].fields["links"].append(link.address)
    for one in session.execute(_of(Identifier, ids)).scalars():
        known[one.person_id].identifiers.append((one.scheme, one.value))
        known[one.person_id].fields[one.scheme] = one.value
    points = _of(ContactPoint, ids).where(col(ContactPoint.office_id) == actor.office_id)
    for point in session.execute(points).scalars():
        known[point.person_id].fields[point.kind.value] = point.value
        if point.kind is ContactKind.EMAIL:
            known[point.person_id].emails.append(point.value)


def _of(model: Any, ids: Sequence[UUID], actor: Actor | None = None) -> Any:
    wanted = select(model).where(model.person_id.in_(ids))
    return wanted.where(or_(model.office_id.is_(None), model.office_id == actor.office_id)) if actor else wanted
