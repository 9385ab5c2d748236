"""What the reader's office may know of people whom somebody writes down: in a row of a list, in a form."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select, true
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


_NAMES = ("full_name", "family", "given", "kanji", "kana", "latin")
_POST = ("title", "institution", "unit", "city", "country")
_ALL = true()
_EMPTY = dict.fromkeys((*_POST, "email", "phone", "orcid"))


def describe(session: Session, actor: Actor, ids: Collection[UUID]) -> dict[UUID, Known]:
    """The people of these ids; whether the actor may see them has been asked before.

    Columns, not objects: it is asked for long lists.
    """
    known: dict[UUID, Known] = {}
    for part in chunks(ids):
        columns = (col(Person.id), *(getattr(Person, name) for name in _NAMES))
        for id, *written in session.execute(select(*columns).where(col(Person.id).in_(part))):
            said = dict(zip(_NAMES, written, strict=True))
            names = [said["full_name"], said["kanji"], said["latin"]]
            fields = {**said, **_EMPTY, "research_fields": [], "links": []}
            known[id] = Known(id, fields, list(dict.fromkeys(name for name in names if name)))
        _details(session, actor, part, known)
    return known


def _details(session: Session, actor: Actor, ids: Sequence[UUID], known: dict[UUID, Known]) -> None:
    def rows(model: Any, *columns: Any, where: Any = _ALL, order: Any = None) -> Any:
        wanted = select(model.person_id, *columns).where(model.person_id.in_(ids), where)
        return session.execute(wanted.order_by(model.id if order is None else order))

    own_name = or_(col(PersonName.office_id).is_(None), col(PersonName.office_id) == actor.office_id)
    for id, name in rows(PersonName, PersonName.full, where=own_name):
        known[id].names.append(name)
    for id, *post in rows(Affiliation, *(getattr(Affiliation, name) for name in _POST), order=col(Affiliation.main)):
        known[id].fields.update(zip(_POST, (value or None for value in post), strict=True))
    for id, value in rows(Interest, Interest.value, where=col(Interest.scheme) == "keyword"):
        known[id].fields["research_fields"].append(value)
    for id, address in rows(Link, Link.address):
        known[id].fields["links"].append(address)
    for id, scheme, value in rows(Identifier, Identifier.scheme, Identifier.value):
        known[id].identifiers.append((scheme, value))
        known[id].fields[scheme] = value
    own_point = col(ContactPoint.office_id) == actor.office_id
    for id, kind, value in rows(ContactPoint, ContactPoint.kind, ContactPoint.value, where=own_point):
        known[id].fields[kind.value] = value
        if kind is ContactKind.EMAIL:
            known[id].emails.append(value)
