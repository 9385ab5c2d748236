"""One record changed by hand: what differs is written, journalled, and found again."""

from collections import defaultdict
from dataclasses import replace
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, delete, select
from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session, SQLModel, col

from crm.accounts.access import Actor
from crm.accounts.journal import change, record
from crm.accounts.reader import OFFICE
from crm.core.columns import now
from crm.core.errors import Forbidden, Refused, WrongField
from crm.core.i18n import lazy_gettext as _l
from crm.organisations.queries import OrganisationIndex
from crm.people.actions.batch import affiliation_of, code_of, contacts_of, identifiers_of, known_people
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
    entry, said = data.entry(), source.said_by(actor.office_id)
    _refuse_known(session, person, entry)
    values: dict[str, Any] = {name: getattr(entry, name) for name in _NAMES}
    changes = change(person, {**values, "sort_key": sort_key(entry), "spoken_languages": list(entry.languages)})
    changes |= change(holding, {"note": entry.note, "basis": data.basis})
    changes |= _change_post(session, actor, person, replace(entry, source=source))
    changes |= _change_lists(_Lists(session, person.id, said), entry)
    changes |= _change_contacts(session, actor, person, entry)
    changes |= set_terms(session, person.id, data, said)
    changes.pop("sort_key", None)
    if changes:
        # A change beside the row counts as one of the record: the next editor must see it.
        flag_modified(person, "full_name")
        if changes.keys() & _FOUND_BY:
            refresh_search_keys(session, [person.id])
        record(session, actor, "changed", person, changes)
    return person


def _change_lists(keep: "_Lists", entry: PersonEntry) -> dict[str, Any]:
    shared = (col(PersonName.office_id).is_(None)) & (col(PersonName.kind) == NameKind.WRITTEN)
    open_to = [{"scheme": "open_to", "value": value, "as_of": now().date()} for value in dict.fromkeys(entry.open_to)]
    fields = [{"scheme": "keyword", "value": value} for value in dict.fromkeys(entry.research_fields)]
    forms: list[dict[str, Any]] = [{"script": script, "full": form} for script, form in name_forms(entry)]
    for form in forms:
        form |= {"family": entry.family, "given": entry.given} if form["script"] == "latin" else {}
    numbers = [{"scheme": scheme, "value": value} for scheme, value in identifiers_of(entry)]
    links = dict(link_of(line) for line in entry.links)
    known_numbers = col(Identifier.scheme).in_(["orcid", "erad"])
    keep.change("names", PersonName, "full", forms, shared)
    keep.change_interests("research_fields", "keyword", fields)
    keep.change_interests("open_to", "open_to", open_to)
    keep.change("links", Link, "address", [{"address": one, "label": links[one]} for one in links], None)
    keep.change_labels(links)
    keep.change("identifiers", Identifier, "value", numbers, known_numbers)
    return keep.changes


def set_terms(session: Session, person_id: UUID, data: PersonForm, said: dict[str, Any]) -> dict[str, Any]:
    """The fields of research that are chosen from code lists."""
    keep = _Lists(session, person_id, said)
    for scheme in CODED:
        codes = list(dict.fromkeys(getattr(data, scheme)))
        if codes and set(codes) - {term.code for term in terms_of(session, Scheme(scheme))}:
            raise WrongField(scheme, _l("Please choose one of the options."))
        keep.change_interests(scheme, scheme, [{"scheme": scheme, "value": code} for code in codes])
    return keep.changes


def _change_contacts(session: Session, actor: Actor, person: Person, entry: PersonEntry) -> dict[str, Any]:
    """The form shows the first address and the first number; whatever else the office has stays."""
    own = (col(ContactPoint.person_id) == person.id) & (col(ContactPoint.office_id) == actor.office_id)
    points = session.execute(select(ContactPoint).where(own).order_by(col(ContactPoint.id))).scalars().all()
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


class _Lists:
    """The rows beside a person: those no longer named go, new ones come, the others keep their dates and sources."""

    def __init__(self, session: Session, person_id: UUID, said: dict[str, Any]) -> None:
        self.session, self.person_id, self.said, self.changes = session, person_id, said, dict[str, Any]()

    @cached_property
    def _interests(self) -> dict[str, list[str]]:
        """Scheme → values: one query for all of them."""
        found: dict[str, list[str]] = defaultdict(list)
        mine = select(col(Interest.scheme), col(Interest.value)).where(col(Interest.person_id) == self.person_id)
        for scheme, value in self.session.execute(mine.order_by(col(Interest.id))):
            found[scheme].append(value)
        return found

    def change_interests(self, name: str, scheme: str, rows: list[dict[str, Any]]) -> None:
        of_person = (col(Interest.person_id) == self.person_id) & (col(Interest.scheme) == scheme)
        self._replace(name, col(Interest.value), rows, of_person, self._interests[scheme])

    def change(self, name: str, model: type[SQLModel], key: str, rows: list[dict[str, Any]], where: Any) -> None:
        of_person: Any = model.person_id == self.person_id  # type: ignore[attr-defined]
        condition = of_person if where is None else of_person & where
        stored = select(getattr(model, key)).where(condition).order_by(model.id)  # type: ignore[attr-defined]
        self._replace(name, getattr(model, key), rows, condition, list(self.session.execute(stored).scalars()))

    def change_labels(self, links: dict[str, str]) -> None:
        """Of pages that stay: what they are called."""
        mine = select(Link).where(col(Link.person_id) == self.person_id, col(Link.address).in_(links))
        for link in self.session.execute(mine).scalars():
            if link.label != links[link.address]:
                told = self.changes.setdefault("links", [[], []])
                told[0].append(line_of(link.address, link.label))
                told[1].append(line_of(link.address, links[link.address]))
                link.label = links[link.address]

    def _replace(self, name: str, column: Any, rows: list[dict[str, Any]], condition: Any, before: list[Any]) -> None:
        model, key = column.class_, column.key
        wanted = [row[key] for row in rows]
        if sorted(before) == sorted(wanted):
            return
        self.changes[name] = [before, wanted]
        self.session.execute(delete(model).where(condition, column.not_in(wanted)))
        new = (row for row in rows if row[key] not in before)
        self.session.add_all([model(person_id=self.person_id, source=self.said, **row) for row in new])


_CURRENT_POST = (
    select(Affiliation)
    .where(
        col(Affiliation.person_id) == bindparam("person", type_=Uuid()),
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
