"""The map page: figures, filters with counts, the drawing and the list, all from one set of people."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from fastapi import Request
from sqlmodel import Session

from crm.core.columns import now
from crm.core.i18n import current_language
from crm.core.i18n import gettext as _
from crm.core.maps.clusters import Point
from crm.core.maps.drawing import Picture, picture
from crm.core.paging import PER_PAGE, encode_cursor
from crm.listings.public import queries
from crm.listings.public.entries import (
    Entry,
    Words,
    institution_name,
    named_city,
    named_country,
    named_language,
)
from crm.listings.public.index import FACETS, Matching, PublicIndex
from crm.listings.public.kept import kept_of
from crm.listings.public.wanted import MapSearch

_SHOWN = 40
Option = tuple[str, str, int]


@dataclass(frozen=True)
class Base:
    """What every question about one version of the public data needs."""

    index: PublicIndex
    words: Words
    institutions: Mapping[str, str]


@dataclass(frozen=True)
class Facet:
    name: str
    label: str
    options: list[Option]
    chosen: list[str]
    more: int
    """Values that were left out because they are many."""

    @property
    def heading(self) -> str:
        if self.more <= 0:
            return self.label
        return _("%(label)s (the %(num)s most frequent)", label=self.label, num=len(self.options))


@dataclass(frozen=True)
class Overview:
    wanted: MapSearch
    everyone: int
    total: int
    figures: list[tuple[str, int]]
    facets: list[Facet]
    chips: list[tuple[str, str, str]]
    entries: list[Entry]
    next: str | None
    sorts: dict[str, str]
    unplaced: int
    as_of: datetime


def base_of(request: Request, session: Session, version: str) -> Base:
    key = ("base", version, current_language())
    return kept_of(request).get(key, lambda: _load(request, session, version))


def _load(request: Request, session: Session, version: str) -> Base:
    index = kept_of(request).get(("index", version), lambda: queries.load_index(session, now()))
    samples = queries.snapshots_of(session, now(), [index.ids[at] for at in index.sample.values()])
    named = {row.institution: institution_name(row.entry.get("institution") or {}) for row in samples}
    return Base(index, Words(queries.offices(session), queries.public_terms(session)), named)


def matching(session: Session, base: Base, wanted: MapSearch) -> Matching:
    found = base.index.bits(queries.found_by(session, now(), wanted.text)) if wanted.text else None
    return base.index.matching(wanted.chosen, found)


def overview(session: Session, base: Base, wanted: MapSearch) -> Overview:
    some = matching(session, base, wanted)
    order = wanted.order(base.index)
    listed = some.listed(order, wanted.start(order), PER_PAGE + 1)
    snapshots = queries.snapshots_of(session, now(), [id for _, id in listed[:PER_PAGE]])
    facets = [_facet(name, label, base, some, wanted) for name, label in facet_labels().items()]
    total = some.total
    return Overview(
        wanted=wanted,
        everyone=len(base.index.ids),
        total=total,
        figures=_figures(some),
        facets=[facet for facet in facets if facet.options or facet.chosen],
        chips=list(_chips(base, wanted)),
        entries=[Entry(snapshot, base.words) for snapshot in snapshots],
        next=encode_cursor(list(listed[PER_PAGE - 1][0])) if len(listed) > PER_PAGE else None,
        sorts=sorts(),
        unplaced=total - sum(point.count for point in _points(base, some)),
        as_of=now(),
    )


def sorts() -> dict[str, str]:
    """Value of ``sort`` in the address → word."""
    return {"": _("Name"), "institution": _("Institution"), "city": _("City"), "newest": _("Newly confirmed")}


def map_picture(base: Base, some: Matching, wanted: MapSearch) -> Picture:
    return picture(_points(base, some), wanted.view or None, wanted.pixels)


def _points(base: Base, some: Matching) -> list[Point]:
    counts, places = some.counts("city", narrowed=True), base.index.places
    return [
        Point(*places[place], count, place_name(base, place), place)
        for place, count in counts.items()
        if place in places
    ]


def _figures(some: Matching) -> list[tuple[str, int]]:
    return [
        (_("Researchers"), some.total),
        (_("Countries and regions"), len(some.counts("country", narrowed=True))),
        (_("Cities"), len(some.counts("city", narrowed=True))),
        (_("Institutions"), len(some.counts("institution", narrowed=True))),
    ]


def facet_labels() -> dict[str, str]:
    return {
        "mission": _("Embassy or consulate"),
        "country": _("Country or region"),
        "city": _("City"),
        "institution": _("Institution"),
        "field": _("Research field"),
        "spoken": _("Language"),
        "open_to": _("Open to"),
    }


def place_name(base: Base, place: str) -> str:
    country, _colon, name = place.partition(":")
    return base.institutions.get(name) or named_city(country, name)


def _names(base: Base) -> dict[str, Callable[[str], str]]:
    return {
        "mission": base.words.office,
        "country": named_country,
        "city": lambda place: place_name(base, place),
        "institution": lambda name: base.institutions.get(name) or name,
        "field": base.words.field,
        "spoken": named_language,
        "open_to": lambda code: base.words.term("open_to", code),
    }


def _facet(name: str, label: str, base: Base, some: Matching, wanted: MapSearch) -> Facet:
    counts, chosen, named = some.counts(name), list(wanted.chosen[name]), _names(base)[name]
    largest = sorted(counts, key=lambda value: (-counts[value], value))
    shown = [value for value in [*chosen, *largest[:_SHOWN]] if value in counts]
    options = [(value, named(value), counts[value]) for value in dict.fromkeys(shown)]
    options.sort(key=lambda option: (-option[2], option[1]))
    return Facet(name, label, options, chosen, len(counts) - len(options))


def _chips(base: Base, wanted: MapSearch) -> Iterable[tuple[str, str, str]]:
    if wanted.text:
        yield "q", wanted.q, wanted.text
    names = _names(base)
    for facet in FACETS:
        for value in wanted.chosen[facet]:
            if value in base.index.facets[facet]:
                yield facet, value, names[facet](value)
