"""From the record to the public entry: only what was consented to crosses here."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col, select

from crm.accounts.models import Office
from crm.core.columns import now
from crm.core.i18n import LANGUAGES
from crm.core.places import country_name, find_city
from crm.core.search import keys_for, load_pairs
from crm.listings.models import Listing, Snapshot, SnapshotKey
from crm.organisations.models import Organisation, OrganisationName
from crm.people.models import Affiliation, Identifier, Interest, Link, Person
from crm.people.rows import insert_columns
from crm.privacy.models import Purpose
from crm.privacy.queries import consent_to
from crm.vocabularies.models import Scheme, Term

PUBLIC_SCHEMES = (Scheme.KAKENHI.value, Scheme.FORD.value)
"""Strategic fields are internal tags and never among them."""


def main_affiliation(session: Session, person_id: UUID) -> Affiliation | None:
    present = (col(Affiliation.person_id) == person_id) & (
        col(Affiliation.until).is_(None) | (col(Affiliation.until) >= now().date())
    )
    newest = select(Affiliation).where(present).order_by(col(Affiliation.main).desc(), col(Affiliation.id).desc())
    return session.exec(newest.limit(1)).first()


def build_entry(session: Session, listing: Listing, fields: Iterable[str] | None = None) -> dict[str, Any]:
    """The entry as the record stands now, cut to ``fields`` (else the listing's own choice)."""
    shown = set(listing.fields if fields is None else fields)
    person = session.get_one(Person, listing.person_id)
    office = session.get_one(Office, listing.office_id)
    post = main_affiliation(session, person.id)
    organisation = session.get(Organisation, post.organisation_id) if post and post.organisation_id else None
    country = (organisation.country if organisation else None) or (post.country if post else None)
    always: dict[str, Any] = {
        "names": _names(person, "kana" in shown),
        "institution": _institution(session, post, organisation),
        "country": country,
        "mission": office.code,
    }
    optional = {**_post(post, organisation), **_interests(session, person), **_pages(session, person)}
    return always | {name: value for name, value in optional.items() if name in shown and value}


def _names(person: Person, with_kana: bool) -> dict[str, str | None]:
    return {
        "full_name": person.full_name,
        "family": person.family,
        "given": person.given,
        "kanji": person.kanji,
        "kana": person.kana if with_kana else None,
        "latin": person.latin,
    }


def _institution(session: Session, post: Affiliation | None, organisation: Organisation | None) -> dict[str, Any]:
    if organisation is None:
        name = post.institution if post else ""
        return {"id": None, "name": name, "name_ja": None, "name_en": None, "website": None}
    of_it = select(OrganisationName).where(OrganisationName.organisation_id == organisation.id)
    names: dict[str, str] = {}
    for row in session.exec(of_it.order_by(col(OrganisationName.id))):
        names.setdefault(row.language, row.name)
    return {
        "id": str(organisation.id),
        "name": organisation.name,
        "name_ja": names.get("ja"),
        "name_en": names.get("en"),
        "website": organisation.website,
    }


def _post(post: Affiliation | None, organisation: Organisation | None) -> dict[str, Any]:
    city = (post.city if post else None) or (organisation.city if organisation else None)
    return {"title": post.title if post else None, "unit": post.unit if post else None, "city": city}


def _interests(session: Session, person: Person) -> dict[str, Any]:
    rows = session.exec(select(Interest).where(Interest.person_id == person.id).order_by(col(Interest.id))).all()
    by_scheme: dict[str, list[str]] = {}
    for row in rows:
        by_scheme.setdefault(row.scheme, []).append(row.value)
    codes = {scheme: by_scheme[scheme] for scheme in PUBLIC_SCHEMES if scheme in by_scheme}
    return {
        "fields": [field for scheme, values in codes.items() for field in _terms(session, scheme, values)],
        "keywords": by_scheme.get("keyword", []),
        "languages": list(person.spoken_languages),
        "open_to": [term["code"] for term in _terms(session, Scheme.OPEN_TO, by_scheme.get("open_to", []))],
    }


def _terms(session: Session, scheme: str, codes: list[str]) -> list[dict[str, str]]:
    if not codes:
        return []
    known = select(Term).where(col(Term.scheme) == Scheme(scheme), col(Term.code).in_(codes))
    terms = session.exec(known.order_by(col(Term.position), col(Term.code)))
    return [{"scheme": str(scheme), "code": term.code, "ja": term.name_ja, "en": term.name_en} for term in terms]


def _pages(session: Session, person: Person) -> dict[str, Any]:
    links = session.exec(select(Link).where(Link.person_id == person.id).order_by(col(Link.id))).all()
    orcid = select(Identifier).where(Identifier.person_id == person.id, Identifier.scheme == "orcid")
    known = session.exec(orcid).first()
    safe = [link for link in links if link.address.startswith(("https://", "http://"))]
    return {
        "links": [{"address": link.address, "label": link.label} for link in safe],
        "orcid": known.value if known else None,
    }


def snapshot_of(session: Session, listing: Listing) -> Snapshot | None:
    return session.exec(select(Snapshot).where(Snapshot.listing_id == listing.id)).first()


def write_snapshot(session: Session, listing: Listing) -> Snapshot:
    """Keep the entry as it was confirmed. A new one is not public; one that is public stays so."""
    entry = build_entry(session, listing)
    snapshot = snapshot_of(session, listing)
    person = session.get_one(Person, listing.person_id)
    if snapshot is None:
        slug = slug_of(session, person, listing)
        snapshot = Snapshot(
            listing_id=listing.id,
            person_id=person.id,
            office_id=listing.office_id,
            slug=slug,
            confirmed_at=now(),
            changed_at=now(),
        )
    snapshot.entry = entry
    snapshot.sort_key = person.sort_key
    snapshot.country = entry["country"]
    snapshot.city = entry.get("city")
    snapshot.institution = entry["institution"]["name"]
    snapshot.latitude, snapshot.longitude = _position(session, entry)
    snapshot.tags = _tags(entry)
    snapshot.search_engines, snapshot.bulk_reuse = listing.search_engines, listing.bulk_reuse
    snapshot.relay = listing.relay
    snapshot.confirmed_at = listing.confirmed_at or now()
    snapshot.changed_at = now()
    snapshot.withdrawn_at = None
    session.add(snapshot)
    write_keys(session, snapshot)
    return snapshot


def slug_of(session: Session, person: Person, listing: Listing) -> str:
    latin = unicodedata.normalize("NFKD", person.latin or person.full_name).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", latin.casefold()).strip("-")[:60] or "pi"
    short = f"{words}-{listing.id.hex[-6:]}"
    taken = session.exec(select(Snapshot.id).where(Snapshot.slug == short)).first()
    return f"{words}-{listing.id.hex}" if taken else short


def _position(session: Session, entry: dict[str, Any]) -> tuple[float | None, float | None]:
    """Of the institution; else of its city where the city may be shown. Never of a home."""
    if entry["institution"]["id"]:
        organisation = session.get_one(Organisation, UUID(entry["institution"]["id"]))
        if organisation.latitude is not None:
            return organisation.latitude, organisation.longitude
    place = find_city(entry["city"], entry["country"]) if entry.get("city") else None
    return (place.lat, place.lon) if place else (None, None)


def _tags(entry: dict[str, Any]) -> str:
    tags = [f"field:{field['scheme']}-{field['code']}" for field in entry.get("fields", [])]
    tags += [f"open_to:{code}" for code in entry.get("open_to", [])]
    tags += [f"language:{code}" for code in entry.get("languages", [])]
    return f"|{'|'.join(tags)}|" if tags else ""


def write_keys(session: Session, snapshot: Snapshot) -> None:
    """What the public finds it by; nothing for an entry that has been emptied."""
    session.flush()
    session.execute(delete(SnapshotKey).where(col(SnapshotKey.snapshot_id) == snapshot.id))
    keys = sorted(_keys(snapshot.entry)) if snapshot.entry else []
    insert_columns(session, SnapshotKey, {"key": keys, "snapshot_id": [snapshot.id] * len(keys)})


def write_missing_keys(session: Session) -> None:
    """Of entries from the time before there were keys."""
    found = select(SnapshotKey.snapshot_id).distinct()
    for snapshot in session.exec(select(Snapshot).where(col(Snapshot.id).not_in(found))):
        write_keys(session, snapshot)


def _keys(entry: dict[str, Any]) -> set[str]:
    institution = entry["institution"]
    places = [institution.get(name) for name in ("name", "name_ja", "name_en")]
    places += [entry.get("unit"), entry.get("title"), entry.get("city"), *_said_of(entry.get("country"))]
    fields = [field[language] for field in entry.get("fields", []) for language in ("ja", "en")]
    return keys_for(
        [name for name in entry["names"].values() if name],
        identifiers=[entry["orcid"]] if entry.get("orcid") else (),
        institutions=[place for place in places if place],
        keywords=[*fields, *entry.get("keywords", [])],
        pairs=load_pairs(),
    )


def _said_of(country: str | None) -> list[str]:
    return [country_name(country, language) for language in LANGUAGES] if country else []


def update_available(session: Session, listing: Listing) -> list[str]:
    """Parts of the entry in which the record now differs from what was confirmed; empty when nothing does."""
    snapshot = snapshot_of(session, listing)
    if snapshot is None:
        return []
    receipt = consent_to(session, listing.person_id, Purpose.PUBLIC_LISTING, listing.office_id)
    now_so = build_entry(session, listing, receipt.fields if receipt else None)
    return sorted(key for key in now_so.keys() | snapshot.entry.keys() if now_so.get(key) != snapshot.entry.get(key))
