"""Research keywords in Japanese and English, so that a word of one language finds the other."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import islice, product

from crm.core.paths import PACKAGE
from crm.core.search.folding import words

_FILE = PACKAGE / "vocabularies" / "reference" / "keyword_pairs.csv"
_LONGEST_PHRASE = 5
_LONGEST_COMPOUND = 40
_MOST_FORMS = 24


@dataclass(frozen=True, eq=False)
class Pairs:
    """Folded words of one language with their folded counterparts in the other; each is only the same as itself."""

    english: Mapping[str, frozenset[str]]
    japanese: Mapping[str, frozenset[str]]


def pairs_of(rows: Iterable[tuple[str, str]]) -> Pairs:
    """Pairs from (Japanese, English) rows."""
    english: dict[str, set[str]] = {}
    japanese: dict[str, set[str]] = {}
    for ja, en in rows:
        compact, phrase = "".join(words(ja)), " ".join(words(en))
        if compact and phrase:
            english.setdefault(compact, set()).add(phrase)
            japanese.setdefault(phrase, set()).add(compact)
    return Pairs(
        {key: frozenset(found) for key, found in english.items()},
        {key: frozenset(found) for key, found in japanese.items()},
    )


@cache
def load_pairs() -> Pairs:
    """The pairs of ``vocabularies/reference/keyword_pairs.csv``; no file, no pairs."""
    if not _FILE.exists():
        return pairs_of([])
    with _FILE.open(encoding="utf-8", newline="") as file:
        return pairs_of((row["ja"], row["en"]) for row in csv.DictReader(file))


def _pieces(text: str, known: Mapping[str, frozenset[str]]) -> list[str] | None:
    """A Japanese compound cut into as few known words as possible; None if some part is unknown."""
    best: list[list[str] | None] = [[], *[None] * len(text)]
    for end in range(1, len(text) + 1):
        for start in range(end):
            before, now = best[start], best[end]
            if before is not None and text[start:end] in known and (now is None or len(before) + 1 < len(now)):
                best[end] = [*before, text[start:end]]
    return best[len(text)]


def _phrases(found: list[str], known: Mapping[str, frozenset[str]]) -> list[str] | None:
    """English words gathered into known phrases, longest first; None if a word is unknown."""
    phrases: list[str] = []
    start = 0
    while start < len(found):
        for end in range(min(len(found), start + _LONGEST_PHRASE), start, -1):
            phrase = " ".join(found[start:end])
            if phrase in known:
                phrases.append(phrase)
                start = end
                break
        else:
            return None
    return phrases


def _combined(parts: list[str] | None, known: Mapping[str, frozenset[str]], glue: str) -> Iterator[str]:
    if parts:
        choices = [sorted(known[part]) for part in parts]
        yield from (glue.join(choice) for choice in islice(product(*choices), _MOST_FORMS))


def keyword_forms(keyword: str, pairs: Pairs) -> set[str]:
    """The folded keyword with its counterparts in the other language and their synonyms; compounds by their parts."""
    found = words(keyword)
    phrase, compact = " ".join(found), "".join(found)
    if not compact:
        return set()
    english = set(_combined(_pieces(compact[:_LONGEST_COMPOUND], pairs.english), pairs.english, " "))
    japanese = set(_combined(_phrases(found[:8], pairs.japanese), pairs.japanese, ""))
    synonyms = {other for form in english for other in pairs.japanese.get(form, ())}
    synonyms |= {other for form in japanese for other in pairs.english.get(form, ())}
    return {phrase} | english | japanese | synonyms
