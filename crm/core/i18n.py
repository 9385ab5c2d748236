"""Japanese and English; for guests more. The language of the moment is a context variable, set per request, per letter
and per task.
"""

from collections.abc import Container, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from io import BytesIO
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from markupsafe import escape

from crm.core.paths import LOCALES

LANGUAGES = {"ja": "日本語", "en": "English"}
GUEST_LANGUAGES = {**LANGUAGES, "de": "Deutsch", "fr": "Français"}
"""Of personal pages, public pages of events, and letters to guests: the catalogues of the others hold no more."""
SOURCE_LANGUAGE = "en"

_language: ContextVar[str] = ContextVar("language", default=SOURCE_LANGUAGE)


@cache
def catalogue(language: str) -> NullTranslations:
    """The compiled catalogue of a language; ``.po`` files are compiled in memory, so that none is ever stale."""
    path = LOCALES / language / "LC_MESSAGES" / "messages.po"
    if language == SOURCE_LANGUAGE or not path.exists():
        return NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return Translations(compiled)


@cache
def locale_of(language: str) -> Locale:
    """English is British-neutral: day before month, 24 hours."""
    return Locale.parse("en_GB" if language == "en" else language)


def is_language(code: str) -> bool:
    """Whether dates can be said in it; the pages speak fewer (``LANGUAGES``)."""
    try:
        return bool(locale_of(code))
    except (UnknownLocaleError, ValueError):
        return False


def current_language() -> str:
    return _language.get()


def set_language(language: str, among: Container[str] = LANGUAGES) -> None:
    _language.set(spoken(language, among))


def spoken(language: str, among: Container[str] = GUEST_LANGUAGES) -> str:
    """It, or English for who cannot be spoken to in it."""
    return language if language in among else SOURCE_LANGUAGE


@contextmanager
def speaking(language: str, among: Container[str] = LANGUAGES) -> Iterator[None]:
    """Say everything inside in one language, for example a letter in its reader's."""
    token = _language.set(spoken(language, among))
    try:
        yield
    finally:
        _language.reset(token)


def gettext(message: str, **values: object) -> str:
    text: str = catalogue(_language.get()).ugettext(message) if message else ""
    return text % values if values else text


def plural_form(one: str, many: str, num: int) -> str:
    """The form for this number, its holes not yet filled."""
    text: str = catalogue(_language.get()).ungettext(one, many, num)
    return text


def ngettext(one: str, many: str, num: int, **values: object) -> str:
    return plural_form(one, many, num) % {"num": num, **values}


def pgettext(context: str, message: str, **values: object) -> str:
    text: str = catalogue(_language.get()).upgettext(context, message)
    return text % values if values else text


def said_in(texts: Mapping[str, str], language: str = "") -> str:
    """What somebody wrote in several languages: in this one, else in English, in Japanese, in whichever there is."""
    for code in (language or _language.get(), "en", "ja", *texts):
        if texts.get(code):
            return texts[code]
    return ""


class Lazy:
    """A sentence that is said in the language of the moment it is shown."""

    __slots__ = ("message", "values")

    def __init__(self, message: str, **values: object) -> None:
        self.message = message
        self.values = values

    def __str__(self) -> str:
        return gettext(self.message, **{key: str(value) for key, value in self.values.items()})

    def __html__(self) -> str:
        return str(escape(str(self)))

    def __mod__(self, values: dict[str, Any]) -> str:
        return str(self) % values

    def __eq__(self, other: object) -> bool:
        return str(self) == str(other)

    def __hash__(self) -> int:
        return hash((self.message, tuple(self.values.items())))

    def __repr__(self) -> str:
        return f"Lazy({self.message!r})"


def lazy_gettext(message: str, **values: object) -> Lazy:
    return Lazy(message, **values)
