"""Who is public, as sets of bits: one for each value of each filter, so that counting costs no query."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from uuid import UUID

from crm.core.search import fold

FACETS = ("mission", "country", "city", "institution", "field", "spoken", "open_to")
_OF_TAGS = {"field": "field", "language": "spoken", "open_to": "open_to"}

_LATEST = 10**6


@dataclass(frozen=True, slots=True)
class PublicRow:
    id: UUID
    sort_key: str
    mission: str
    country: str | None
    city: str | None
    institution: str
    latitude: float | None
    longitude: float | None
    tags: str
    confirmed_at: datetime

    @property
    def place(self) -> str:
        """Where the map shows the row: its city, or its institution where the city is not to be shown."""
        return f"{self.country or ''}:{self.city or self.institution}"

    def values(self) -> Iterator[tuple[str, str]]:
        yield "mission", self.mission
        yield "city", self.place
        yield "institution", self.institution
        if self.country:
            yield "country", self.country
        for tag in self.tags.strip("|").split("|"):
            kind, _, value = tag.partition(":")
            # Strategic fields are internal tags and stay inside, whatever a snapshot says.
            if kind in _OF_TAGS and value and not value.startswith("strategic-"):
                yield _OF_TAGS[kind], value


_SORTED_BY: dict[str, Callable[[PublicRow], tuple[str, ...]]] = {
    "name": lambda _row: (),
    "institution": lambda row: (fold(row.institution),),
    "city": lambda row: (fold(row.city) if row.city else "\U0010ffff", row.country or ""),
    "newest": lambda row: (f"{_LATEST - row.confirmed_at.toordinal():07}",),
}
"""Keys of the orders that a visitor may choose; within each, by name."""


@dataclass(frozen=True)
class Order:
    """One way to go through the list: the keys in their order, and the position of the row of each."""

    keys: Sequence[tuple[str, ...]]
    positions: Sequence[int]

    def start(self, key: Sequence[str]) -> int:
        """Where the list goes on behind this key, whose row may be gone by now."""
        return bisect_right(self.keys, tuple(key))


@dataclass(frozen=True)
class PublicIndex:
    """Rows in the order of names; bit 0 of each set is the first. ``places``: longitude and latitude by place."""

    ids: Sequence[UUID]
    orders: Mapping[str, Order]
    facets: Mapping[str, Mapping[str, int]]
    places: Mapping[str, tuple[float, float]]
    sample: Mapping[str, int]
    """For each institution the position of a row that names it."""
    positions: Mapping[UUID, int] = field(repr=False)

    @property
    def everyone(self) -> int:
        return (1 << len(self.ids)) - 1

    def matching(self, chosen: Mapping[str, Sequence[str]], found: int | None = None) -> "Matching":
        """Values of one filter widen, filters narrow. ``found``: whom the free text finds."""
        asked = {name: self._any(name, values) for name, values in chosen.items() if values}
        return Matching(self, self.everyone if found is None else found, asked)

    def _any(self, name: str, values: Sequence[str]) -> int:
        known, bits = self.facets[name], 0
        for value in values:
            bits |= known.get(value, 0)
        return bits

    def bits(self, ids: Iterable[UUID]) -> int:
        return _as_bits((self.positions[id] for id in ids if id in self.positions), len(self.ids))


@dataclass(frozen=True)
class Matching:
    index: PublicIndex
    found: int
    asked: Mapping[str, int]

    def rows(self, but: str = "") -> int:
        bits = self.found
        for name, some in self.asked.items():
            if name != but:
                bits &= some
        return bits

    @property
    def total(self) -> int:
        return self.rows().bit_count()

    def counts(self, name: str, *, narrowed: bool = False) -> dict[str, int]:
        """People for each value, as if no other value of this filter were chosen (or ``narrowed`` to those chosen)."""
        base = self.rows("" if narrowed else name)
        counted = {value: (bits & base).bit_count() for value, bits in self.index.facets[name].items()}
        return {value: count for value, count in counted.items() if count}

    def listed(self, order: Order, start: int, most: int) -> list[tuple[tuple[str, ...], UUID]]:
        """(key, id) of those who follow in this order."""
        bits = f"{self.rows():0{len(order.keys)}b}"[::-1]
        some = (at for at in range(start, len(order.keys)) if bits[order.positions[at]] == "1")
        return [(order.keys[at], self.index.ids[order.positions[at]]) for at in islice(some, most)]


def index_of(rows: Iterable[PublicRow]) -> PublicIndex:
    ordered = sorted(rows, key=lambda row: (row.sort_key, row.id.hex))
    members: dict[str, dict[str, list[int]]] = {name: {} for name in FACETS}
    places: dict[str, tuple[float, float]] = {}
    for position, row in enumerate(ordered):
        for name, value in row.values():
            members[name].setdefault(value, []).append(position)
        if row.longitude is not None and row.latitude is not None:
            places.setdefault(row.place, (row.longitude, row.latitude))
    size = len(ordered)
    facets = {name: {value: _as_bits(at, size) for value, at in some.items()} for name, some in members.items()}
    sample = {value: at[0] for value, at in members["institution"].items()}
    ids = [row.id for row in ordered]
    known = {id: position for position, id in enumerate(ids)}
    return PublicIndex(ids, _orders(ordered), facets, places, sample, known)


def _orders(rows: Sequence[PublicRow]) -> dict[str, Order]:
    return {name: _order(rows, key) for name, key in _SORTED_BY.items()}


def _order(rows: Sequence[PublicRow], key: Callable[[PublicRow], tuple[str, ...]]) -> Order:
    keyed = sorted(((*key(row), row.sort_key, row.id.hex), position) for position, row in enumerate(rows))
    return Order([key for key, _ in keyed], [position for _, position in keyed])


def _as_bits(positions: Iterable[int], size: int) -> int:
    octets = bytearray(size // 8 + 1)
    for position in positions:
        octets[position >> 3] |= 1 << (position & 7)
    return int.from_bytes(octets, "little")
