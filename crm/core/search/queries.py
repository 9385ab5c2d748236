"""What somebody typed, as ranges of keys: every word must be found, each by any of its spellings."""

import re
from functools import lru_cache

from crm.core.search.folding import fold, is_kana, is_latin, without_accents, words
from crm.core.search.keys import (
    EMAIL,
    IDENTIFIER,
    KEYWORD,
    LONGEST,
    NAME,
    ORGANISATION,
    READING,
    identifier_key,
    telling,
)
from crm.core.search.romaji import beginnings, key_of_word, squeeze

Range = tuple[str, str]
_LAST = "\U0010ffff"
_WORDS = 8
_LETTERS = 500

_EMAIL = re.compile(r"[^\s@<>()\[\],;:\"]*@[^\s@<>()\[\],;:\"]+|[^\s@<>()\[\],;:\"]+@")
_DOMAIN = re.compile(r"(?<!\S)[a-z0-9-]+(?:\.[a-z0-9-]+)+(?!\S)")
_ADDRESS = re.compile(r"(?:https?://)?(?:[a-z0-9-]+\.)+[a-z]{2,}/\S+")
_SIXTEEN = re.compile(r"(?<!\w)\d{4}[- ]?\d{4}[- ]?\d{4}[- ]?\d{3}[\dx](?!\w)|(?<!\w)\d{4}(?:-\d{1,4}){1,3}(?!\w)")
_LABEL = re.compile(r"(?<!\w)(?:orcid|isni|e-?rad|scopus|openalex|ror)(?: ?id)? *:? *(?=[\w/]*\d)")
_HYPHEN = re.compile("[-\u2010\u2013]")
_DIGIT = re.compile("[0-9]")
_WHOLE = ((_EMAIL, EMAIL), (_ADDRESS, IDENTIFIER), (_SIXTEEN, IDENTIFIER), (_DOMAIN, EMAIL))


def _ranges(prefixes: set[str]) -> list[Range]:
    """Half-open: ``low <= key < high``. A prefix that begins with another one is left out."""
    chosen: list[str] = []
    for prefix in sorted(prefix[: LONGEST - 1] for prefix in prefixes):
        if not chosen or not prefix.startswith(chosen[-1]):
            chosen.append(prefix)
    return [(prefix, prefix + _LAST) for prefix in chosen]


@lru_cache(maxsize=5_000)
def _of_word(word: str, joined: str = "") -> tuple[Range, ...]:
    """The ranges of one word; ``joined`` is the whole of which it is a part, when Min-jun may be stored as Minjun."""
    found: set[str] = {READING + joined}
    if is_latin(word):
        plain = without_accents(word)
        for spelling in beginnings(word):
            found |= {READING + spelling, ORGANISATION + spelling}
        found |= {KEYWORD + plain, EMAIL + plain}
        if _DIGIT.search(plain):
            found.add(IDENTIFIER + plain)
    else:
        found |= {NAME + word, ORGANISATION + word, KEYWORD + word}
        if is_kana(word):
            found |= {READING + spelling for spelling in beginnings(word)}
    return tuple(_ranges({prefix for prefix in found if len(prefix) > 1}))


def _of_words(plain: str) -> list[list[Range]]:
    found: list[tuple[str, str]] = []
    for chunk in plain.split():
        parts = words(chunk)
        together = len(parts) > 1 and _HYPHEN.search(chunk) and all(is_latin(part) for part in parts)
        joined = squeeze("".join(key_of_word(part) for part in parts)) if together else ""
        found.extend((part, joined) for part in parts)
    kept = set(telling([word for word, _joined in found]))
    return [list(ranges) for word, joined in found if word in kept and (ranges := _of_word(word, joined))]


def _bare(kind: str, text: str) -> str:
    return identifier_key(text) if kind == IDENTIFIER else text.removeprefix("mailto:").strip("@.")


def queries_for(text: str) -> list[list[Range]]:
    """All of the lists must be met, each by any of its ranges; empty when nothing can be looked for."""
    plain = fold(text[:_LETTERS])
    whole: list[list[Range]] = []
    if "." in plain or "@" in plain or "-" in plain or _DIGIT.search(plain):
        plain = _LABEL.sub("", plain)
        for pattern, kind in _WHOLE:
            for match in pattern.findall(plain):
                if bare := _bare(kind, match):
                    whole.append(_ranges({kind + bare}))
            plain = pattern.sub(" ", plain)
    return (whole + _of_words(plain))[:_WORDS]
