"""A mission's list in the order that the mission chose."""

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any

from crm.core.i18n import gettext as _
from crm.core.search import fold
from crm.listings.public.entries import Entry

_LAST = "\U0010ffff"


def _institution(entry: Entry) -> tuple[Any, ...]:
    return entry.institution, entry.place or ""


def _field(entry: Entry) -> tuple[Any, ...]:
    return (entry.topics[0] if entry.topics else _LAST,)


def _reading(entry: Entry) -> tuple[Any, ...]:
    """Hiragana and katakana as one; who shows no reading comes after those who do."""
    kana = entry.person.get("kana")
    return (fold(str(kana)) if kana else _LAST,)


def _letters(_entry: Entry) -> tuple[Any, ...]:
    return ()


ORDERS: dict[str, Callable[[Entry], tuple[Any, ...]]] = {
    "institution": _institution,
    "field": _field,
    "kana": _reading,
    "latin": _letters,
}


def in_order(entries: Sequence[Entry], order: str) -> list[Entry]:
    key = ORDERS.get(order, _institution)
    return sorted(entries, key=lambda entry: (*key(entry), entry.snapshot.sort_key, entry.slug))


def groups_of(entries: Sequence[Entry], order: str) -> list[tuple[str, list[Entry]]]:
    """(heading, people); one group that names its order where it has no headings of its own."""
    if order in ("kana", "latin"):
        return [(_("By reading (gojūon)") if order == "kana" else _("A to Z"), list(entries))]
    if order == "field":
        groups = groupby(entries, key=lambda entry: entry.topics[0] if entry.topics else _("Other fields"))
        return [(name, list(people)) for name, people in groups]
    places = groupby(entries, key=_institution)
    return [
        (_("%(institution)s (%(place)s)", institution=name, place=place) if place else name, list(people))
        for (name, place), people in places
    ]
