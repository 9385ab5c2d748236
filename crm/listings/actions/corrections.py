"""What a listed person corrects goes into the record: it is theirs."""

import re
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from crm.accounts.journal import change, record
from crm.core.columns import now
from crm.core.names import script_of
from crm.listings.forms import CorrectionForm
from crm.listings.models import Listing
from crm.listings.snapshots import main_affiliation
from crm.organisations.models import Organisation
from crm.organisations.queries import OrganisationIndex
from crm.people.entries import PersonEntry
from crm.people.keys import refresh_search_keys
from crm.people.models import Affiliation, Interest, Link, NameKind, Origin, Person, PersonName, Source
from crm.people.naming import sort_key
from crm.vocabularies.models import Scheme
from crm.vocabularies.queries import language_codes, position_class, terms_of

NAMES = ("full_name", "kanji", "kana", "latin")
MOST_KEYWORDS = 30
_SAID = Source(Origin.PERSON)


def split_keywords(text: str | None) -> list[str]:
    """Words as typed, apart at commas of any script, semicolons and line ends; each once."""
    parts = (part.strip() for part in re.split(r"[,;、，；\n]+", text or ""))
    return list(dict.fromkeys(part[:200] for part in parts if part))[:MOST_KEYWORDS]


def correct_record(session: Session, listing: Listing, form: CorrectionForm) -> list[str]:
    """Write what differs; returns the names of the parts that changed."""
    person = session.exec(select(Person).where(Person.id == listing.person_id).with_for_update()).one()
    changes = {
        **_correct_names(session, person, form),
        **_correct_post(session, listing, form),
        **_correct_interests(session, person, form),
        **_correct_page(session, person, form),
    }
    if changes:
        session.flush()
        refresh_search_keys(session, [person.id])
        entry = record(session, None, "changed", person, changes)
        entry.office_id = listing.office_id
    return list(changes)


def _correct_names(session: Session, person: Person, form: CorrectionForm) -> dict[str, Any]:
    changes = change(person, {name: getattr(form, name) for name in NAMES})
    if not changes:
        return {}
    if "full_name" in changes:
        changes |= change(person, {"family": None, "given": None})
    entry = PersonEntry(person.full_name, person.family, person.given, person.kanji, person.kana, person.latin)
    person.sort_key = sort_key(entry)
    for name in changes.keys() & set(NAMES):
        before, after = changes[name]
        script = str(script_of(after or before)) if name == "full_name" else name
        _replace_form(session, person.id, script, before, after)
    return changes


def _replace_form(session: Session, person_id: UUID, script: str, before: str | None, after: str | None) -> None:
    """The shared written form of a name; restricted forms of offices are not touched."""
    shared = (col(PersonName.person_id) == person_id) & col(PersonName.office_id).is_(None)
    forms = session.exec(select(PersonName).where(shared, col(PersonName.kind) == NameKind.WRITTEN)).all()
    for form in forms:
        if before and form.full == before:
            session.delete(form)
    if after and not any(form.full == after for form in forms):
        session.add(PersonName(person_id=person_id, script=script, full=after, source=_SAID.said_by(None)))


def _correct_post(session: Session, listing: Listing, form: CorrectionForm) -> dict[str, Any]:
    post = main_affiliation(session, listing.person_id)
    if post is None:
        post = Affiliation(person_id=listing.person_id, office_id=listing.office_id)
        session.add(post)
    values: dict[str, Any] = {"title": form.title, "unit": form.unit, "city": form.city}
    if form.institution and form.institution != shown_institution(session, post):
        known = OrganisationIndex(session).find(form.institution, post.country)
        values |= {"institution": form.institution, "organisation_id": known.id if known else None}
    if form.title != post.title:
        values["title_class"] = position_class(form.title) if form.title else None
    changes = change(post, values)
    if changes:
        post.verified_on = now().date()
        post.source = _SAID.said_by(None)
    return changes


def shown_institution(session: Session, post: Affiliation | None) -> str:
    """The institution's name as the entry says it."""
    known = session.get(Organisation, post.organisation_id) if post and post.organisation_id else None
    return known.name if known else post.institution if post else ""


def _correct_interests(session: Session, person: Person, form: CorrectionForm) -> dict[str, Any]:
    offered = {term.code for term in terms_of(session, Scheme.OPEN_TO)}
    wanted = {
        "keyword": split_keywords(form.keywords),
        "open_to": [code for code in form.open_to if code in offered],
    }
    changes: dict[str, Any] = {}
    for scheme, values in wanted.items():
        mine = select(Interest).where(Interest.person_id == person.id, Interest.scheme == scheme)
        stored = {row.value: row for row in session.exec(mine.order_by(col(Interest.id)))}
        if set(stored) == set(values):
            continue
        for value in stored.keys() - set(values):
            session.delete(stored[value])
        said: dict[str, Any] = {"person_id": person.id, "scheme": scheme, "source": _SAID.said_by(None)}
        session.add_all(Interest(**said, value=value, as_of=now().date()) for value in values if value not in stored)
        changes[scheme] = [list(stored), values]
    spoken = [code for code in language_codes() if code in form.languages]
    if set(spoken) != set(person.spoken_languages):
        changes |= change(person, {"spoken_languages": spoken})
    return changes


def _correct_page(session: Session, person: Person, form: CorrectionForm) -> dict[str, Any]:
    """The first page is the one shown in the box; others stay."""
    links = session.exec(select(Link).where(Link.person_id == person.id).order_by(col(Link.id))).all()
    first = links[0] if links else None
    before = first.address if first else None
    if form.page == before:
        return {}
    if form.page is None and first:
        session.delete(first)
    elif form.page and any(link.address == form.page for link in links[1:]):
        session.delete(links[0])
    elif first and form.page:
        first.address, first.source = form.page, _SAID.said_by(None)
    elif form.page:
        session.add(Link(person_id=person.id, address=form.page, source=_SAID.said_by(None)))
    return {"page": [before, form.page]}
