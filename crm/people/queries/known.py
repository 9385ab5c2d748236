"""What the reader's office may know of people whom somebody writes down: in a row of a list, in a form."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, or_, select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.reader import OFFICE, seen_by
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
_EMPTY = dict.fromkeys((*_POST, "email", "phone", "orcid"))
_IDS: Any = bindparam("ids", expanding=True)


def _rows(model: Any, *names: str, where: Any = None, order: str = "id") -> Any:
    """(person, columns …), made once: to build a statement costs more than to run it."""
    rows = select(model.person_id, *(getattr(model, name) for name in names)).where(model.person_id.in_(_IDS))
    return (rows if where is None else rows.where(where)).order_by(getattr(model, order))


_PEOPLE = select(col(Person.id), *(getattr(Person, name) for name in _NAMES)).where(col(Person.id).in_(_IDS))
_OWN_NAME = or_(col(PersonName.office_id).is_(None), col(PersonName.office_id) == OFFICE)
_NAME_ROWS = _rows(PersonName, "full", where=_OWN_NAME)
_POST_ROWS = _rows(Affiliation, "organisation_id", *_POST, order="main")
_FIELD_ROWS = _rows(Interest, "value", where=col(Interest.scheme) == "keyword")
_LINK_ROWS = _rows(Link, "address")
_NUMBER_ROWS = _rows(Identifier, "scheme", "value")
_POINT_ROWS = _rows(ContactPoint, "kind", "value", where=col(ContactPoint.office_id) == OFFICE)


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
    for id, name in session.execute(_NAME_ROWS, values):
        known[id].names.append(name)
    for id, organisation_id, *post in session.execute(_POST_ROWS, values):
        known[id].organisation = str(organisation_id or "")
        known[id].fields.update(zip(_POST, (value or None for value in post), strict=True))
    for id, value in session.execute(_FIELD_ROWS, values):
        known[id].fields["research_fields"].append(value)
    for id, address in session.execute(_LINK_ROWS, values):
        known[id].fields["links"].append(address)
    for id, scheme, value in session.execute(_NUMBER_ROWS, values):
        known[id].identifiers.append((scheme, value))
        known[id].fields[scheme] = value
    for id, kind, value in session.execute(_POINT_ROWS, values):
        known[id].fields[kind.value] = value
        if kind is ContactKind.EMAIL:
            known[id].emails.append(value)
