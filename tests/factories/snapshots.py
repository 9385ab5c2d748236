"""Public entries of invented people."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlmodel import Session, col, select

from crm.accounts.models import OfficeKind
from crm.core.columns import now
from crm.listings.models import Listing, ListingState, Snapshot
from crm.listings.snapshots import write_keys
from crm.people.models import Person
from tests.factories.accounts import an_office

HARVARD = {"name": "Harvard University", "name_ja": "ハーバード大学", "website": "https://www.harvard.edu"}
FIELDS = [
    {"scheme": "kakenhi", "code": "43", "ja": "分子レベルから細胞レベルの生物学", "en": "Biology at molecular level"}
]


def an_entry(**changes: Any) -> dict[str, Any]:
    names = {"full_name": "架空 花子", "kanji": "架空 花子", "kana": "かくう はなこ", "latin": "KAKUU Hanako"}
    entry: dict[str, Any] = {
        "names": names,
        "title": "Professor",
        "institution": HARVARD,
        "city": "Boston",
        "country": "US",
        "mission": "us-bos",
        "fields": FIELDS,
        "keywords": ["cancer immunology"],
        "languages": ["ja", "en"],
        "open_to": ["postdoc"],
        "links": [{"address": "https://www.example.org/lab", "label": "Lab"}],
    }
    return entry | changes


def a_listed(
    session: Session,
    entry: dict[str, Any] | None = None,
    place: tuple[float, float] | None = (42.36, -71.06),
    confirm_by: datetime | None = None,
    **columns: Any,
) -> Snapshot:
    """A published entry; ``columns`` are those of the snapshot. ``place``: latitude and longitude."""
    told = entry or an_entry()
    office = an_office(session, told["mission"], OfficeKind.CONSULATE_GENERAL)
    person = Person(full_name=told["names"]["full_name"])
    session.add(person)
    session.flush()
    due = confirm_by or now() + timedelta(days=300)
    listing = Listing(
        person_id=person.id,
        office_id=office.id,
        state=ListingState.PUBLISHED,
        confirmed_at=now(),
        published_at=now(),
        confirm_by=due,
    )
    session.add(listing)
    session.flush()
    values: dict[str, Any] = (
        _columns(told) | {"latitude": place and place[0], "longitude": place and place[1]} | columns
    )
    values |= {"listing_id": listing.id, "person_id": person.id, "office_id": office.id}
    snapshot = Snapshot(**values, entry=told, confirmed_at=now(), changed_at=now())
    session.add(snapshot)
    session.flush()
    write_keys(session, snapshot)
    return snapshot


def _columns(told: dict[str, Any]) -> dict[str, Any]:
    tags = [f"field:{field['scheme']}-{field['code']}" for field in told.get("fields", [])]
    tags += [f"open_to:{code}" for code in told.get("open_to", [])]
    tags += [f"language:{code}" for code in told.get("languages", [])]
    return {
        "slug": f"invented-{uuid4().hex[:12]}",
        "public": True,
        "sort_key": told["names"].get("kana") or told["names"]["full_name"],
        "country": told["country"],
        "city": told.get("city"),
        "institution": told["institution"]["name"],
        "tags": f"|{'|'.join(tags)}|" if tags else "",
    }


def withdraw(session: Session, snapshot: Snapshot) -> None:
    """As the room's own action leaves the rows behind."""
    kept = session.exec(select(Snapshot).where(col(Snapshot.id) == snapshot.id)).one()
    listing = session.get_one(Listing, kept.listing_id)
    listing.state = ListingState.WITHDRAWN
    kept.public, kept.withdrawn_at, kept.changed_at, kept.entry = False, now(), now(), {}
    session.commit()
