"""What the pages say about an import."""

from datetime import date
from typing import Any

from crm.core.dates import day_in
from crm.core.i18n import Lazy, current_language
from crm.core.i18n import gettext as _
from crm.core.i18n import lazy_gettext as _l
from crm.core.places import country_name
from crm.imports.fields import DERIVED, LABELS
from crm.imports.models import ImportFile, ImportState, Outcome
from crm.imports.placing import GUESSED
from crm.imports.reading.errors import sentence
from crm.imports.reasons import explain
from crm.people.models import Sector

_ENCODINGS: dict[str, Lazy] = {
    "utf-8": _l("UTF-8"),
    "utf-16": _l("UTF-16"),
    "cp932": _l("Shift_JIS (Windows, cp932)"),
    "euc_jp": _l("EUC-JP"),
    "iso2022_jp": _l("ISO-2022-JP (JIS)"),
    "cp1252": _l("Western European (Windows-1252)"),
}
_TONES = {
    ImportState.READY: "key",
    ImportState.REFUSED: "error",
    ImportState.APPLIED: "ok",
    ImportState.UNDONE: "none",
}
_POST = frozenset({"unit", "title", "city", "country"})
_OUTCOMES = {Outcome.NEW: "key", Outcome.SAME: "ok", Outcome.PERHAPS: "warn", Outcome.UNREADABLE: "error"}


def encodings() -> list[tuple[str, str]]:
    return [(name, str(label)) for name, label in _ENCODINGS.items()]


def languages() -> list[tuple[str, str]]:
    return [("ja", _("Japanese")), ("en", _("English")), ("de", _("German")), ("fr", _("French"))]


def tone(state: ImportState) -> str:
    return _TONES.get(state, "waiting")


def notes_of(file: ImportFile) -> list[str]:
    return [str(sentence(note)) for note in file.guess.get("notes") or []]


def refusal_of(file: ImportFile) -> str:
    return str(sentence(file.refusal, **file.guess.get("refusal", {}))) if file.refusal else ""


def steps_of(file: ImportFile | None, here: str = "check") -> list[tuple[str, str]]:
    """File, columns, check, apply; (word, done | current | next)."""
    words = [_("File"), _("Columns"), _("Check"), _("Apply")]
    at = 0 if file is None else 1 if here == "columns" else 2
    if file is not None and file.state is ImportState.REFUSED:
        at = 1
    if file is not None and file.state in (ImportState.APPLYING, ImportState.APPLIED, ImportState.UNDONE):
        at = 3
    finished = file is not None and file.state in (ImportState.APPLIED, ImportState.UNDONE)
    return [
        (word, "done" if place < at or finished else "current" if place == at else "next")
        for place, word in enumerate(words)
    ]


def tabs_of(file: ImportFile) -> list[tuple[str, str, int]]:
    """(value of ``outcome`` in the address, word, how many)."""
    counted = [(str(one), str(one.label), file.counts.get(str(one), 0)) for one in Outcome]
    return [("", _("All"), sum(file.counts.values())), *counted]


def outcome_tone(outcome: Outcome) -> str:
    return _OUTCOMES[outcome]


def why(row: Any) -> str:
    parts = [explain(row.reason, row.made.get("first_row")), *(str(sentence(doubt)) for doubt in row.doubts)]
    return " ".join(part for part in parts if part)


def changes(row: Any) -> list[tuple[str, str, str, bool]]:
    """(field, ours, theirs, whether applying fills it in): a post elsewhere is not mixed with the one we know."""
    moved = bool(row.differences.get("institution", [None])[0])
    kept = _POST if moved else frozenset()
    return [
        (str(LABELS[name]), _text(ours, name), _text(theirs, name), not ours and name not in kept)
        for name, (ours, theirs) in row.differences.items()
    ]


def place_of(row: Any) -> str:
    """Where the row puts somebody; a country that the list does not say stands with a question mark."""
    fields = row.fields
    country = _text(fields.get("country"), "country")
    if country and GUESSED in row.doubts:
        country = _("%(country)s?", country=country)
    places = [place for place in (fields.get("city"), country) if place]
    return _("%(city)s, %(country)s", city=places[0], country=places[1]) if len(places) > 1 else "".join(places)


def read_as(row: Any) -> list[tuple[str, str]]:
    labels = {**LABELS, **DERIVED}
    return [(str(labels[name]), _text(value, name)) for name, value in row.fields.items() if value and name in labels]


def _text(value: Any, name: str) -> str:
    if name == "country" and value:
        return country_name(value, current_language()) or str(value)
    if name == "sector":
        return str(Sector(value).label)
    if name == "met_on":
        return day_in(date.fromisoformat(value), current_language())
    return ", ".join(value) if isinstance(value, list) else str(value or "")
