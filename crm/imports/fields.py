"""The fields of a row: their words, and how they become a person's entry."""

import hashlib
import json
from typing import Any
from uuid import UUID

from crm.core.i18n import Lazy
from crm.core.i18n import lazy_gettext as _l
from crm.imports.codes import language_codes_of, offers_of
from crm.people.entries import PersonEntry
from crm.people.models import BY_HAND, Sector, Source

LABELS: dict[str, Lazy] = {
    "full_name": _l("Name"),
    "family": _l("Family name"),
    "given": _l("Given name"),
    "kanji": _l("Name in kanji"),
    "kana": _l("Reading in kana"),
    "latin": _l("Name in Latin letters"),
    "former": _l("Former name"),
    "title": _l("Title or position"),
    "institution": _l("Institution"),
    "unit": _l("Department or laboratory"),
    "city": _l("City"),
    "region": _l("State or region"),
    "country": _l("Country or region"),
    "research_fields": _l("Research fields"),
    "email": _l("E-mail"),
    "phone": _l("Phone"),
    "links": _l("Links"),
    "orcid": _l("ORCID iD"),
    "erad": _l("e-Rad researcher number"),
    "researchmap": _l("researchmap"),
    "languages": _l("Languages"),
    "open_to": _l("Open to"),
    "met_on": _l("Day on which cards were exchanged"),
    "tags": _l("Tags"),
    "postcode": _l("Postal code"),
    "address": _l("Postal address"),
    "street": _l("Street and building"),
    "note": _l("Note"),
    "ignore": _l("Leave this column out"),
}
DERIVED: dict[str, Lazy] = {"more_phones": _l("Further phone numbers"), "sector": _l("Sector")}
"""What the reader makes of other columns."""
SHOWN = (
    "full_name", "family", "given", "kanji", "kana", "title", "institution", "unit", "city", "country",
    "research_fields", "email", "links",
)  # fmt: skip
"""The fields that the command line prints."""

_TEXTS = (
    "full_name", "family", "given", "kanji", "kana", "latin", "former", "title", "institution", "unit", "city",
    "country", "email", "phone", "orcid", "erad", "note", "address",
)  # fmt: skip


def entry_of(fields: dict[str, Any], source: Source = BY_HAND, *, without: frozenset[str] = frozenset()) -> PersonEntry:
    """What is written down of a person; languages and offers that no code list knows stay in the original cells."""
    texts = {name: fields.get(name) for name in _TEXTS if name not in without}
    texts["full_name"] = texts["full_name"] or ""
    return PersonEntry(
        **texts,  # type: ignore[arg-type]
        research_fields=tuple(fields.get("research_fields") or ()),
        links=tuple(fields.get("links") or ()),
        languages=language_codes_of(fields.get("languages") or ()),
        open_to=offers_of(fields.get("open_to") or ()),
        more_phones=tuple(fields.get("more_phones") or ()),
        sector=Sector(fields.get("sector") or Sector.ACADEMIA),
        source=source,
    )


def fingerprint(office_id: UUID, fields: dict[str, Any]) -> str:
    """The same for the same content in the same office, whatever the file and the row."""
    content = {name: value for name, value in fields.items() if value}
    text = json.dumps(content, ensure_ascii=True, sort_keys=True)
    return hashlib.blake2b(office_id.bytes + text.encode("ascii"), digest_size=16).hexdigest()


def names_of(fields: dict[str, Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for key in ("full_name", "kanji", "latin", "former") if (name := fields.get(key))))
