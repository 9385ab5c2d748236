"""The reader's own word lists, as patterns."""

from pathlib import Path

from crm.core.names.words import pairs, read_words

SECTIONS = read_words(Path(__file__).with_name("words.txt"))
_LISTS = dict(SECTIONS)


def alternatives(section: str) -> str:
    """A pattern that matches any line of a section."""
    return "(?:" + "|".join(_LISTS[section]) + ")"


def table(section: str) -> dict[str, str]:
    return pairs(_LISTS[section])
