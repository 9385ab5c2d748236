"""Family and given name in a name written in Latin letters."""

import re
from functools import lru_cache
from pathlib import Path

from crm.core.names.words import pairs, read_words

_WORDS = dict(read_words(Path(__file__).with_name("words.txt")))
_PARTICLES = frozenset(_WORDS["particles"])
_GENERATION = re.compile(r"^(?:Jr|Sr|II|III|IV)\.?$", re.IGNORECASE)
_INITIAL = re.compile(r"^(?:[^\W\d_]\.?-?){1,3}$")
_STRONG_FAMILY = re.compile(f"(?:{'|'.join(_WORDS['family endings'])})$")
_STRONG_GIVEN = re.compile(f"(?:{'|'.join(_WORDS['given endings'])})$")


def split_latin(name: str, family_first: bool | None = None) -> tuple[str | None, str | None]:
    """(family, given); a single word is a given name, as CLDR has it. Commas and capitals decide before the hint."""
    if "," in name:
        family, _, given = (part.strip() for part in name.partition(","))
        return family or None, given.replace(",", " ").strip() or None
    words = [word for word in name.split() if not _GENERATION.match(word)]
    if len(words) < 2:
        return None, name or None
    start, end = marked_family(tuple(words)) or _unmarked(words, bool(family_first))
    family = " ".join(words[start:end])
    given = " ".join(words[:start] + words[end:])
    return family, given


@lru_cache(maxsize=1_000)
def marked_family(words: tuple[str, ...]) -> tuple[int, int] | None:
    """Where the words in capitals stand, if some are and some are not (particles may stay small)."""
    loud = [_is_loud(word) for word in words]
    quiet = [
        not is_loud and word.lower() not in _PARTICLES and not _INITIAL.match(word)
        for is_loud, word in zip(loud, words, strict=False)
    ]
    initials = [bool(_INITIAL.match(word)) for word in words]
    if not any(loud) or not (any(quiet) or (any(initials) and not all(loud))):
        return None
    start, end = loud.index(True), len(loud) - loud[::-1].index(True)
    if not all(
        is_loud or word.lower() in _PARTICLES for is_loud, word in zip(loud[start:end], words[start:end], strict=False)
    ):
        return None
    while start and words[start - 1].lower() in _PARTICLES and words[start - 1].islower():
        start -= 1
    return start, end


def order_votes(name: str, kana: str | None = None, address: str | None = None) -> float:
    """Evidence that the family name stands first (> 0) or last (< 0) in a name of two words without marks."""
    words = [word for word in name.replace(",", " , ").split() if not _GENERATION.match(word)]
    if len(words) < 2 or "," in words or marked_family(tuple(words)):
        return 0.0
    first, last = words[0].casefold(), words[-1].casefold()
    vote = 0.0
    if _INITIAL.match(words[0]) and len(words[0].rstrip(".")) == 1:
        vote -= 2
    if _INITIAL.match(words[-1]) and len(words[-1].rstrip(".")) == 1:
        vote += 2
    vote += _looks_family(first) - _looks_family(last)
    by_address = _address_vote(first, last, address)
    if len(words) > 2:  # maria.garcia@ is María García López: of more words the first is as likely the given name
        by_address = min(by_address, 0.0)
    return vote + by_address + (_kana_vote(first, last, kana) if kana else 0.0)


_SURNAMES = frozenset(_WORDS["surnames"])


def _looks_family(word: str) -> float:
    if word in _SURNAMES:
        return 2.0
    return (1.0 if _STRONG_FAMILY.search(word) else 0.0) - (1.0 if _STRONG_GIVEN.search(word) else 0.0)


def _address_vote(first: str, last: str, address: str | None) -> float:
    """t.yamada@ and yamada.t@ and yamada@ name the family in full."""
    local = (address or "").partition("@")[0].casefold()
    if not local:
        return 0.0
    has_first, has_last = len(first) > 2 and first in local, len(last) > 2 and last in local
    return 1.0 * (has_first - has_last)


def _kana_vote(first: str, last: str, kana: str) -> float:
    from_reading = re.split(r"[\s・,]+", kana.strip())
    if len(from_reading) < 2:
        return 0.0
    same = _same_start(first, from_reading[0]) + _same_start(last, from_reading[-1])
    swapped = _same_start(last, from_reading[0]) + _same_start(first, from_reading[-1])
    return 3.0 * (same - swapped)


_ROWS = pairs(_WORDS["kana rows"])


def _same_start(word: str, reading: str) -> int:
    return int(bool(reading) and reading[0] in _ROWS.get(word[:1], ""))


def _is_loud(word: str) -> bool:
    letters = [character for character in word if character.isalpha()]
    return (
        len(letters) > 1 and all(c.isupper() or c == "ß" for c in letters if c.lower() != c.upper()) and "." not in word
    )


def _unmarked(words: list[str], family_first: bool) -> tuple[int, int]:
    if family_first:
        end = 1
        while end < len(words) - 1 and words[end - 1].lower() in _PARTICLES:
            end += 1
        return 0, end
    start = len(words) - 1
    while start > 1 and words[start - 1].lower() in _PARTICLES:
        start -= 1
    return start, len(words)


def family_case(name: str) -> str:
    """TAKASE → Takase, MÜLLER-ONO → Müller-Ono; names with small letters stay as they are."""
    return " ".join(_lower_tail(word) if _is_loud(word) else word for word in name.split())


def _lower_tail(word: str) -> str:
    return re.sub(r"[^\W\d_]+", lambda part: part.group()[:1] + part.group()[1:].lower(), word)
