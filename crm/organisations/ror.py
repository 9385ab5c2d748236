"""Reader of the data dump of the Research Organization Registry (schema 2): a JSON array, alone or in a ZIP archive."""

import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from crm.core.errors import Refused
from crm.core.i18n import lazy_gettext as _l
from crm.core.identifiers import InvalidIdentifier, normalise
from crm.organisations.entries import OrganisationEntry
from crm.organisations.models import OrganisationKind

CHUNK = 1 << 16
LONGEST = 1 << 23
"""Characters of one record; a text that is longer without an end is no dump."""
KINDS = {
    "education": OrganisationKind.UNIVERSITY,
    "facility": OrganisationKind.INSTITUTE,
    "company": OrganisationKind.COMPANY,
    "government": OrganisationKind.GOVERNMENT,
    "healthcare": OrganisationKind.HOSPITAL,
    "nonprofit": OrganisationKind.NONPROFIT,
}


class NotRor(Refused):
    sentence = _l("This file is not a ROR data dump of schema version 2.")


def read_ror(path: Path) -> Iterator[OrganisationEntry]:
    """The active records, one after the other; ``NotRor`` as soon as the file turns out to be something else."""
    try:
        with _opened(path) as file:
            for record in _records(file):
                if record["status"] == "active":
                    yield _entry(record, path.name)
    except (zipfile.BadZipFile, UnicodeDecodeError, LookupError, TypeError, AttributeError, InvalidIdentifier) as error:
        raise NotRor() from error
    except OSError as error:
        raise NotRor(_l("This file cannot be read.")) from error


@contextmanager
def _opened(path: Path) -> Iterator[IO[str]]:
    if not zipfile.is_zipfile(path):
        with path.open(encoding="utf-8-sig") as file:
            yield file
        return
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name.endswith(".json")]
        chosen = next((name for name in names if "schema_v2" in name), names[0] if names else None)
        if chosen is None:
            raise NotRor(_l("This archive holds no JSON file."))
        with archive.open(chosen) as packed:
            yield io.TextIOWrapper(packed, encoding="utf-8-sig")


def _records(file: IO[str]) -> Iterator[dict[str, Any]]:
    """The objects of the array without holding the array: the dump is larger than the memory of a small machine."""
    decoder, text = json.JSONDecoder(), file.read(CHUNK).lstrip()
    if not text.startswith("["):
        raise NotRor()
    start = 1
    while True:
        while start < len(text) and text[start] in " \r\n\t,":
            start += 1
        if text.startswith("]", start):
            return
        try:
            record, start = decoder.raw_decode(text, start)
        except ValueError:
            chunk = file.read(CHUNK)
            if not chunk or len(text) - start > LONGEST:
                raise NotRor(_l("This file is damaged or cut off.")) from None
            text, start = text[start:] + chunk, 0
        else:
            yield record


def _entry(record: dict[str, Any], source: str) -> OrganisationEntry:
    names = [(name["lang"] or "", name["value"].strip(), name["types"]) for name in record["names"]]
    place: dict[str, Any] = next(iter(record["locations"]), {})
    details = place.get("geonames_details", {})
    websites = [link["value"] for link in record["links"] if link["type"] == "website"]
    kinds = [KINDS[kind] for kind in record["types"] if kind in KINDS]
    return OrganisationEntry(
        name=[value for _, value, types in names if "ror_display" in types][0],  # noqa: RUF015 (an IndexError is told)
        kind=kinds[0] if kinds else OrganisationKind.OTHER,
        ror=normalise("ror", record["id"]),
        names=tuple((_language(code, types), value) for code, value, types in names),
        city=details.get("name"),
        region=details.get("country_subdivision_name"),
        country=details.get("country_code"),
        geonames_id=place.get("geonames_id"),
        latitude=details.get("lat"),
        longitude=details.get("lng"),
        website=websites[0] if websites else None,
        source=f"ROR, {source}",
    )


def _language(code: str, types: list[str]) -> str:
    return code if "label" in types and len(code) <= 3 else ""
