"""What is stored so that somebody can be found: short texts whose first letter says what they are.

``n`` a name in its own script, ``r`` its reading or Latin spelling, ``i`` identifier, ``o`` organisation, ``e`` e-mail,
``k`` keyword. A question is a prefix of a key, so names in a script without spaces are stored from every letter on.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from crm.core.i18n import Lazy
from crm.core.i18n import lazy_gettext as _l
from crm.core.search.folding import fold, is_kana, is_latin, without_accents, words
from crm.core.search.keywords import Pairs, keyword_forms
from crm.core.search.romaji import key_of_word, squeeze, variants

NAME, READING, IDENTIFIER, ORGANISATION, EMAIL, KEYWORD = "nrioek"
LONGEST = 60
_SUFFIXES = 24
_WORDS = 12
_NO_NEWS = frozenset({"of", "the", "and", "for"})

_SENTENCES: Mapping[str, Lazy] = {
    NAME: _l("matched by name"),
    READING: _l("matched by reading or Latin spelling"),
    IDENTIFIER: _l("matched by identifier"),
    ORGANISATION: _l("matched by institution"),
    EMAIL: _l("matched by e-mail address"),
    KEYWORD: _l("matched by keyword"),
}


def kind_of(key: str) -> str:
    """The kind letter of a key."""
    return key[:1]


def explain(kind: str) -> Lazy:
    """Why a key of this kind was a match. KeyError for an unknown kind."""
    return _SENTENCES[kind]


def suffixes(word: str) -> list[str]:
    """The word from each of its first letters on; at most 24."""
    return [word[start:] for start in range(min(len(word), _SUFFIXES))]


def telling(found: list[str]) -> list[str]:
    """Words without "of" and "the", unless nothing else is there."""
    return [word for word in found if word not in _NO_NEWS] or found


def identifier_key(value: str) -> str:
    """Letters and digits of an identifier; of an address only its last part."""
    last = fold(value).rstrip("/").rsplit("/", 1)[-1]
    return "".join(sign for sign in last if sign.isalnum())


def _readings(spoken: list[str]) -> Iterable[str]:
    """Joined from each word on, and with the first and the last word changing sides."""
    if len(spoken) < 2:
        return
    for start in range(len(spoken) - 1):
        yield squeeze("".join(spoken[start:]))
    yield squeeze("".join([*spoken[1:], spoken[0]]))
    yield squeeze("".join([spoken[-1], *spoken[:-1]]))


def _name_keys(name: str) -> Iterable[str]:
    found = words(name)[:_WORDS]
    native = [word for word in found if not is_latin(word)]
    if native:
        for start in range(len(native)):
            for suffix in suffixes("".join(native[start:]) if start == 0 else native[start]):
                yield NAME + suffix
        if len(native) > 1:
            yield NAME + "".join(native[1:]) + native[0]
    spoken = [key for word in found if (key := key_of_word(word))]
    for word in found:
        for variant in variants(word):
            yield READING + variant
    for joined in _readings(spoken):
        yield READING + joined
    if len(found) == 1 and is_kana(found[0]):
        # A reading written without a space: the given name begins somewhere inside.
        for start in range(2, min(len(found[0]) - 1, 10)):
            yield READING + key_of_word(found[0][start:])


@lru_cache(maxsize=20_000)
def _word_keys(kind: str, text: str) -> frozenset[str]:
    found: set[str] = set()
    for word in telling(words(text)[:_WORDS]):
        if not is_latin(word):
            found.update(kind + suffix for suffix in suffixes(word))
        else:
            found.add(kind + (without_accents(word) if kind == KEYWORD else key_of_word(word)))
    return frozenset(found)


@lru_cache(maxsize=20_000)
def _keyword_keys(keyword: str, pairs: Pairs | None) -> frozenset[str]:
    forms = keyword_forms(keyword, pairs) if pairs is not None else {fold(keyword)}
    return frozenset(key for form in forms for key in _word_keys(KEYWORD, form))


def _email_keys(address: str) -> Iterable[str]:
    plain = fold(address).strip()
    if plain:
        yield EMAIL + plain
        yield EMAIL + plain.rsplit("@", 1)[-1]


def keys_for(
    names: Iterable[str],
    *,
    identifiers: Iterable[str] = (),
    institutions: Iterable[str] = (),
    emails: Iterable[str] = (),
    keywords: Iterable[str] = (),
    pairs: Pairs | None = None,
) -> set[str]:
    """Every key of one record, each at most 60 letters. ``pairs`` adds the keywords in the other language."""
    found = {key for name in names for key in _name_keys(name)}
    found |= {IDENTIFIER + identifier_key(value) for value in identifiers}
    found |= {key for institution in institutions for key in _word_keys(ORGANISATION, institution)}
    found |= {key for address in emails for key in _email_keys(address)}
    found |= {key for keyword in keywords for key in _keyword_keys(keyword, pairs)}
    return {key[:LONGEST] for key in found if len(key) > 1}
