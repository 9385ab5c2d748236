"""Display forms. Order and spacing follow the script: Japanese family first, Latin as asked for."""

from crm.core.names.latin import family_case
from crm.core.names.scripts import Script, script_of


def display(full: str, family: str | None = None, given: str | None = None, *, family_first: bool = True) -> str:
    """The name for a page: from its parts where both are known, else as written."""
    if not (family and given):
        return full
    if script_of(family) is Script.LATIN:
        return family_marked(family, given) if family_first else f"{family_case(given)} {family_case(family)}"
    return f"{family} {given}"


def family_marked(family: str | None, given: str | None) -> str:
    """The form of Japanese government practice: YAMADA Haruo."""
    return " ".join(part for part in ((family or "").upper(), family_case(given or "")) if part)


def sorting(full: str, family: str | None = None, given: str | None = None) -> str:
    """Family first, with a comma in Latin script."""
    if not (family and given):
        return full
    return f"{family_case(family)}, {family_case(given)}" if script_of(family) is Script.LATIN else f"{family} {given}"


def initials(full: str, family: str | None = None, given: str | None = None) -> str:
    """A monogram of at most two letters; for Japanese script the first character of the family name."""
    first = family or full
    if script_of(first) in (Script.KANJI, Script.KANA):
        return first.strip()[:1]
    if family and given:
        return (given[:1] + family[:1]).upper()
    words = family_case(full).split()
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()
