"""One record changed by hand: what differs is written, journalled, and found again."""

from collections import defaultdict
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, and_, bindparam, delete, literal, select, union_all, update
from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.journal import change, record
from crm.accounts.reader import OFFICE
from crm.core.columns import now
from crm.core.errors import Forbidden, Refused, WrongField
from crm.core.i18n import lazy_gettext as _l
from crm.organisations.queries import OrganisationIndex
from crm.people.actions.batch import affiliation_of, code_of, contacts_of, identifiers_of, known_people
from crm.people.actions.telling import tell_holders
from crm.people.entries import PersonEntry, line_of, link_of
from crm.people.forms import CODED, PersonForm
from crm.people.keys import refresh_search_keys
from crm.people.models import (
    BY_HAND,
    Affiliation,
    ContactKind,
    ContactPoint,
    Identifier,
    Interest,
    Link,
    NameKind,
    Person,
    PersonName,
    Source,
)
from crm.people.naming import name_forms, sort_key
from crm.people.queries.visible import holding_of
from crm.vocabularies.models import Scheme
from crm.vocabularies.queries import position_class, terms_of

_NAMES = ("full_name", "family", "given", "kanji", "kana", "latin", "sector")
_FOUND_BY = {*_NAMES, "names", "identifiers", "research_fields", *CODED, "institution", "organisation_id", "email"}
"""Changes that make new search keys or another place in the list."""


class Conflict(Refused):
    """Somebody else saved the record since the editor opened it."""

    sentence = _l("Somebody else changed this record while you were editing it.")


def change_person(session: Session, actor: Actor, person: Person, data: PersonForm, source: Source = BY_HAND) -> Person:
    """Forbidden unless the actor's office holds the person; Conflict when ``data.version`` is not the record's.

    The post at an institution is what the actor's office says of it; what another office says stays.
    """
    holding = holding_of(session, actor, person.id)
    if holding is None:
        raise Forbidden(_l("Your office does not hold this record, so it cannot change it."))
    session.refresh(person, with_for_update=True)
    if data.version != person.version:
        raise Conflict()
    entry = data.entry()
    _refuse_known(session, person, entry)
    values: dict[str, Any] = {name: getattr(entry, name) for name in _NAMES}
    spoken = {"spoken_languages": list(entry.languages), "preferred_language": entry.preferred_language}
    changes = change(person, {**values, "sort_key": sort_key(entry), **spoken})
    changes |= change(holding, {"note": entry.note, "basis": data.basis})
    changes |= _change_post(session, actor, person, replace(entry, source=source))
    changes |= _change_contacts(session, actor, person, entry)
    lists = _Lists(session, person.id, source.said_by(actor.office_id))
    _change_lists(lists, entry)
    _change_terms(lists, session, data)
    changes |= lists.changes
    changes.pop("sort_key", None)
    if changes:
        # A change beside the row counts as one of the record: the next editor must see it.
        flag_modified(person, "full_name")
        if changes.keys() & _FOUND_BY:
            refresh_search_keys(session, [person.id])
        record(session, actor, "changed", person, changes)
        tell_holders(session, actor, {person.id: changes})
    return person


def _change_lists(keep: "_Lists", entry: PersonEntry) -> None:
    forms: list[dict[str, Any]] = [{"script": script, "full": form} for script, form in name_forms(entry)]
    for form in forms:
        form |= {"family": entry.family, "given": entry.given} if form["script"] == "latin" else {}
    open_to = [{"scheme": "open_to", "value": value, "as_of": now().date()} for value in dict.fromkeys(entry.open_to)]
    fields = [{"scheme": "keyword", "value": value} for value in dict.fromkeys(entry.research_fields)]
    links = dict(link_of(line) for line in entry.links)
    keep.change("names", PersonName.full, forms, _WRITTEN)
    keep.change("research_fields", Interest.value, fields, col(Interest.scheme) == "keyword", of="keyword")
    keep.change("open_to", Interest.value, open_to, col(Interest.scheme) == "open_to")
    keep.change("links", Link.address, [{"address": one, "label": links[one]} for one in links])
    keep.change_labels(links)
    numbers = [{"scheme": scheme, "value": value} for scheme, value in identifiers_of(entry)]
    keep.change("identifiers", Identifier.value, numbers, _IN_FORM)


def set_terms(session: Session, person_id: UUID, data: PersonForm, said: dict[str, Any]) -> dict[str, Any]:
    keep = _Lists(session, person_id, said)
    _change_terms(keep, session, data)
    return keep.changes


def _change_terms(keep: "_Lists", session: Session, data: PersonForm) -> None:
    """The fields of research that are chosen from code lists."""
    for scheme in CODED:
        codes = list(dict.fromkeys(getattr(data, scheme)))
        if codes and set(codes) - {term.code for term in terms_of(session, Scheme(scheme))}:
            raise WrongField(scheme, _l("Please choose one of the options."))
        rows = [{"scheme": scheme, "value": code} for code in codes]
        keep.change(scheme, Interest.value, rows, col(Interest.scheme) == scheme)


_PERSON = bindparam("person", type_=Uuid())
_POINTS = (
    select(ContactPoint)
    .where(col(ContactPoint.person_id) == _PERSON, col(ContactPoint.office_id) == OFFICE)
    .order_by(col(ContactPoint.id))
)


