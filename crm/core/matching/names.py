"""How two sets of names stand to each other."""

from collections.abc import Sequence
from enum import Enum
from functools import lru_cache
from math import log2
from typing import Final

from crm.core.i18n import Lazy
from crm.core.i18n import lazy_gettext as _l
from crm.core.matching.candidate import Candidate, Words, turns
from crm.core.matching.spelling import has_slip, is_japanese, is_slip, marks_differ, sketches
from crm.core.names.readings import bearers_of, could_be_read, family_in, is_given_name


class Names(Enum):
    """The value is the weight."""

    SAME_SCRIPT = 9.0
    SAME_SOUND = 7.0
    READS_AS = 5.5
    MORE_WORDS = 5.0
    CLOSE = 3.5
    INITIALS = 3.0
    SOUNDS_LIKE = 2.9
    PERHAPS_READ = 2.8
    UNKNOWN = 0.0
    OTHER_READING = -1.0
    ONE_WORD = -2.0
    OTHER_SCRIPT = -2.5
    OTHER_MARKS = -2.4
    NOT_READ_SO = -4.0
    DIFFERENT = -7.0

    @property
    def is_whole(self) -> bool:
        return self in (Names.SAME_SCRIPT, Names.SAME_SOUND, Names.READS_AS)


OF_NAMES: Final[dict[Names, Lazy]] = {
    Names.SAME_SCRIPT: _l("The name is the same in its own script"),
    Names.SAME_SOUND: _l("The name reads the same"),
    Names.READS_AS: _l("The characters of the name can be read like this"),
    Names.MORE_WORDS: _l("The name is the same but for a further name"),
    Names.CLOSE: _l("The names are spelt almost alike"),
    Names.INITIALS: _l("The name fits the initials"),
    Names.PERHAPS_READ: _l("The characters of the name can perhaps be read like this"),
    Names.SOUNDS_LIKE: _l("The names sound alike"),
    Names.OTHER_READING: _l("The same characters are read differently"),
    Names.ONE_WORD: _l("Only a part of the name is the same"),
    Names.OTHER_SCRIPT: _l("The name reads the same but is written with other characters"),
    Names.OTHER_MARKS: _l("The names differ in their accents"),
    Names.NOT_READ_SO: _l("The characters of the name are not usually read like this"),
    Names.DIFFERENT: _l("The names are different"),
}

_ORDINARY: Final = 60_000
"""Bearers of a family name that tells neither much nor little; others tell more or less, by the log2 of how many."""
_MOST_RARE, _MOST_COMMON = 4.0, -2.0


def compare_names(a: Candidate, b: Candidate) -> Names:
    """The same whichever comes first."""
    if a.scripts & b.scripts:
        apart = a.spoken and b.spoken and _heard(a, b) in (Names.ONE_WORD, Names.DIFFERENT)
        return Names.OTHER_READING if apart else Names.SAME_SCRIPT
    if not (a.scripts and b.scripts):
        return _heard(a, b)
    # 大野太郎 and 小野太郎 read alike: other characters are another name, unless it is one of two that somebody bears,
    # or one that no Japanese dictionary has: 刘建国 and 劉建国.
    if _by_another_name(a, b) or _by_another_name(b, a) or _in_mandarin(a, b):
        return Names.SAME_SOUND
    return Names.OTHER_SCRIPT if _heard(a, b) in (Names.SAME_SOUND, Names.MORE_WORDS) else Names.DIFFERENT


def _by_another_name(a: Candidate, b: Candidate) -> bool:
    """A name heard of ``b`` that its characters do not give is how those of ``a`` are read."""
    return bool(b.usual_sounds and (b.sounds - b.usual_sounds - b.read_sounds) & (a.sounds | a.usual_sounds))


def _in_mandarin(a: Candidate, b: Candidate) -> bool:
    if a.usual_sounds and b.usual_sounds:
        return False
    return bool(a.read_sounds & b.read_sounds) and any(_simplified(x, y) for x in a.scripts for y in b.scripts)


def _simplified(one: str, other: str) -> bool:
    """Each character is the same, or is of China in one name and of elsewhere in the other."""
    pairs = zip(one, other, strict=False)
    return len(one) == len(other) and all(c == d or _is_simplified(c) != _is_simplified(d) for c, d in pairs)


@lru_cache(maxsize=10_000)
def _is_simplified(character: str) -> bool:
    return _has("gb2312", character) and not _has("big5", character)


def _has(charset: str, character: str) -> bool:
    try:
        return bool(character.encode(charset))
    except UnicodeEncodeError:
        return False


