"""Japanese and English are complete; what is said to guests alone is, too, in their languages."""

import re

import pytest
from babel.messages.catalog import Catalog, Message

from crm.core.i18n import GUEST_LANGUAGES, LANGUAGES, SOURCE_LANGUAGE
from tests.house.source import nothing, tool

messages = tool("messages")
HOLE = re.compile(r"%\((\w+)\)[sd]")
LONE = re.compile(r"%(?![(%])")
"""A percent sign that would be read as a hole: in templates every sentence is formatted."""
TARGETS = [language for language in GUEST_LANGUAGES if language != SOURCE_LANGUAGE]


@pytest.fixture(scope="module")
def source() -> Catalog:
    found: Catalog = messages.collect()
    assert len(found) > 50
    return found


def strings_of(message: Message | None) -> list[str]:
    if message is None or message.fuzzy:
        return []
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


@pytest.mark.parametrize("language", TARGETS)
def test_every_sentence_is_translated(source: Catalog, language: str) -> None:
    stored = messages.read(language)
    missing = [
        message.id
        for message in source
        if message.id
        and (messages.is_due(message, language) or stored.get(message.id, message.context))
        and not all(strings_of(stored.get(message.id, message.context)) or [""])
    ]
    nothing(missing)


def test_the_tool_knows_the_languages() -> None:
    assert {SOURCE_LANGUAGE, *messages.LANGUAGES} == {*LANGUAGES}
    assert {SOURCE_LANGUAGE, *messages.LANGUAGES, *messages.GUEST_LANGUAGES} == {*GUEST_LANGUAGES}


def test_french_signs_stand_off_their_words() -> None:
    """By a space at which no line ends."""
    said = [text for message in messages.read("fr") if message.id for text in strings_of(message)]
    nothing(
        text
        for text in said
        if re.search(r"[^\u202f][;!?»](?!\w)|[^\u00a0]:(?![/\w])|«[^\u202f]|'", HOLE.sub("", text))
    )


@pytest.mark.parametrize("language", TARGETS)
def test_translations_have_the_same_holes(source: Catalog, language: str) -> None:
    stored, wrong = messages.read(language), []
    for message in source:
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        wanted = {hole for text in ids for hole in HOLE.findall(text)}
        for text in strings_of(stored.get(message.id, message.context) if message.id else None):
            holes = set(HOLE.findall(text))
            plural_may_drop = {"num"} if message.pluralizable else set()
            if text and (holes - wanted or wanted - holes - plural_may_drop or LONE.search(text)):
                wrong.append((ids[0], text))
    nothing(wrong)


@pytest.mark.parametrize("language", TARGETS)
def test_no_translation_is_left_of_a_sentence_that_is_gone(source: Catalog, language: str) -> None:
    stored = messages.read(language)
    nothing([message.id for message in stored if message.id and source.get(message.id, message.context) is None])
