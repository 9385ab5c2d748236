"""Invented researchers, the same for the same seed."""

import csv
import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from crm.core.settings import Settings
from crm.organisations.models import Organisation
from crm.people.entries import PersonEntry

_FIELDS = {
    "ja": [
        "がん免疫",
        "量子情報",
        "機械学習",
        "創薬",
        "神経科学",
        "触媒化学",
        "宇宙工学",
        "気候変動",
        "ロボット工学",
        "半導体",
    ],
    "en": [
        "cancer immunology",
        "quantum information",
        "machine learning",
        "drug discovery",
        "neuroscience",
        "catalysis",
        "space engineering",
        "climate change",
        "robotics",
        "semiconductors",
    ],
}
_TITLES = ["Professor", "Associate Professor", "Assistant Professor", "Group Leader", "Director"]
_UNITS = [
    "Department of Physics",
    "School of Medicine",
    "Department of Chemistry",
    "Institute for Neuroscience",
    "Department of Computer Science",
    "School of Engineering",
]
_OPEN_TO = ["studying_abroad", "visiting_researcher", "postdoc", "joint_research", "mentoring", "talks", "media"]


@cache
def _names() -> dict[str, list[dict[str, str]]]:
    pools: dict[str, list[dict[str, str]]] = {"family": [], "given": [], "foreign": []}
    with (Path(__file__).parent / "names.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            pools[row["kind"]].append(row)
    return pools


def invented_people(number: int, organisations: list[Organisation], seed: int) -> Iterator[PersonEntry]:
    """``number`` people at these institutions; a thirtieth of them without Japanese names."""
    dice = random.Random(seed)
    for count in range(number):
        yield _invented(dice, dice.choice(organisations), count)


def _invented(dice: random.Random, at: Organisation, count: int) -> PersonEntry:
    pools = _names()
    family, given = dice.choice(pools["family"]), dice.choice(pools["given"])
    foreign = dice.random() < 1 / 30
    latin = dice.choice(pools["foreign"])["latin"] if foreign else f"{given['latin']} {family['latin'].upper()}"
    kanji = None if foreign else f"{family['kanji']} {given['kanji']}"
    address = "".join(c for c in latin.casefold() if c.isascii() and c.isalpha())
    topics = dice.sample(range(len(_FIELDS["ja"])), k=dice.choice([1, 2, 2, 3]))
    return PersonEntry(
        full_name=kanji or latin,
        family=None if foreign else family["kanji"],
        given=None if foreign else given["kanji"],
        kanji=kanji,
        kana=None if foreign else f"{family['kana']} {given['kana']}",
        latin=latin,
        title=dice.choice(_TITLES),
        institution=at.name,
        unit=dice.choice(_UNITS),
        city=at.city,
        country=at.country,
        research_fields=tuple(_FIELDS[dice.choice(["ja", "en"])][topic] for topic in topics),
        email=f"{address}.{count}@example.org" if dice.random() < 0.8 else None,
        links=(f"https://www.example.org/lab/{address}-{count}",) if dice.random() < 0.7 else (),
        languages=("ja", "en") if dice.random() < 0.9 else ("en",),
        open_to=tuple(dice.sample(_OPEN_TO, k=dice.choice([0, 1, 2, 3]))),
    )


def demo_marker(settings: Settings) -> Path:
    """A file beside the database that says its people are invented."""
    return settings.data_dir / "demo"
