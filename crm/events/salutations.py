"""How a guest is addressed, by language and title: 大使閣下, Professor, Exzellenz … Nothing is guessed of sex."""

import re
from dataclasses import dataclass

from crm.core.names import parse_name, script_of
from crm.core.names.scripts import Script

_AMBASSADOR = re.compile(r"ambassador|大使(?!館)|ambassad(?:eur|rice)|botschafter|embajador", re.IGNORECASE)
_PROFESSOR = re.compile(r"prof|教授", re.IGNORECASE)
_DOCTOR = re.compile(r"\bdr\b|ph\.?d|doctor|博士|医師", re.IGNORECASE)
_SCHOLAR = re.compile(r"研究(?:者|員)|lecturer|講師|group leader|principal investigator", re.IGNORECASE)


@dataclass(frozen=True)
class Addressed:
    """``latin`` is their name in Latin letters, where there is one."""

    name: str
    latin: str | None = None
    title: str | None = None
    partner: str | None = None


def salutation(guest: Addressed, language: str) -> str:
    """The first line of a letter, in Japanese, English, French, German or Spanish; else as in English."""
    return _LANGUAGES.get(language, _english)(guest, guest.title or "")


def _japanese(guest: Addressed, title: str) -> str:
    if _AMBASSADOR.search(title):
        return f"{guest.name} 大使閣下"
    scholar = any(kind.search(title) for kind in (_PROFESSOR, _DOCTOR, _SCHOLAR))
    first = f"{guest.name} {'先生' if scholar else '様'}"
    return f"{first}\n{guest.partner} 様" if guest.partner else first


def _english(guest: Addressed, title: str) -> str:
    if _AMBASSADOR.search(title):
        return "Your Excellency,"
    names = _formal(guest, title, "Professor", "Dr")
    return f"Dear {names} and {guest.partner}," if guest.partner else f"Dear {names},"


def _german(guest: Addressed, title: str) -> str:
    if _AMBASSADOR.search(title):
        return "Exzellenz,"
    names = _formal(guest, title, "Prof.", "Dr.")
    return f"Guten Tag {names} und {guest.partner}," if guest.partner else f"Guten Tag {names},"


def _french(_guest: Addressed, title: str) -> str:
    if _AMBASSADOR.search(title):
        return "Excellence,"
    return "Madame, Monsieur,"


def _spanish(guest: Addressed, title: str) -> str:
    if _AMBASSADOR.search(title):
        return "Excelencia:"
    return f"Estimado/a {_formal(guest, title, 'Prof.', 'Dr.')}:"


_LANGUAGES = {"ja": _japanese, "en": _english, "de": _german, "fr": _french, "es": _spanish}


def _formal(guest: Addressed, title: str, professor: str, doctor: str) -> str:
    """Title and family name where both are sure, else the whole name as written."""
    spoken = guest.latin or guest.name
    parsed = parse_name(spoken)
    family = parsed.family if parsed.given and script_of(spoken) is Script.LATIN else None
    written = f"{parsed.given} {_cased(family)}" if family else spoken
    if _PROFESSOR.search(title):
        return f"{professor} {_cased(family)}" if family else f"{professor} {written}"
    if _DOCTOR.search(title):
        return f"{doctor} {_cased(family)}" if family else f"{doctor} {written}"
    return written


def _cased(family: str | None) -> str:
    """TAKASE → Takase; van der BERG and McNeil stay as they are written otherwise."""
    words = (family or "").split()
    return " ".join(word.capitalize() if word.isupper() and len(word) > 2 else word for word in words)
