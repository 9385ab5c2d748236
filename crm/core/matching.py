"""Is this the same person? Features of two records, weighed after Fellegi and Sunter, with the reasons in words.

A weight is the log2 of how much likelier an observation is between records of one person than between strangers that
share a block. The weights are ours, set by hand and tried on invented pairs (tests); nothing here merges anybody. Names
alone never reach ``NAMES_ONLY``: the same romanised name for many people is normal.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property, lru_cache
from math import log2
from typing import Final

from rapidfuzz import fuzz

from crm.core.i18n import Lazy
from crm.core.i18n import lazy_gettext as _l
from crm.core.identifiers import SCHEMES
from crm.core.search.folding import fold, without_accents, words
from crm.core.search.romaji import spoken

PERHAPS: Final = 0.5
LIKELY: Final = 0.9
NAMES_ONLY: Final = 0.79
UNPROVEN: Final = 0.97  # without an identifier or an e-mail address in common
CROWD: Final = 200  # a block with more records tells too little to compare them all
_PRIOR: Final = -7.0
_IN_FULL: Final = {"univ": "university", "inst": "institute", "hosp": "hospital", "coll": "college", "natl": "national"}
_UNIQUE: Final = frozenset({"orcid"})


class Names(Enum):
    """How two sets of names stand to each other; the value is the weight."""

    SAME_SCRIPT = 9.0
    SAME_LATIN = 6.0
    MORE_WORDS = 5.0
    CLOSE = 3.5
    INITIALS = 3.0
    UNKNOWN = 0.0
    ONE_WORD = -2.0
    OTHER_SCRIPT = -2.5
    DIFFERENT = -7.0


_OF_NAMES: Final[dict[Names, Lazy]] = {
    Names.SAME_SCRIPT: _l("The name is the same in its own script"),
    Names.SAME_LATIN: _l("The name reads the same"),
    Names.MORE_WORDS: _l("The name is the same but for a further name"),
    Names.CLOSE: _l("The names are spelt almost alike"),
    Names.INITIALS: _l("The name fits the initials"),
    Names.ONE_WORD: _l("Only a part of the name is the same"),
    Names.OTHER_SCRIPT: _l("The name reads the same but is written with other characters"),
    Names.DIFFERENT: _l("The names are different"),
}


@dataclass(frozen=True)
class Candidate:
    """What is known of one person or one row. Identifiers are normalised; fields are codes or keywords."""

    names: tuple[str, ...]
    readings: tuple[str, ...] = ()
    institution: str = ""  # its name or its ROR id
    fields: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    identifiers: tuple[tuple[str, str], ...] | frozenset[tuple[str, str]] = ()  # scheme and value
    city: str | None = None
    country: str | None = None

    @cached_property
    def scripts(self) -> frozenset[str]:
        """Names in kanji and other scripts, folded, without spaces."""
        whole = ("".join(words(fold(name))) for name in self.names if not spoken(name))
        return frozenset(name for name in whole if name)

    @cached_property
    def spoken(self) -> frozenset[tuple[str, ...]]:
        """The words of names in Latin letters and of readings, folded and sorted."""
        found = (spoken(name) for name in (*self.names, *self.readings))
        return frozenset(tuple(sorted(each)) for each in found if each)

    @cached_property
    def known(self) -> dict[str, frozenset[str]]:
        """Identifiers by scheme; some people have two of one scheme."""
        schemes = {scheme for scheme, _ in self.identifiers}
        return {each: frozenset(value for scheme, value in self.identifiers if scheme == each) for each in schemes}

    @cached_property
    def mail(self) -> frozenset[str]:
        return frozenset(email.strip().casefold() for email in self.emails if email.strip())

    @cached_property
    def work(self) -> str:
        plain = words(without_accents(fold(self.institution)))
        return " ".join(_IN_FULL.get(word, word) for word in plain if word not in {"of", "the"})

    @cached_property
    def work_sorted(self) -> str:
        return " ".join(sorted(self.work.split()))

    @cached_property
    def place(self) -> str:
        return fold(self.city or "")

    @cached_property
    def topics(self) -> frozenset[str]:
        return frozenset(fold(topic) for topic in self.fields if topic.strip())


@dataclass(frozen=True)
class Match:
    """Score from 0 to 1; what speaks for one person and what against, the weightiest first."""

    score: float
    reasons: tuple[Lazy, ...]
    doubts: tuple[Lazy, ...] = ()

    @property
    def perhaps(self) -> bool:
        return self.score >= PERHAPS


Weighed = tuple[float, Lazy]


def score(a: Candidate, b: Candidate) -> Match:
    """How likely the two are one person; the same whichever comes first."""
    proof = [*_identifiers(a, b), *_emails(a, b)]
    names = _names(a, b)
    around = [*_institutions(a, b), *_surroundings(a, b)]
    weighed = [*proof, *around]
    if names in _OF_NAMES:
        weighed.append((names.value, _OF_NAMES[names]))
    total = _PRIOR + sum(weight for weight, _ in weighed)
    likely = 1 / (1 + 2 ** -max(-40.0, min(40.0, total)))
    if not any(weight > 0 for weight, _ in proof):
        likely *= UNPROVEN if any(weight > 0 for weight, _ in around) else NAMES_ONLY
    weighed.sort(key=lambda each: (-abs(each[0]), each[1].message))
    return Match(
        round(likely, 4),
        tuple(sentence for weight, sentence in weighed if weight > 0),
        tuple(sentence for weight, sentence in weighed if weight < 0),
    )


def _identifiers(a: Candidate, b: Candidate) -> Iterator[Weighed]:
    for scheme in sorted(a.known.keys() & b.known.keys()):
        if a.known[scheme] & b.known[scheme]:
            yield 16.0, _l("The same identifier (%(scheme)s)", scheme=SCHEMES.get(scheme, scheme))
        elif scheme in _UNIQUE:
            yield -14.0, _l("Different identifiers (%(scheme)s)", scheme=SCHEMES.get(scheme, scheme))
        else:
            yield -4.0, _l("Different identifiers (%(scheme)s)", scheme=SCHEMES.get(scheme, scheme))


def _emails(a: Candidate, b: Candidate) -> Iterator[Weighed]:
    if a.mail & b.mail:
        yield 12.0, _l("The same e-mail address")


def _names(a: Candidate, b: Candidate) -> Names:
    read = _latin(a, b)
    if not (a.scripts and b.scripts):
        return read
    if a.scripts & b.scripts:
        return Names.SAME_SCRIPT
    # 大野太郎 and 小野太郎 read alike. Without a reading on both sides, other characters are another name.
    return Names.OTHER_SCRIPT if read is Names.SAME_LATIN or read is Names.MORE_WORDS else Names.DIFFERENT


def _latin(a: Candidate, b: Candidate) -> Names:
    if not (a.spoken and b.spoken):
        return Names.UNKNOWN
    if a.spoken & b.spoken:
        return Names.SAME_LATIN
    return max((_two_names(x, y) for x in a.spoken for y in b.spoken), key=lambda found: found.value)


@lru_cache(maxsize=200_000)
def _two_names(x: tuple[str, ...], y: tuple[str, ...]) -> Names:
    if "".join(x) == "".join(y):
        return Names.SAME_LATIN
    common = set(x) & set(y)
    shorter, longer = sorted((x, y), key=len)
    if len(common) >= 2 and common == set(shorter):
        return Names.MORE_WORDS
    if common and _fits_initials(shorter, longer):
        return Names.INITIALS
    if fuzz.ratio(" ".join(x), " ".join(y)) >= 88:
        return Names.CLOSE
    return Names.ONE_WORD if any(len(word) > 1 for word in common) else Names.DIFFERENT


def _fits_initials(shorter: Sequence[str], longer: Sequence[str]) -> bool:
    """Each word of one is a word of the other or its initial, and one of them in full."""
    left = list(longer)
    full = 0
    for word in sorted(shorter, key=len, reverse=True):
        fit = next((each for each in left if each == word), None)
        fit = fit or next((each for each in left if 1 in {len(each), len(word)} and each[0] == word[0]), None)
        if fit is None:
            return False
        full += fit == word and len(word) > 1
        left.remove(fit)
    return full > 0


def _institutions(a: Candidate, b: Candidate) -> Iterator[Weighed]:
    if not (a.work and b.work):
        return
    alike = _alike(a, b)
    if alike >= 95:
        yield 5.0, _l("The same institution")
    elif alike >= 85:
        yield 3.0, _l("A similar institution")
    elif a.work.isascii() == b.work.isascii():
        yield -1.5, _l("Different institutions")


def _alike(a: Candidate, b: Candidate, least: int = 0) -> float:
    """University of Tokyo and Tokyo Univ. are near; a short name inside a longer one in kanji is the same."""
    x, y = a.work, b.work
    if x == y or (not x.isascii() and min(len(x), len(y)) >= 3 and (x in y or y in x)):
        return 100.0
    return fuzz.ratio(a.work_sorted, b.work_sorted, score_cutoff=least)


def _surroundings(a: Candidate, b: Candidate) -> Iterator[Weighed]:
    if a.topics & b.topics:
        yield min(4.0, 1.5 + len(a.topics & b.topics)), _l("The same research field")
    if a.place and a.place == b.place:
        yield 2.0, _l("The same city")
    elif a.country and b.country and a.country != b.country:
        yield -1.0, _l("Different countries")


def blocks(candidate: Candidate) -> set[str]:
    """Keys under which records worth comparing meet: identifiers, addresses, scripts, sounds with an initial."""
    found = {f"i{scheme}:{value}" for scheme, value in candidate.identifiers}
    found |= {f"e{email}" for email in candidate.mail}
    found |= {f"s{name}" for name in candidate.scripts}
    for name in candidate.spoken:
        found.add("n" + "".join(name))
        found |= {f"w{word}/{other[0]}" for word in name for other in name if other is not word and len(word) > 1}
    return found


def likely_pairs(candidates: Sequence[Candidate], least: float = PERHAPS) -> Iterator[tuple[int, int, Match]]:
    """Pairs of places in ``candidates`` that score at least ``least``, each once, in order of the places."""
    together: dict[str, list[int]] = defaultdict(list)
    met: list[list[list[int]]] = []
    for place, candidate in enumerate(candidates):
        mine = [together[block] for block in blocks(candidate)]
        for places in mine:
            places.append(place)
        met.append(mine)
    needed = log2(least / (1 - least))
    for first, mine in enumerate(met):
        one = candidates[first]
        others = {other for places in mine if 1 < len(places) <= CROWD for other in places if other > first}
        for second in sorted(others):
            if _could_weigh(one, candidates[second], needed):
                match = score(one, candidates[second])
                if match.score >= least:
                    yield first, second, match


def _could_weigh(a: Candidate, b: Candidate, needed: float) -> bool:
    """No only where ``score`` would say no too, in a tenth of the time: most pairs of a block are strangers."""
    if (a.known and b.known) or not a.mail.isdisjoint(b.mail):
        return True
    around = (0.0 if a.topics.isdisjoint(b.topics) else 4.0) + (2.0 if a.place == b.place else 0.0)
    most = 9.0 if not a.scripts.isdisjoint(b.scripts) else 6.0 if not a.spoken.isdisjoint(b.spoken) else 5.0
    if _PRIOR + most + around < needed:
        if _PRIOR + most + around + 5.0 < needed or (a.work and b.work and not _alike(a, b, 85)):
            return False
        around += 5.0
    elif not (a.work and b.work) or _alike(a, b, 85):
        around += 5.0
    return most > 5.0 or _PRIOR + float(_names(a, b)._value_) + around >= needed


def best_matches(one: Candidate, others: Iterable[Candidate], limit: int = 5) -> list[tuple[Candidate, Match]]:
    """The likeliest of ``others`` (already narrowed by blocks), best first: likely duplicates as one types."""
    scored = [(other, score(one, other)) for other in others]
    near = [pair for pair in scored if pair[1].perhaps]
    return sorted(near, key=lambda pair: -pair[1].score)[:limit]
