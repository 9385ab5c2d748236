"""What of a person goes into a file, for those who may see it."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from crm.core.forms import FormModel
from crm.core.i18n import current_language
from crm.core.i18n import gettext as _
from crm.core.places import country_name
from crm.core.tables import write_csv, write_xlsx
from crm.people.forms import field_labels
from crm.people.models.exports import ExportFormat
from crm.people.queries.known import Known

MANY = 100
"""Above so many people a reason is asked for."""
COLUMNS = (
    "full_name", "family", "given", "kanji", "kana", "latin", "title", "institution", "unit", "city", "country",
    "research_fields", "email", "phone", "orcid", "erad", "links",
)  # fmt: skip


class ExportForm(FormModel):
    """``query``: the list's address, as it was when somebody asked."""

    format: ExportFormat = ExportFormat.XLSX
    reason: Annotated[str, Field(max_length=500)] = ""
    query: Annotated[str, Field(max_length=4_000)] = ""


def headings() -> list[str]:
    labels = field_labels()
    return [_("Meguri ID"), *(labels[name] for name in COLUMNS)]


def cells(person: Known) -> list[str]:
    return [str(person.id), *(_cell(person.fields.get(name)) for name in COLUMNS)]


def _cell(value: Any) -> str:
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value or "")


def write(path: Path, format: ExportFormat, people: Iterable[Known]) -> int:
    """Returns how many."""
    if format is ExportFormat.VCARD:
        return _write_cards(path, people)
    put = write_csv if format is ExportFormat.CSV else write_xlsx
    return put(path, headings(), (cells(person) for person in people))


def _write_cards(path: Path, people: Iterable[Known]) -> int:
    number = 0
    with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
        for person in people:
            file.writelines(card(person))
            number += 1
    return number


def card(person: Known) -> Sequence[str]:
    """The folded lines of a vCard 4 (RFC 6350)."""
    said = person.fields
    name = ";".join(_text(said.get(part) or "") for part in ("family", "given"))
    work = ";".join(_text(said.get(part) or "") for part in ("institution", "unit"))
    kana = [_plain(part) for part in (said.get("kana") or "").split()]
    lines = [
        ("UID", f"urn:uuid:{person.id}"),
        ("FN", _text(said["full_name"])),
        (_sorted_as(kana), f"{name};;;"),
        ("FN;LANGUAGE=ja", _text(said.get("kanji") or "")),
        ("FN;LANGUAGE=und-Latn", _text(said.get("latin") or "") if said.get("latin") != said["full_name"] else ""),
        ("X-PHONETIC-LAST-NAME", _text(kana[0]) if kana else ""),
        ("X-PHONETIC-FIRST-NAME", _text(" ".join(kana[1:]))),
        *(("EMAIL", _text(mail)) for mail in dict.fromkeys(person.emails)),
        ("TEL;VALUE=text", _text(said.get("phone") or "")),
        ("TITLE", _text(said.get("title") or "")),
        ("ORG", work.strip(";")),
        ("ADR;TYPE=work", _address(said)),
        ("CATEGORIES", ",".join(_text(field) for field in said["research_fields"])),
        *(("URL", address) for address in said["links"] if address.isprintable()),
    ]
    said_lines = [f"{name}:{value}" for name, value in lines if value]
    return [_folded(line) for line in ("BEGIN:VCARD", "VERSION:4.0", *said_lines, "END:VCARD")]


def _address(said: dict[str, Any]) -> str:
    country = country_name(said["country"], current_language()) if said.get("country") else ""
    return f";;;{_text(said.get('city') or '')};;;{_text(country)}" if said.get("city") or country else ""


def _sorted_as(kana: Sequence[str]) -> str:
    """In the order of the reading, family name first."""
    return f'N;SORT-AS="{",".join((kana[0], " ".join(kana[1:])))}"' if kana else "N"


def _plain(value: str) -> str:
    """Within the quotes of a parameter."""
    return "".join(sign for sign in value if sign.isprintable() and sign != '"')


def _text(value: str) -> str:
    plain = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return plain.replace("\r", "").replace("\n", "\\n")


def _folded(line: str) -> str:
    """At most 75 octets a line, never inside a character."""
    parts, part, size = [], "", 0
    for sign in line:
        octets = len(sign.encode("utf-8", "replace"))
        if size + octets > 74:
            parts.append(part)
            part, size = "", 0
        part, size = part + sign, size + octets
    return "\r\n ".join([*parts, part]) + "\r\n"
