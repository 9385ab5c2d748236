"""The organisations that ship, loaded from ``reference/organisations.csv``."""

import csv
from pathlib import Path

from sqlalchemy import func
from sqlmodel import Session, select

from crm.organisations.actions.filling import Counts, store_entries
from crm.organisations.entries import OrganisationEntry
from crm.organisations.models import Organisation, OrganisationKind

FILE = Path(__file__).resolve().parent.parent / "reference" / "organisations.csv"
AT_ONCE = 500


def load_reference(session: Session) -> int:
    """Returns the number of organisations known afterwards. What users changed stays; what is empty is filled."""
    with FILE.open(encoding="utf-8", newline="") as file:
        entries = [_entry(row) for row in csv.DictReader(file)]
    for start in range(0, len(entries), AT_ONCE):
        store_entries(session, entries[start : start + AT_ONCE], Counts())
    return session.exec(select(func.count()).select_from(Organisation)).one()


def _entry(row: dict[str, str]) -> OrganisationEntry:
    own = row["name_local"] or row["name_en"]
    named = [
        ("en", row["name_en"]),
        ("ja", row["name_ja"]),
        (row["local_language"], row["name_local"]),
        ("", row["acronym"]),
    ]
    return OrganisationEntry(
        name=own,
        kind=OrganisationKind(row["kind"]),
        source=row["source"],
        ror=row["ror"] or None,
        city=row["city"] or None,
        region=row["region"] or None,
        country=row["country"] or None,
        geonames_id=int(row["geonames_id"]) if row["geonames_id"] else None,
        latitude=float(row["lat"]) if row["lat"] else None,
        longitude=float(row["lon"]) if row["lon"] else None,
        website=row["website"] or None,
        names=tuple((language, name) for language, name in named if name),
    )
