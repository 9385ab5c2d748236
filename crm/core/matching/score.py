"""The weights, and what they come to."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz

from crm.core.i18n import Lazy
from crm.core.i18n import lazy_gettext as _l
from crm.core.identifiers import SCHEMES
from crm.core.matching.candidate import Candidate
from crm.core.matching.names import OF_NAMES, Names, compare_names, rarity

PERHAPS: Final = 0.5
LIKELY: Final = 0.9
NAMES_ONLY: Final = 0.79
UNPROVEN: Final = 0.97  # without an identifier or an e-mail address in common
PRIOR: Final = -7.0
SAME_INSTITUTION: Final = 5.5
_UNIQUE: Final = frozenset({"orcid"})
_SHARED_MAILBOX: Final = 2.0
_STRANGERS: Final = frozenset({Names.DIFFERENT, Names.NOT_READ_SO, Names.OTHER_SCRIPT, Names.ONE_WORD})


@dataclass(frozen=True)
class Match:
    """Score from 0 to 1; what speaks for one person and what against, the weightiest first."""

    score: float
    reasons: tuple[Lazy, ...]
    doubts: tuple[Lazy, ...] = ()
    weight: float = 0.0
    """What it all comes to before anything is capped: for putting matches in order."""

    @property
    def perhaps(self) -> bool:
        return self.score >= PERHAPS


Weighed = tuple[float, Lazy]


def score(a: Candidate, b: Candidate) -> Match:
    """How likely the two are one person; the same whichever comes first."""
    names = compare_names(a, b)
    proof = [*_identifiers(a, b), *_emails(a, b, names)]
    around = [*_institutions(a, b), *_surroundings(a, b)]
    weighed = [*proof, *around]
    if names in OF_NAMES:
        weighed.append((_weight_of(names, a, b), OF_NAMES[names]))
    total = PRIOR + sum(weight for weight, _ in weighed)
    likely = 1 / (1 + 2 ** -max(-40.0, min(40.0, total)))
    if not any(weight > 0 for weight, _ in proof):
        likely = min(likely, UNPROVEN if any(weight > 0 for weight, _ in around) else NAMES_ONLY)
    weighed.sort(key=lambda each: (-abs(each[0]), each[1].message))
    return Match(
        round(likely, 4),
        tuple(sentence for weight, sentence in weighed if weight > 0),
        tuple(sentence for weight, sentence in weighed if weight < 0),
        round(total, 4),
    )


def _identifiers(a: Candidate, b: Candidate) -> Iterator[Weighed]:
    for scheme in sorted(a.known.keys() & b.known.keys()):
        if a.known[scheme] & b.known[scheme]:
            yield 16.0, _l("The same identifier (%(scheme)s)", scheme=SCHEMES.get(scheme, scheme))
        elif scheme in _UNIQUE:
            yield -14.0, _l("Different identifiers (%(scheme)s)", scheme=SCHEMES.get(scheme, scheme))
        else:
            yield -4.0, _l("Different identifiers (%(scheme)s)", scheme=SCHEMES.get(scheme, scheme))


def _emails(a: Candidate, b: Candidate, names: Names) -> Iterator[Weighed]:
    """Colleagues share the mailbox of an office or a laboratory."""
    if a.mail & b.mail:
        yield (_SHARED_MAILBOX if names in _STRANGERS else 12.0), _l("The same e-mail address")


def _weight_of(names: Names, a: Candidate, b: Candidate) -> float:
    return names.value + (rarity(a, b) if names.is_whole else 0.0)


def _institutions(a: Candidate, b: Candidate) -> Iterator[Weighed]:
    if not (a.work and b.work):
        return
    likeness = alike(a, b)
    if likeness >= 95:
        yield SAME_INSTITUTION, _l("The same institution")
    elif likeness >= 85:
        yield 3.0, _l("A similar institution")
    elif (a.organisation and b.organisation) or a.work.isascii() == b.work.isascii():
        yield -1.5, _l("Different institutions")


def alike(a: Candidate, b: Candidate, least: int = 0) -> float:
    """From 0 to 100. The directory knows the names in other languages; without it, University of Tokyo and Tokyo Univ.
    are near, and a short name inside a longer one in kanji is the same.
    """
    if a.organisation and b.organisation:
        return 100.0 if a.organisation == b.organisation else 0.0
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
