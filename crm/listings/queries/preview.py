"""An entry as the public will see it, in both languages, before it is public."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from crm.core.columns import now
from crm.core.i18n import LANGUAGES, speaking
from crm.core.i18n import gettext as _
from crm.listings.models import Listing, Snapshot
from crm.listings.public import queries
from crm.listings.public.entries import Entry, Words
from crm.listings.snapshots import build_entry


@dataclass(frozen=True)
class Preview:
    """One language. ``rows``: label and text; ``links``: address and label."""

    language: str
    tongue: str
    person: Mapping[str, Any]
    name: str
    rows: list[tuple[str, str]]
    links: list[tuple[str, str]]


def previews(session: Session, listing: Listing, told: dict[str, Any] | None = None) -> list[Preview]:
    """Japanese and English, from ``told`` (a confirmed entry) or from the record as it stands."""
    entry = build_entry(session, listing) if told is None else told
    moment = listing.confirmed_at or now()
    shown = Snapshot(
        listing_id=listing.id,
        person_id=listing.person_id,
        office_id=listing.office_id,
        slug="",
        entry=entry,
        institution=entry["institution"]["name"],
        confirmed_at=moment,
        changed_at=moment,
    )
    words = Words(queries.offices(session), queries.public_terms(session))
    return [_preview(Entry(shown, words), language, tongue) for language, tongue in LANGUAGES.items()]


def _preview(entry: Entry, language: str, tongue: str) -> Preview:
    with speaking(language):
        comma = "、" if language == "ja" else ", "
        rows = [
            (_("Position"), entry.title),
            (_("Institution"), entry.institution),
            (_("Department"), entry.unit),
            (_("Place"), entry.place),
            (_("Research"), comma.join(entry.topics)),
            (_("Languages"), comma.join(entry.languages)),
            (_("Open to"), comma.join(entry.open_to)),
            (_("ORCID iD"), entry.orcid),
            (_("Listed by"), entry.mission.name if entry.mission else ""),
        ]
        told = [(label, text) for label, text in rows if text]
        return Preview(language, tongue, entry.person, entry.name, told, entry.links)
