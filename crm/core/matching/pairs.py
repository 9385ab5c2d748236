"""Finding the pairs worth comparing among many."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from math import log2
from typing import Final

from crm.core.matching.candidate import Candidate
from crm.core.matching.names import Names
from crm.core.matching.score import PERHAPS, PRIOR, SAME_INSTITUTION, Match, alike, score
from crm.core.matching.spelling import is_japanese, sketches

CROWD: Final = 200  # a block with more records tells too little to compare them all


def blocks(candidate: Candidate) -> set[str]:
    """Keys under which records worth comparing meet: identifiers, addresses, scripts, whole sounds, a word with an
    initial, and the consonants of names that are not Japanese.
    """
    found = {f"i{scheme}:{value}" for scheme, value in candidate.identifiers}
    found |= {f"e{email}" for email in candidate.mail}
    found |= {f"s{name}" for name in candidate.scripts}
    found |= {f"n{sound}" for sound in candidate.all_sounds}
    found |= {f"k{sketch}" for name in candidate.spoken if not is_japanese(name) for sketch in sketches(name)}
    for name in candidate.spoken or candidate.read:
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
    if not (a.marks.isdisjoint(b.marks) and a.mail.isdisjoint(b.mail)):
        return True
    if not (a.scripts.isdisjoint(b.scripts) and a.all_sounds.isdisjoint(b.all_sounds)):
        return True
    around = (0.0 if a.topics.isdisjoint(b.topics) else 4.0) + (2.0 if a.place and a.place == b.place else 0.0)
    most = PRIOR + Names.MORE_WORDS.value + around
    return most >= needed or (most + SAME_INSTITUTION >= needed and _at_one_institution(a, b))


def _at_one_institution(a: Candidate, b: Candidate) -> bool:
    return bool(a.work and b.work) and alike(a, b, 85) > 0


def best_matches(one: Candidate, others: Iterable[Candidate], limit: int = 5) -> list[tuple[Candidate, Match]]:
    """The likeliest of ``others`` (already narrowed by blocks), best first: likely duplicates as one types."""
    scored = [(other, score(one, other)) for other in others]
    near = [pair for pair in scored if pair[1].perhaps]
    return sorted(near, key=lambda pair: -pair[1].weight)[:limit]