def _change_contacts(session: Session, actor: Actor, person: Person, entry: PersonEntry) -> dict[str, Any]:
    """The form shows the first address and the first number; whatever else the office has stays."""
    points = session.execute(_POINTS, {"person": person.id, "office": actor.office_id}).scalars().all()
    wanted, changes = dict(contacts_of(entry)), {}
    for kind in (ContactKind.EMAIL, ContactKind.PHONE):
        mine = [point for point in points if point.kind == kind]
        before, after = mine[0].value if mine else None, wanted.get(kind)
        if before == after:
            continue
        if mine:
            session.delete(mine[0])
            session.flush()
        if after and after not in [point.value for point in mine[1:]]:
            session.add(ContactPoint(person_id=person.id, office_id=actor.office_id, kind=kind, value=after))
        changes[kind.value] = [before, after]
    return changes


_WRITTEN = and_(col(PersonName.office_id).is_(None), col(PersonName.kind) == NameKind.WRITTEN)
_IN_FORM = col(Identifier.scheme).in_(["orcid", "erad"])


def _stored(name: Any, value: Any, *conditions: Any, label: Any = None) -> Any:
    model = value.class_
    columns = (model.id.label("id"), name.label("name"), value.label("value"), literal("") if label is None else label)
    return select(*columns).where(model.person_id == _PERSON, *conditions)


_STORED = union_all(
    _stored(literal("names"), PersonName.full, _WRITTEN),
    _stored(Interest.scheme, Interest.value),
    _stored(literal("links"), Link.address, label=Link.label),
    _stored(literal("identifiers"), Identifier.value, _IN_FORM),
).order_by("id")
"""Rows (id, list, value, label): all lists of the form in one question."""


class _Lists:
    """The rows beside a person: those no longer named go, new ones come, the others keep their dates and sources."""

    def __init__(self, session: Session, person_id: UUID, said: dict[str, Any]) -> None:
        self.session, self.person_id, self.said, self.changes = session, person_id, said, dict[str, Any]()
        self._before: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for _id, name, value, label in session.execute(_STORED, {"person": person_id}):
            self._before[name].append((value, label or ""))

    def change(self, name: str, column: Any, rows: list[dict[str, Any]], *conditions: Any, of: str = "") -> None:
        """``of``: what the list is called where it is stored, if not ``name``."""
        model, key = column.class_, column.key
        before, wanted = [value for value, _ in self._before[of or name]], [row[key] for row in rows]
        if sorted(before) == sorted(wanted):
            return
        self.changes[name] = [before, wanted]
        gone = col(model.person_id) == self.person_id, col(column).not_in(wanted)
        self.session.execute(delete(model).where(*gone, *conditions))
        new = (row for row in rows if row[key] not in before)
        self.session.add_all([model(person_id=self.person_id, source=self.said, **row) for row in new])

    def change_labels(self, links: dict[str, str]) -> None:
        """Of pages that stay: what they are called."""
        for address, label in self._before["links"]:
            if links.get(address, label) != label:
                told = self.changes.setdefault("links", [[], []])
                told[0].append(line_of(address, label))
                told[1].append(line_of(address, links[address]))
                mine = col(Link.person_id) == self.person_id, col(Link.address) == address
                self.session.execute(update(Link).where(*mine).values(label=links[address]))


_CURRENT_POST = (
    select(Affiliation)
    .where(
        col(Affiliation.person_id) == _PERSON,
        col(Affiliation.office_id) == OFFICE,
        col(Affiliation.until).is_(None),
    )
    .order_by(col(Affiliation.main).desc(), col(Affiliation.id))
)


def _change_post(session: Session, actor: Actor, person: Person, entry: PersonEntry) -> dict[str, Any]:
    values = {"person": person.id, "office": actor.office_id}
    current = session.execute(_CURRENT_POST, values).scalars().first()
    stated = entry.source.said_by(actor.office_id)
    if current is not None and _is_same_place(current, entry):
        named = {"title_class": position_class(entry.title) if entry.title else None}
        return _change_stated(current, {"unit": entry.unit, "title": entry.title, **named}, stated)
    said = affiliation_of(entry, OrganisationIndex(session))
    if said is None:
        if current is None:
            return {}
        current.until = now().date()
        return {"institution": [current.institution, None]}
    kept = {name: value for name, value in said.items() if name not in ("since", "until", "verified_on")}
    if current is not None:
        return _change_stated(current, kept, stated)
    session.add(Affiliation(person_id=person.id, office_id=actor.office_id, source=stated, **kept))
    return {"institution": [None, entry.institution]}


def _change_stated(post: Affiliation, values: dict[str, Any], stated: dict[str, Any]) -> dict[str, Any]:
    changes = change(post, values)
    if changes:
        post.source = stated
    return changes


def _is_same_place(post: Affiliation, entry: PersonEntry) -> bool:
    """Then its organisation is known already. A post without a place is looked up each time."""
    stored = (post.institution, post.city, post.country)
    return all(stored) and stored == (entry.institution, entry.city, code_of(entry.country or ""))


def _refuse_known(session: Session, person: Person, entry: PersonEntry) -> None:
    for (scheme, _value), other in known_people(session, identifiers_of(entry)).items():
        if other.id != person.id:
            raise WrongField(scheme, _l("Another record has this number already."))
