"""Words that are almost the one typed, for "did you mean"."""

from collections.abc import Iterable

from rapidfuzz import fuzz, process

from crm.core.search.romaji import romaji_key, spoken

_CLOSE_ENOUGH = 74
_LONGEST = 59


def tokens_for(names: Iterable[str]) -> set[str]:
    """Distinct folded spellings of two letters and more, for a table of tokens."""
    return {key[:_LONGEST] for name in names for key in spoken(name) if len(key) > 1}


def close_tokens(token: str, candidates: Iterable[str], limit: int = 8) -> list[str]:
    """The nearest candidates, best first: among those with the same first two letters, else among all."""
    key = romaji_key(token)
    if len(key) < 2:
        return []
    known = candidates if isinstance(candidates, list) else list(candidates)
    block = [candidate for candidate in known if candidate.startswith(key[:2])]
    for pool in (block, known):
        found = process.extract(key, pool, scorer=fuzz.ratio, limit=limit, score_cutoff=_CLOSE_ENOUGH)
        if found:
            return [name for name, _score, _position in found]
    return []
