"""One record as two are compared: what is stored of it, and what follows from that, worked out once."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import product
from typing import Final

from crm.core.names.readings import hangul_reading, mandarin_readings_of, readings_of
from crm.core.search.folding import fold, is_latin, without_accents, words
from crm.core.search.romaji import key_of_word, variants

Words = tuple[str, ...]
_IN_FULL: Final = {"univ": "university", "inst": "institute", "hosp": "hospital", "coll": "college", "natl": "national"}
_SMALL_WORDS: Final = {"of", "the"}
_LARGE_KANA: Final = re.compile("(?<=[きしちにひみりぎじびぴ])(?:よ(?=う)|ゆ(?=[うん]))")


@dataclass(frozen=True)
class Candidate:
    """What is known of one person or one row. Identifiers are normalised; fields are codes or keywords."""

    names: tuple[str, ...]
    readings: tuple[str, ...] = ()
    institution: str = ""
    organisation: str = ""  # the institution's key in the directory, where it is in there
    fields: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    identifiers: tuple[tuple[str, str], ...] | frozenset[tuple[str, str]] = ()  # scheme and value
    city: str | None = None
    country: str | None = None

    @cached_property
    def written(self) -> frozenset[str]:
        """Names in kanji and other scripts that do not say how they are read: folded, words apart."""
        folded = (" ".join(words(fold(name))) for name in self.names if not heard(name))
        return frozenset(each for name in folded if name for each in (name, *_either_family(name)))

    @cached_property
    def scripts(self) -> frozenset[str]:
        """The same without spaces."""
        return frozenset(name.replace(" ", "") for name in self.written)

    @cached_property
    def _said(self) -> frozenset[str]:
        return frozenset(one for name in (*self.names, *self.readings) for one in (name, _with_small_kana(name)))

    @cached_property
    def spoken(self) -> frozenset[Words]:
        """The words of names in Latin letters, kana and Hangul, in the folded spelling and the order written."""
        found = (heard(name) for name in self._said)
        return frozenset(tuple(key_of_word(word) for word in name) for name in found if name)

    @cached_property
    def sounds(self) -> frozenset[str]:
        """Whole names as heard, whichever part comes first: Ohishi is Oishi, Mueller may be Muller."""
        return frozenset(each for name in self._said for words in _spellings(heard(name)) for each in turns(words))

    @cached_property
    def letters(self) -> frozenset[Words]:
        """Names in Latin letters as they are typed, folded but for their marks."""
        found = (tuple(words(name)) for name in self.names)
        return frozenset(name for name in found if name and all(map(is_latin, name)))

    @cached_property
    def read(self) -> frozenset[Words]:
        """How the names in kanji may be read, as (family, given), where nobody has said how; in Mandarin also where
        what is said is no Japanese reading of them.
        """
        if not self.sounds.isdisjoint(self.usual_sounds):
            return frozenset()
        japanese = [] if self.spoken else [each for name in self.written for each in readings_of(name)]
        return frozenset([*japanese, *(each for name in self.written for each in mandarin_readings_of(name))])

    @cached_property
    def read_sounds(self) -> frozenset[str]:
        return frozenset(each for name in self.read for each in turns(name))

    @cached_property
    def all_sounds(self) -> frozenset[str]:
        return self.sounds | self.read_sounds

    @cached_property
    def usual_sounds(self) -> frozenset[str]:
        """How the names in kanji are read in Japanese, as dictionaries have it."""
        return frozenset(each for name in self.written for reading in readings_of(name) for each in turns(reading))

    @cached_property
    def known(self) -> dict[str, frozenset[str]]:
        """Identifiers by scheme; some people have two of one scheme."""
        schemes = {scheme for scheme, _ in self.identifiers}
        return {each: frozenset(value for scheme, value in self.identifiers if scheme == each) for each in schemes}

    @cached_property
    def marks(self) -> frozenset[tuple[str, str]]:
        return frozenset(self.identifiers)

    @cached_property
    def mail(self) -> frozenset[str]:
        return frozenset(email.strip().casefold() for email in self.emails if email.strip())

    @cached_property
    def work(self) -> str:
        plain = words(without_accents(fold(self.institution)))
        return " ".join(_IN_FULL.get(word, word) for word in plain if word not in _SMALL_WORDS)

    @cached_property
    def work_sorted(self) -> str:
        return " ".join(sorted(self.work.split()))

    @cached_property
    def place(self) -> str:
        return fold(self.city or "")

    @cached_property
    def topics(self) -> frozenset[str]:
        return frozenset(fold(topic) for topic in self.fields if topic.strip())


def _spellings(name: Words) -> Iterable[Words]:
    return product(*(variants(word) or (word,) for word in name)) if name else ()


def _with_small_kana(name: str) -> str:
    """シヨウジ as ショウジ: old systems have no small kana."""
    return name if name.isascii() else _LARGE_KANA.sub(lambda found: chr(ord(found[0]) - 1), fold(name))


@lru_cache(maxsize=50_000)
def heard(name: str) -> Words:
    """The words of a name as heard; empty where one of them is in a script that does not say."""
    found = tuple(word if is_latin(word) else key_of_word(word) or hangul_reading(word) for word in words(name))
    return found if all(found) else ()


@lru_cache(maxsize=100_000)
def turns(name: Words) -> frozenset[str]:
    """The words joined, each of them first once: ETO Jun-ji and Junji Eto have one in common."""
    return frozenset("".join(name[place:] + name[:place]) for place in range(len(name)))


def _either_family(name: str) -> Iterable[str]:
    """アンダーソン・安東 麻里 is also 安東 麻里. The dot is gone: a change of script is where it was."""
    parts = name.split()
    if len(parts) > 2:
        yield from (f"{family} {parts[-1]}" for family in parts[:-1] if not key_of_word(family))
