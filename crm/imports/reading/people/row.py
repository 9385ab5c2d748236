"""One person from one row."""

from crm.core.names.scripts import tidy
from crm.imports.reading.headings import field_of
from crm.imports.reading.people.card import fill_card
from crm.imports.reading.people.cells import Around, Cells, Person, one_line
from crm.imports.reading.people.contacts import fill_contacts
from crm.imports.reading.people.naming import fill_name
from crm.imports.reading.people.whereabouts import fill_affiliation
from crm.imports.reading.shapes import EntryFields
from crm.imports.reading.values import (
    is_nothing,
    many,
)  # fmt: skip


def _topics(notes: list[str]) -> list[str]:
    """ "Thèmes : …" in a note of an address book."""
    labelled = (line.replace("：", ":").partition(":") for text in notes for line in text.split("\n"))
    return [
        value.strip()
        for label, _, value in labelled
        if value.strip() and len(label) < 30 and (field_of(label) or ("",))[0] == "research_fields"
    ]


def person_of(cells: Cells, hrefs: list[str], around: Around) -> Person:
    person = Person(EntryFields())
    kept = {name: [text for text in texts if not is_nothing(text)] for name, texts in cells.items()}
    if not kept.get("research_fields"):
        kept["research_fields"] = _topics(kept.get("note", []))
    fill_contacts(person, kept, hrefs, around.wrapped)
    title = fill_name(person, kept, around)
    fill_affiliation(person, kept, around, title)
    for name in ("research_fields", "languages", "open_to"):
        texts = [
            one for text in kept.get(name, []) for one in ([one_line(text)] if around.wrapped else text.split("\n"))
        ]
        setattr(person.fields, name, list(dict.fromkeys(piece for text in texts for piece in many(text))))
    if around.cards:
        fill_card(person, kept)
    person.fields.note = "\n".join(tidy(text) for text in kept.get("note", [])) or None
    return person
