"""How a guest is addressed, by language and title: 大使閣下, Professor, Exzellenz … Nothing is guessed of sex.

Only a title that says it itself (Frau, Monsieur, Professorin) leads to a form with Frau or Monsieur.
"""

import re
from dataclasses import dataclass

from crm.core.names import parse_name, script_of
from crm.core.names.scripts import Script

_AMBASSADOR = re.compile(r"ambassador|大使(?!館)|ambassad(?:eur|rice)|botschafter|embajador", re.IGNORECASE)
_PROFESSOR = re.compile(r"prof|教授", re.IGNORECASE)
_DOCTOR = re.compile(r"\bdr\b|ph\.?d|doctor|博士|医師", re.IGNORECASE)
_WOMAN = re.compile(
    r"(?:(?:frau|madame|mme|mrs|(?-i:Ms))\b|[\w.-]*(?:professorin|professeure|botschafterin|ambassadrice)\b)",
    re.IGNORECASE,
)
_MAN = re.compile(r"(?:herr|monsieur|mr)\b", re.IGNORECASE)
"""Both at the beginning of a title; MS is a degree."""
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
    scholar = any(kind.search(title) for kind in (_PROFESSOR, _DOCTOR, _SCHOLAR))
    honorific = "大使閣下" if _AMBASSADOR.search(title) else "先生" if scholar else "様"
    first = f"{guest.name} {honorific}"
    return f"{first}\n{guest.partner} 様" if guest.partner else first


def _english(guest: Addressed, title: str) -> str:
    if _AMBASSADOR.search(title):
        return f"Your Excellency, dear {guest.partner}," if guest.partner else "Your Excellency,"
    names = _formal(guest, title, "Professor", "Dr")
    return f"Dear {names} and {guest.partner}," if guest.partner else f"Dear {names},"


def _german(guest: Addressed, title: str) -> str:
    partner = guest.partner or ""
    formal = f"Sehr geehrte {partner}," if _WOMAN.match(partner) else f"Sehr geehrter {partner},"
    is_formal = bool(_WOMAN.match(partner) or _MAN.match(partner))
    if _AMBASSADOR.search(title):
        other = formal.replace("Sehr", "sehr", 1) if is_formal else f"guten Tag {partner},"
        return f"Exzellenz,\n{other}" if partner else "Exzellenz,"
    professor = "Prof. Dr." if _PROFESSOR.search(title) and _DOCTOR.search(title) else "Prof."
    first = _german_formal(guest, title, professor)
    if partner and is_formal and first:
        return f"{first}\n{formal.replace('Sehr', 'sehr', 1)}"
    if partner:
        return f"Guten Tag {_formal(guest, title, professor, 'Dr.')} und {partner},"
    return first or f"Guten Tag {_formal(guest, title, professor, 'Dr.')},"


def _german_formal(guest: Addressed, title: str, professor: str) -> str:
    if _WOMAN.match(title):
        return f"Sehr geehrte {_formal(guest, title, f'Frau {professor}', 'Frau Dr.', 'Frau')},"
    if _MAN.match(title):
        return f"Sehr geehrter {_formal(guest, title, f'Herr {professor}', 'Herr Dr.', 'Herr')},"
    return ""


def _french(guest: Addressed, title: str) -> str:
    """Without the name, as usage has it; but of two, who is meant beside the guest is named."""
    woman, man = (kind.match(title) for kind in (_WOMAN, _MAN))
    if _AMBASSADOR.search(title):
        first = "Madame l’Ambassadrice," if woman else "Monsieur l’Ambassadeur," if man else "Excellence,"
    elif _PROFESSOR.search(title) and (woman or man):
        first = "Madame la Professeure," if woman else "Monsieur le Professeur,"
    else:
        first = "Madame," if woman else "Monsieur," if man else "Madame, Monsieur,"
    if not guest.partner:
        return first
    if first == "Madame, Monsieur,":
        return f"{first}\n{_formal(guest, title, 'Prof.', 'Dr')} et {guest.partner},"
    is_formal = _WOMAN.match(guest.partner) or _MAN.match(guest.partner)
    return f"{first}\n{'' if is_formal else 'Madame, Monsieur '}{guest.partner},"


def _spanish(guest: Addressed, title: str) -> str:
    if _AMBASSADOR.search(title):
        return f"Excelencia, estimado/a {guest.partner}:" if guest.partner else "Excelencia:"
    names = _formal(guest, title, "Prof.", "Dr.")
    return f"Estimados/as {names} y {guest.partner}:" if guest.partner else f"Estimado/a {names}:"


_LANGUAGES = {"ja": _japanese, "en": _english, "de": _german, "fr": _french, "es": _spanish}


def _formal(guest: Addressed, title: str, professor: str, doctor: str, plain: str = "") -> str:
    """Title and family name where both are sure, else the whole name as written. ``plain``: for who has no title."""
    spoken = guest.latin or guest.name
    parsed = parse_name(spoken)
    family = parsed.family if parsed.given and script_of(spoken) is Script.LATIN else None
    written = f"{parsed.given} {_cased(family)}" if family else spoken
    before = professor if _PROFESSOR.search(title) else doctor if _DOCTOR.search(title) else plain
    return f"{before} {_cased(family) or written}" if before else written


def _cased(family: str | None) -> str:
    """TAKASE → Takase; van der BERG and McNeil stay as they are written otherwise."""
    words = (family or "").split()
    return " ".join(word.capitalize() if word.isupper() and len(word) > 2 else word for word in words)
