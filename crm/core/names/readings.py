"""How a name in kanji may be read, and how many bear a family name: to compare and to find, never to be shown.

Readings: SudachiDict (UniDic) and japanese-personal-name-dataset; Mandarin: pypinyin; Hangul: the Unicode names of its
syllables. Bearers: estimates of the same dataset, after 名字由来net.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import product

from japanese_personal_name_dataset import load_dataset
from sudachipy import Dictionary, Morpheme

from crm.core.names.scripts import HAN, KANA
from crm.core.search.folding import fold, is_kana
from crm.core.search.romaji import key_of_word, squeeze

Reading = tuple[str, str]
_KANJI = re.compile(f"[{HAN}]+")
_WRITTEN = re.compile(f"[{HAN}]+[{KANA}]*")
_DOUBLED = re.compile(r"(.)\1")
_LONGEST = 8
_CHINESE = range(2, 5)
_FAMILY, _GIVEN = "姓", "名"
_USUAL = {"bag": "park", "i": "lee", "im": "lim", "no": "roh", "o": "oh", "u": "woo"}
"""Korean family names that their bearers spell otherwise than the syllable is called."""


class _Words:
    """Readings of the parts of Japanese names, in the folded spelling; spellings are folded too.

    Readings of one word are one text: many small sets would be too much for a web server to carry.
    """

    def __init__(self) -> None:
        self.sudachi = Dictionary(dict="small")
        men, women, families = load_dataset(include_last_names=True)
        given = [
            (key_of_word(fold(reading)), spelt["kanji"]) for names in (men, women) for reading, spelt in names.items()
        ]
        self.given = _joined((reading, fold(kanji)) for reading, spelt in given for kanji in spelt)
        self.starts = _joined((kanji[0], reading[:2]) for reading, spelt in given for kanji in spelt if kanji)
        self.ends = _joined((kanji[-1], reading[-2:]) for reading, spelt in given for kanji in spelt if kanji)
        self.family = _joined((fold(kanji), key_of_word(fold(one["reading"]))) for kanji, one in families.items())
        self.families = _joined((key_of_word(fold(one["reading"])), fold(kanji)) for kanji, one in families.items())
        self.bearers: dict[str, int] = {}
        for kanji, one in families.items():
            for word in (fold(kanji), key_of_word(fold(one["reading"]))):
                self.bearers[word] = self.bearers.get(word, 0) + one["count"]

    def read(self, word: str, part: str) -> set[str]:
        if is_kana(word):
            return {key_of_word(word)}
        known = self.family.get(word, "").split() if part == _FAMILY else ()
        spellings = {word, _DOUBLED.sub(r"\1々", word)}
        entries = [one for spelling in spellings for one in self.sudachi.lookup(spelling) if _is(one, part)]
        found = {key_of_word(fold(one.reading_form())) for one in entries}
        return {*found, *known} - {""}

    def begins_and_ends(self, given: str, heard: str) -> bool:
        begins, ends = self.starts.get(given[0], ""), self.ends.get(given[-1], "")
        return heard[:2] in begins.split() and heard[-2:] in ends.split()


def _joined(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for word, reading in pairs:
        known = found.get(word, "")
        if reading not in known.split():
            found[word] = f"{known} {reading}".strip()
    return found


def _is(morpheme: Morpheme, part: str) -> bool:
    said = morpheme.part_of_speech()
    return bool(said[2] == "人名" and said[3] == part)


@cache
def _words() -> _Words:
    return _Words()


@lru_cache(maxsize=100_000)
def readings_of(name: str) -> frozenset[Reading]:
    """(family, given) as the folded name may be read in Japanese; empty where its characters are in no dictionary.

    A name without a space is tried at every place.
    """
    parts = name.split()
    if len(parts) == 1 and 2 <= len(name) <= _LONGEST and _WRITTEN.fullmatch(name):
        cuts = [(name[:place], name[place:]) for place in range(1, len(name))]
    elif len(parts) == 2 and _KANJI.fullmatch(parts[0]):
        cuts = [(parts[0], parts[1])]
    else:
        return frozenset()
    words = _words()
    return frozenset(
        (read_family, read_given)
        for family, given in cuts
        for read_family, read_given in product(words.read(family, _FAMILY), words.read(given, _GIVEN))
    )


@lru_cache(maxsize=10_000)
def spellings_of(heard: tuple[str, ...]) -> frozenset[str]:
    """Names in kanji, without a space, that are usually read as these two words, whichever is the family's."""
    if len(heard) != 2:
        return frozenset()
    words = _words()
    return frozenset(
        family + given
        for one, other in (heard, heard[::-1])
        for family in words.families.get(one, "").split()
        for given in words.given.get(other, "").split()
    )


