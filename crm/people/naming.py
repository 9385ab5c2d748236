"""What the parts of a name give: the forms to keep, and the place in an ordered list."""

from crm.core.names import script_of, sorting
from crm.core.search import fold, romaji_key
from crm.people.entries import PersonEntry


def name_forms(entry: PersonEntry) -> list[tuple[str, str]]:
    """(script, form): each script once, and ``full_name`` when no other form says it."""
    forms = [(script, form) for script in ("kanji", "kana", "latin") if (form := getattr(entry, script))]
    if entry.full_name not in (form for _, form in forms):
        forms.insert(0, (str(script_of(entry.full_name)), entry.full_name))
    return forms


def sort_key(entry: PersonEntry) -> str:
    """Readings and Latin names in one alphabet, family name first; other scripts after them."""
    if entry.kana:
        return " ".join(romaji_key(part) for part in entry.kana.split())[:200]
    name = entry.latin or entry.full_name
    written = fold(sorting(name, entry.family, entry.given)).replace(",", "")
    return (romaji_key_words(written) or written)[:200]


def romaji_key_words(text: str) -> str:
    return " ".join(key for part in text.split() if (key := romaji_key(part)))
