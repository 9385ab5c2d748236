"""What the reader's office may know of people whom somebody writes down: in a row of a list, in a form."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import String, bindparam, cast, literal, or_, select, union_all
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.reader import OFFICE, seen_by
from crm.core.columns import IDS
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
from crm.people.queries.visible import VISIBLE

_AT_ONCE = 400


@dataclass(slots=True)
class Known:
    """A visible person: ``fields`` as a row would have them."""

    id: UUID
    fields: dict[str, Any]
    names: list[str] = field(default_factory=list)
    identifiers: list[tuple[str, str]] = field(default_factory=list)
    emails: list[str] = field(default_factory=list)
    organisation: str = ""

    def hear(self, what: str, kind: str, value: str) -> None:
        """Takes a line of the record in: a name, a field, a link, a number or a contact point of some kind."""
        if what == "name":
            self.names.append(value)
        elif what == "field":
            self.fields["research_fields"].append(value)
        elif what == "link":
            self.fields["links"].append(value)
        else:
            self.fields[kind] = value
        if what == "number":
            self.identifiers.append((kind, value))
        if kind == ContactKind.EMAIL:
            self.emails.append(value)

    @property
    def candidate(self) -> Candidate:
        return Candidate(
            names=tuple(self.names),
            readings=tuple(kana for kana in [self.fields.get("kana")] if kana),
            institution=self.fields.get("institution") or "",
            organisation=self.organisation,
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


def chunks(values: Iterable[Any]) -> Iterator[list[Any]]:
    left = iter(values)
    while part := list(islice(left, _AT_ONCE)):
        yield part


_SEEN = VISIBLE.where(col(Person.id).in_(IDS)).with_only_columns(col(Person.id))
_WRITTEN: Any = bindparam("written", expanding=True)
_BEARERS = select(col(Identifier.scheme), col(Identifier.value), col(Identifier.person_id)).where(
    col(Identifier.value).in_(_WRITTEN)
)
_REACHED = select(col(ContactPoint.value), col(ContactPoint.person_id)).where(
    col(ContactPoint.value).in_(_WRITTEN),
    col(ContactPoint.office_id) == OFFICE,
    col(ContactPoint.kind) == ContactKind.EMAIL,
)
_NAMED = (
    VISIBLE.join(SearchKey, col(SearchKey.person_id) == col(Person.id))
    .where(col(SearchKey.key).in_(_WRITTEN), col(SearchKey.office_id) == OFFICE)
    .with_only_columns(col(SearchKey.key), col(SearchKey.person_id))
)


def visible_ids(session: Session, actor: Actor, ids: Collection[UUID]) -> set[UUID]:
    seen: set[UUID] = set()
    for part in chunks(ids):
        seen.update(session.execute(_SEEN, {**seen_by(actor), "ids": part}).scalars())
    return seen


def bearers(session: Session, pairs: Collection[tuple[str, str]]) -> dict[tuple[str, str], UUID]:
    """Who bears these identifiers, whoever may see them."""
    found: dict[tuple[str, str], UUID] = {}
    for part in chunks({value for _, value in pairs}):
        for scheme, value, person_id in session.execute(_BEARERS, {"written": part}):
            found[scheme, value] = person_id
    return found


def reached_by(session: Session, actor: Actor, emails: Collection[str]) -> dict[str, list[UUID]]:
    """Whom the office itself reaches under these addresses."""
    found: dict[str, list[UUID]] = defaultdict(list)
    for part in chunks(emails):
        for value, person_id in session.execute(_REACHED, {**seen_by(actor), "written": part}):
            found[value].append(person_id)
    return found


def named(session: Session, actor: Actor, keys: Collection[str]) -> dict[str, set[UUID]]:
    """People found under whole names."""
    found: dict[str, set[UUID]] = defaultdict(set)
    for part in chunks(keys):
        for key, person_id in session.execute(_NAMED, {**seen_by(actor), "written": part}):
            found[key].add(person_id)
    return found


_NAMES = ("full_name", "family", "given", "kanji", "kana", "latin")
_POST = ("title", "institution", "unit", "city", "country")
_EMPTY = dict.fromkeys((*_POST, "email", "phone", "orcid"))
_PEOPLE = select(col(Person.id), *(getattr(Person, name) for name in _NAMES)).where(col(Person.id).in_(IDS))
_OWN_POINT = col(ContactPoint.office_id) == OFFICE
_OWN_NAME = or_(col(PersonName.office_id).is_(None), col(PersonName.office_id) == OFFICE)
_POSTS = (
    select(
        col(Affiliation.person_id), col(Affiliation.organisation_id), *(getattr(Affiliation, name) for name in _POST)
    )
    .where(col(Affiliation.person_id).in_(IDS))
    .order_by(col(Affiliation.main), col(Affiliation.id))
)


def _said(model: Any, what: str, value: Any, *conditions: Any, kind: Any = None) -> Any:
    kind = literal("") if kind is None else kind
    columns = (model.person_id, model.id.label("id"), literal(what).label("what"), kind.label("kind"), value)
    return select(*columns).where(model.person_id.in_(IDS), *conditions)


_SAID = union_all(
    _said(PersonName, "name", PersonName.full, _OWN_NAME),
    _said(Interest, "field", Interest.value, col(Interest.scheme) == "keyword"),
    _said(Link, "link", Link.address),
    _said(Identifier, "number", Identifier.value, kind=col(Identifier.scheme)),
    _said(ContactPoint, "point", ContactPoint.value, _OWN_POINT, kind=cast(ContactPoint.kind, String)),
).order_by("id")
"""Rows (person, id, what, kind, value): the five kinds of line of a record, in one question."""


def describe(session: Session, actor: Actor, ids: Collection[UUID]) -> dict[UUID, Known]:
    """The people of these ids; whether the actor may see them has been asked before.

    Columns, not objects: it is asked for long lists.
    """
    known: dict[UUID, Known] = {}
    for part in chunks(ids):
        for id, *written in session.execute(_PEOPLE, {"ids": part}):
            said = dict(zip(_NAMES, written, strict=True))
            names = [said["full_name"], said["kanji"], said["latin"]]
            fields = {**said, **_EMPTY, "research_fields": [], "links": []}
            known[id] = Known(id, fields, list(dict.fromkeys(name for name in names if name)))
        _details(session, {"ids": part, "office": actor.office_id}, known)
    return known


def _details(session: Session, values: dict[str, Any], known: dict[UUID, Known]) -> None:
    for id, organisation_id, *post in session.execute(_POSTS, values):
        known[id].organisation = str(organisation_id or "")
        known[id].fields.update(zip(_POST, (value or None for value in post), strict=True))
    for id, _line, what, kind, value in session.execute(_SAID, values):
        known[id].hear(what, kind, value)