def _heard(a: Candidate, b: Candidate) -> Names:
    found = []
    if a.sounds and b.sounds:
        found.append(_spoken(a, b))
    for heard, written in ((a, b), (b, a)):
        if heard.sounds and written.read:
            found.append(_as_read(heard, written))
        if not written.spoken and any(could_be_read(name, words) for name in written.written for words in heard.spoken):
            found.append(Names.PERHAPS_READ)
    return max(found, key=_weight, default=Names.UNKNOWN)


def _spoken(a: Candidate, b: Candidate) -> Names:
    if a.sounds & b.sounds:
        return Names.OTHER_MARKS if marks_differ(a, b) else Names.SAME_SOUND
    found = max((_two_names(x, y) for x in a.spoken for y in b.spoken), key=_weight)
    if found is Names.SAME_SOUND and marks_differ(a, b):
        return Names.OTHER_MARKS
    if _weight(found) < Names.CLOSE.value and (has_slip(a, b.spoken) or has_slip(b, a.spoken)):
        return Names.CLOSE
    return found


def _as_read(heard: Candidate, written: Candidate) -> Names:
    if heard.sounds & written.read_sounds:
        return Names.READS_AS
    found = max((_two_names(x, y) for x in heard.spoken for y in written.read), key=_weight)
    if _weight(found) < Names.CLOSE.value and has_slip(heard, written.read):
        return Names.CLOSE
    if written.spoken:
        return Names.DIFFERENT
    return Names.NOT_READ_SO if found in (Names.ONE_WORD, Names.DIFFERENT) else found


def _weight(found: Names) -> float:
    return float(found._value_)


@lru_cache(maxsize=200_000)
def _two_names(x: Words, y: Words) -> Names:
    if set(x) == set(y) or not turns(x).isdisjoint(turns(y)):
        return Names.SAME_SOUND
    common = set(x) & set(y)
    if common:
        shorter, longer = sorted((x, y), key=len)
        if (len(common) >= 2 and common == set(shorter)) or not _without_initials(x).isdisjoint(_without_initials(y)):
            return Names.MORE_WORDS
        if _fits_initials(shorter, longer):
            return Names.INITIALS
        if is_slip(x, y):
            return Names.CLOSE
    if not (is_japanese(x) and is_japanese(y)) and not sketches(x).isdisjoint(sketches(y)):
        return Names.SOUNDS_LIKE
    return Names.ONE_WORD if any(len(word) > 1 for word in common) else Names.DIFFERENT


def _without_initials(name: Words) -> frozenset[str]:
    """Ryuichi E. Nakajima without the E."""
    whole = tuple(word for word in name if len(word) > 1)
    if len(whole) == len(name):
        return turns(name)
    return turns(whole) if len(whole) > 1 else frozenset()


_STANDS_FOR: Final = {"c": "t", "f": "h", "j": "z", "l": "r"}


def _fits_initials(shorter: Sequence[str], longer: Sequence[str]) -> bool:
    """Each word of one is a word of the other or its initial, and one of them in full."""
    left = list(longer)
    full = 0
    for word in sorted(shorter, key=len, reverse=True):
        fit = next((each for each in left if each == word), None) or next((o for o in left if _initial(o, word)), None)
        if fit is None:
            return False
        full += fit == word and len(word) > 1
        left.remove(fit)
    return full > 0


def _initial(one: str, other: str) -> bool:
    if 1 not in (len(one), len(other)):
        return False
    return _STANDS_FOR.get(one[0], one[0]) == _STANDS_FOR.get(other[0], other[0])


def rarity(a: Candidate, b: Candidate) -> float:
    """What a whole name tells beyond an ordinary one: more where few bear the family name, less where many do."""
    most = max(_families(a) + _families(b), default=0)
    if not most:
        return _MOST_RARE if _reads_japanese(a) or _reads_japanese(b) else 0.0
    return max(_MOST_COMMON, min(_MOST_RARE, log2(_ORDINARY / most)))


def _families(one: Candidate) -> list[int]:
    written = (bearers_of(family) for name in one.written if (family := family_in(name)))
    spoken = (bearers_of(word) for name in one.spoken for word in _likely_families(name))
    return [count for count in (*written, *spoken) if count]


def _likely_families(name: Words) -> Words:
    ends = name[:1] + name[-1:]
    return tuple(word for word in ends if not is_given_name(word)) or ends


def _reads_japanese(one: Candidate) -> bool:
    if one.usual_sounds:
        return True
    return any(len(name) == 2 and is_japanese(name) and any(map(_is_long_given, name)) for name in one.spoken)


def _is_long_given(word: str) -> bool:
    return len(word) > 3 and is_given_name(word)