def could_be_read(name: str, heard: tuple[str, ...]) -> bool:
    """Whether the words heard may be a reading of the folded name as far as anybody knows: a part that no dictionary
    has is believed, and given names are read in more ways than written down, but begin and end as others with the same
    characters.
    """
    words, family = _words(), family_in(name)
    given = name[len(family) :].strip()
    if not (family and given):
        return False
    families, givens = words.read(family, _FAMILY), words.read(given, _GIVEN)
    if not families:
        return not givens.isdisjoint(heard)
    rest = "".join(word for word in heard if word not in families)
    if not rest or rest == "".join(heard):
        return False
    return not givens or words.begins_and_ends(given, rest)


@lru_cache(maxsize=100_000)
def mandarin_readings_of(name: str) -> frozenset[Reading]:
    """The same in Mandarin, the first character being the family name."""
    plain = "".join(name.split())
    if len(plain) not in _CHINESE or not _KANJI.fullmatch(plain):
        return frozenset()
    from pypinyin import Style, pinyin  # noqa: PLC0415 (a second that only a comparison needs, not every process)

    sounds = [{_plain(sound) for sound in one} for one in pinyin(plain, style=Style.NORMAL, heteronym=True)]
    family = sounds[0] | {sound.replace("u", "yu") for sound in sounds[0] if sound in ("lu", "nu")}
    given = {"".join(each) for each in product(*sounds[1:])}
    return frozenset((squeeze(one), squeeze(other)) for one, other in product(family, given))


def _plain(sound: str) -> str:
    return sound.replace("ü", "u").replace("v", "u")


@lru_cache(maxsize=20_000)
def hangul_reading(word: str) -> str:
    """정 → jeong, in the folded spelling; empty for other scripts."""
    names = [unicodedata.name(letter, "") for letter in unicodedata.normalize("NFC", word)]
    if not names or not all(name.startswith("HANGUL SYLLABLE ") for name in names):
        return ""
    syllables = [name.rsplit(" ", 1)[-1].lower() for name in names]
    return squeeze("".join([_USUAL.get(syllables[0], syllables[0]), *syllables[1:]]))


def is_given_name(heard: str) -> bool:
    """Whether a word in the folded spelling is a given name known in Japan."""
    return heard in _words().given


def family_in(written: str) -> str:
    """The longest beginning of a folded name in kanji that is a family name; of one with a space, the first word."""
    first, space, _ = written.partition(" ")
    if space:
        return first
    return next((one for cut in (4, 3, 2, 1) if (one := written[:cut]) != written and _words().read(one, _FAMILY)), "")


def is_family_name(word: str) -> bool:
    """Whether the word, in kanji, kana or Latin letters, is a family name known in Japan."""
    plain = fold(word)
    return bool(bearers_of(plain) or bearers_of(key_of_word(plain)) or _words().read(plain, _FAMILY))


@lru_cache(maxsize=50_000)
def bearers_of(family: str) -> int:
    """How many people in Japan bear this family name, in folded kanji or spelling; 0 for a rare or foreign one."""
    return _words().bearers.get(family, 0)
