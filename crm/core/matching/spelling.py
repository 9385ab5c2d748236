"""Slips of the typing hand, other ways to spell what is heard, and marks that tell names apart."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import OSA

from crm.core.matching.candidate import Candidate, Words, turns
from crm.core.search.folding import without_accents
from crm.core.search.romaji import key_of_word

_JAPANESE = re.compile(
    r"(?:(?:[kgnhbpmr]y?|sh?|[zd]|ch|t[sy]?|sy|zy|f|j)?[aiueo]h?|[wy][aou]|n(?![aiueoy])|m(?=[bpm])|([kstpcg])(?=\1)|t(?=ch))+"
)


def is_japanese(name: Words) -> bool:
    return all(_is_romaji(word) for word in name)


@lru_cache(maxsize=100_000)
def _is_romaji(word: str) -> bool:
    return _JAPANESE.fullmatch(word) is not None


def is_slip(x: Words, y: Words) -> bool:
    """One letter of one long word differs. Where both are Japanese words, they are two, Yuki and Yuko, unless two
    letters changed places.
    """
    odd = _odd_words(x, y)
    if not odd or not _a_letter_apart(*odd):
        return False
    return not (_is_romaji(odd[0]) and _is_romaji(odd[1])) or (len(odd[0]) > 4 and sorted(odd[0]) == sorted(odd[1]))


def has_slip(one: Candidate, names: Iterable[Words]) -> bool:
    """A word of ``one``, as typed, that no Japanese name can be, a letter away from one that can: Fjuii, Jnji."""
    return any(_mistyped(typed, name) for typed in one.letters if not all(map(_is_romaji, typed)) for name in names)


@lru_cache(maxsize=200_000)
def _mistyped(typed: Words, name: Words) -> bool:
    if len(name) == 1 < len(typed):
        whole = {"".join(typed[place:] + typed[:place]) for place in range(len(typed))}
        return not is_japanese(typed) and any(_a_letter_apart(one, _hepburn(name[0])) for one in whole)
    if len(typed) != len(name):
        return False
    left = list(name)
    wrong = []
    for word in typed:
        key = key_of_word(word)
        if key in left:
            left.remove(key)
        else:
            wrong.append(re.sub(r"([aiueo])\1", r"\1", without_accents(word)))
    if len(wrong) != 1 or _is_romaji(wrong[0]) or not _is_romaji(left[0]):
        return False
    return _a_letter_apart(wrong[0], _hepburn(left[0])) or _a_letter_apart(key_of_word(wrong[0]), left[0])


_HEPBURN: Final = {
    "si": "shi", "sy": "sh", "ti": "chi", "ty": "ch", "tu": "tsu", "hu": "fu", "zi": "ji", "zy": "j",
}  # fmt: skip


@lru_cache(maxsize=20_000)
def _hepburn(key: str) -> str:
    for folded, usual in _HEPBURN.items():
        key = key.replace(folded, usual)
    return key


def _odd_words(x: Words, y: Words) -> tuple[str, str] | None:
    odd = sorted(set(x) - set(y)), sorted(set(y) - set(x))
    return (odd[0][0], odd[1][0]) if len(x) == len(y) and [len(side) for side in odd] == [1, 1] else None


def _a_letter_apart(one: str, other: str) -> bool:
    return min(len(one), len(other)) >= 4 and OSA.distance(one, other, score_cutoff=1) <= 1


_CONSONANTS: Final = [
    (re.compile("ng(?![aeiou])"), "n"),
    (re.compile("ty|zy"), "z"),
    (re.compile("c(?=[ei])"), "s"),
    (re.compile("ph|kh"), ""),
    (re.compile("[aeiouwyhf]|n(?=[mbp])"), ""),
]
_VOICED = str.maketrans("gqcbdjv", "kkkptzp")


@lru_cache(maxsize=50_000)
def sketches(name: Words) -> frozenset[str]:
    """The consonants of a whole name, voiced or not: Jung Mikyung and Jeong Mi-gyeong."""
    if any(len(word) == 1 and word not in "aiueo" for word in name):
        return frozenset()
    plain = (_consonants(whole) for whole in turns(name))
    return frozenset(each for each in (re.sub(r"(.)\1+", r"\1", sketch) for sketch in plain) if len(each) >= 3)


def _consonants(letters: str) -> str:
    for sound, consonant in _CONSONANTS:
        letters = sound.sub(consonant, letters)
    return letters.translate(_VOICED)


def marks_differ(a: Candidate, b: Candidate) -> bool:
    """Both are written with marks, and not with the same: Tuân is not Tuấn; Muller may be Müller, and Andō Andô."""
    return any(
        sorted(x) != sorted(y) and _both_marked(x, y) and _bare(x) == _bare(y) and not is_japanese(tuple(_bare(x)))
        for x in a.letters
        for y in b.letters
    )


def _both_marked(x: Words, y: Words) -> bool:
    return not ("".join(x).isascii() or "".join(y).isascii())


def _bare(name: Words) -> list[str]:
    return sorted(without_accents(word) for word in name)
