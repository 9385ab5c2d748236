"""Help for the tests of the reader: read a file from its bytes."""

from pathlib import Path

from crm.imports.reading.errors import Unreadable
from crm.imports.reading.extracting import items
from crm.imports.reading.guessing import guess_columns
from crm.imports.reading.reader import read
from crm.imports.reading.shapes import Entry, EntryFields, Guess, Item, Skipped
from crm.imports.reading.signature import read_signature


def understand(path: Path, language: str | None = None, encoding: str | None = None) -> tuple[Guess, list[Item]]:
    reading = read(path, path.name, encoding)
    guess = guess_columns(reading, language)
    return guess, list(items(reading, guess))


def pasted(text: str) -> EntryFields | None:
    """Whom text is of, in this process."""
    reading = read_signature(text)
    try:
        return next(iter(people_of(list(items(reading, guess_columns(reading, "en"))))), None)
    except Unreadable:
        return None


def entries_of(found: list[Item]) -> list[Entry]:
    return [item for item in found if isinstance(item, Entry)]


def people_of(found: list[Item]) -> list[EntryFields]:
    return [entry.fields for entry in entries_of(found) if entry.problem is None]


def skipped_of(found: list[Item]) -> list[Skipped]:
    return [item for item in found if isinstance(item, Skipped)]


def written(folder: Path, name: str, content: str | bytes, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path
