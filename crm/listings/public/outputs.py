"""The same public entries for programs: totals, what may be taken over in bulk, changes."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from lxml import etree

from crm.core.tables import csv_text
from crm.listings.models import Snapshot
from crm.listings.public.index import PublicIndex

TERMS = (
    "Entries of researchers who allowed re-use. Name the source and the date. Do not send bulk messages to the people "
    "listed. Delete an entry when the change feed says that it was withdrawn."
)
PERSON_COLUMNS = (
    "id", "full_name", "kanji", "kana", "latin", "title", "institution", "unit", "city", "country", "mission",
    "fields", "keywords", "languages", "open_to", "links", "orcid", "confirmed_on",
)  # fmt: skip
_ATOM = "http://www.w3.org/2005/Atom"


def totals(index: PublicIndex, as_of: datetime) -> dict[str, Any]:
    """Numbers only: they are open to everybody."""
    everybody = index.matching({})
    shown = {"missions": "mission", "countries": "country", "fields": "field", "languages": "spoken"}
    counts = {name: dict(sorted(everybody.counts(facet).items())) for name, facet in shown.items()}
    return {"as_of": as_of.isoformat(timespec="seconds"), "total": everybody.total, **counts}


def totals_rows(figures: dict[str, Any]) -> Iterable[tuple[str, str, Any]]:
    yield "total", "", figures["total"]
    for name, counts in figures.items():
        if isinstance(counts, dict):
            yield from ((name, value, count) for value, count in counts.items())


def person_record(snapshot: Snapshot) -> dict[str, Any]:
    """One entry, flat. The id is the one that the change feed names."""
    told, names = snapshot.entry, snapshot.entry.get("names") or {}
    fields = [field for field in told.get("fields") or [] if field.get("scheme") != "strategic"]
    plain = {key: told.get(key) for key in ("title", "unit", "city", "country", "mission", "orcid")}
    lists = {key: told.get(key) or [] for key in ("keywords", "languages", "open_to")}
    return {
        "id": str(snapshot.id),
        **{key: names.get(key) for key in ("full_name", "kanji", "kana", "latin")},
        **plain,
        **lists,
        "institution": (told.get("institution") or {}).get("name"),
        "fields": [f"{field['scheme']}:{field['code']}" for field in fields],
        "links": [link["address"] for link in told.get("links") or []],
        "confirmed_on": snapshot.confirmed_at.date().isoformat(),
    }


def people_csv(records: Iterable[dict[str, Any]]) -> str:
    cells = ([_cell(record[column]) for column in PERSON_COLUMNS] for record in records)
    return csv_text([PERSON_COLUMNS, *cells])


def _cell(value: Any) -> str:
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value or "")


def geojson(snapshots: Iterable[Snapshot]) -> dict[str, Any]:
    """Places are those of institutions and cities."""
    features = [
        {
            "type": "Feature",
            "id": str(snapshot.id),
            "geometry": {"type": "Point", "coordinates": [snapshot.longitude, snapshot.latitude]},
            "properties": person_record(snapshot),
        }
        for snapshot in snapshots
        if snapshot.longitude is not None and snapshot.latitude is not None
    ]
    return {"type": "FeatureCollection", "terms": TERMS, "features": features}


def json_text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


def atom(entries: Iterable[tuple[Snapshot, bool]], base_url: str, title: str, updated: datetime) -> bytes:
    """``entries`` with whether each is public. A withdrawn one is named by its id and nothing else."""
    feed = etree.Element(f"{{{_ATOM}}}feed", nsmap={None: _ATOM})  # type: ignore[dict-item]
    _add(feed, "id", f"{base_url}/open/changes.atom")
    _add(feed, "title", title)
    _add(feed, "updated", updated.isoformat(timespec="seconds"))
    _add(_add(feed, "author"), "name", title)
    _add(feed, "link", rel="self", href=f"{base_url}/open/changes.atom")
    for snapshot, shown in entries:
        entry = _add(feed, "entry")
        _add(entry, "id", f"urn:uuid:{snapshot.id}")
        _add(entry, "updated", snapshot.changed_at.isoformat(timespec="seconds"))
        names = snapshot.entry.get("names") or {}
        _add(entry, "title", names.get("full_name") if shown else "withdrawn")
        _add(entry, "category", term="published" if shown else "withdrawn")
        if shown:
            _add(entry, "link", rel="alternate", href=f"{base_url}/en/map/{snapshot.slug}")
        else:
            _add(entry, "content", "This entry was withdrawn. Please delete your copy.")
    return etree.tostring(feed, xml_declaration=True, encoding="utf-8", pretty_print=True)


def _add(parent: Any, tag: str, text: str | None = None, **attributes: str) -> Any:
    element = etree.SubElement(parent, f"{{{_ATOM}}}{tag}", attributes)
    element.text = text
    return element
