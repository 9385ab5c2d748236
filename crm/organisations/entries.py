"""One organisation as a file or a form has it, and the reader of the ROR dump (schema 2)."""

import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from crm.core.errors import Refused
from crm.core.i18n import lazy_gettext as _l
from crm.organisations.models import OrganisationKind

_CHUNK = 1 << 16
_KINDS = {
    "education": OrganisationKind.UNIVERSITY,
    "facility": OrganisationKind.INSTITUTE,
    "company": OrganisationKind.COMPANY,
    "government": OrganisationKind.GOVERNMENT,
    "healthcare": OrganisationKind.HOSPITAL,
    "nonprofit": OrganisationKind.NONPROFIT,
}


@dataclass(frozen=True, slots=True)
class OrganisationEntry:
    """``names`` are further names as (language or "", name)."""

    name: str
    kind: OrganisationKind = OrganisationKind.OTHER
    ror: str | None = None
    names: tuple[tuple[str, str], ...] = ()
    city: str | None = None
    region: str | None = None
    country: str | None = None
    geonames_id: int | None = None
    latitude: float | None = None
    longitude: float | None = None
    website: str | None = None
    source: str | None = None


def read_ror(path: Path) -> Iterator[OrganisationEntry]:
    """The active records of a ROR dump, one after the other. Refused for a file that is none."""
    with _opened(path) as file:
        for record in _records(file):
            if record.get("status") == "active" and (entry := _entry(record, path.name)):
                yield entry


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    if not zipfile.is_zipfile(path):
        with path.open("rb") as file:
            yield file
        return
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name.endswith(".json")]
        chosen = next((name for name in names if "schema_v2" in name), names[0] if names else None)
        if chosen is None:
            raise Refused(_l("This archive holds no JSON file."))
        with archive.open(chosen) as file:
            yield file


def _records(file: IO[bytes]) -> Iterator[dict[str, Any]]:
    """The objects of a JSON array without holding the array: the dump is larger than the memory of a small machine."""
    decoder, waiting, ended = json.JSONDecoder(), b"", False
    text = ""
    while True:
        text = text.lstrip(" \r\n\t,[")
        try:
            if not text or text[0] == "]":
                raise ValueError
            record, end = decoder.raw_decode(text)
        except ValueError:
            if ended:
                break
            chunk = file.read(_CHUNK)
            ended = not chunk
            waiting += chunk
            complete = len(waiting) if ended else waiting.rfind(b"}") + 1
            text += waiting[:complete].decode("utf-8-sig", errors="replace")
            waiting = waiting[complete:]
            continue
        if not isinstance(record, dict):
            break
        text = text[end:]
        yield record
    if text.strip(" \r\n\t,[]"):
        raise Refused(_l("This file is not a ROR dump, or it is cut off."))


def _entry(record: dict[str, Any], source: str) -> OrganisationEntry | None:
    names = [(name.get("lang") or "", name["value"], name.get("types", ())) for name in record.get("names", ())]
    display = next((value for _, value, types in names if "ror_display" in types), None)
    if display is None:
        return None
    place = next(iter(record.get("locations", ())), {})
    details = place.get("geonames_details", {})
    websites = [link["value"] for link in record.get("links", ()) if link.get("type") == "website"]
    kinds = [_KINDS[kind] for kind in record.get("types", ()) if kind in _KINDS]
    return OrganisationEntry(
        name=display,
        kind=kinds[0] if kinds else OrganisationKind.OTHER,
        ror=str(record["id"]).rsplit("/", 1)[-1],
        names=tuple(dict.fromkeys(("" if "acronym" in types else language, value) for language, value, types in names)),
        city=details.get("name"),
        region=details.get("country_subdivision_name"),
        country=details.get("country_code"),
        geonames_id=place.get("geonames_id"),
        latitude=details.get("lat"),
        longitude=details.get("lng"),
        website=websites[0] if websites else None,
        source=source,
    )
