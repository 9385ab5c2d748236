"""The filters beside the list, with how many people each choice would leave."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import String, cast, func, literal, select, true, union_all
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.core.i18n import current_language
from crm.core.i18n import gettext as _
from crm.core.places import country_name
from crm.people.models import Affiliation, Basis, Holding, Interest, Person, Sector
from crm.people.queries.search import Matching

_COUNTED = 2_000
"""Up to so many people are counted; of a longer list some people are looked at, and no numbers shown."""
_LOOKED_AT = 200
_CHOICES = 40
_SOURCES: dict[str, tuple[Any, Any]] = {
    "country": (Affiliation.country, col(Affiliation.until).is_(None) & (col(Affiliation.country) != "")),
    "field": (Interest.value, col(Interest.scheme) == "keyword"),
    "institution": (Affiliation.institution, col(Affiliation.until).is_(None) & (col(Affiliation.institution) != "")),
    "sector": (Person.sector, true()),
    "basis": (Holding.basis, col(Holding.until).is_(None)),
}
"""Filter → the column it counts, and which rows of it."""


@dataclass(frozen=True)
class Facet:
    """``options``: (value, label, count or None); ``chosen``: the values in the address."""

    name: str
    label: str
    options: list[tuple[str, str, int | None]]
    chosen: list[str]


def people_facets(session: Session, matching: Matching, total: int) -> list[Facet]:
    """One query; ``total`` is the length of the list."""
    language, wanted = current_language(), matching.wanted
    counts = _counts(session, matching, total)
    named: list[tuple[str, str, Callable[[str], str]]] = [
        ("country", _("Country or region"), lambda code: country_name(code, language)),
        ("field", _("Research field"), str),
        ("institution", _("Institution"), str),
        ("sector", _("Sector"), lambda code: str(Sector(code).label)),
        ("basis", _("Held as"), lambda code: str(Basis(code).label)),
    ]
    facets = [
        Facet(name, label, [(v, say(v), n) for v, n in counts[name]], getattr(wanted, name))
        for name, label, say in named
    ]
    held: list[tuple[str, str, int | None]] = [
        ("own", _("Your office"), None),
        ("shared", _("Shared with you"), None),
    ]
    return [*facets, Facet("held", _("Held by"), held, list(wanted.held))]


def _counts(session: Session, matching: Matching, total: int) -> dict[str, list[tuple[str, int | None]]]:
    """Filter → (value, people or None), most first: every filter counted over what all the others leave."""
    most = _COUNTED if total <= _COUNTED and not matching.is_long else _LOOKED_AT
    everybody = matching.ids().limit(most + 1).cte("everybody")
    parts = []
    for name in _SOURCES:
        others = matching.without(name).ids().limit(most + 1).cte(name) if getattr(matching.wanted, name) else everybody
        parts.append(select(_counted(name, others, matching.actor).subquery()))
    rows: dict[str, list[Any]] = {name: [] for name in _SOURCES}
    for row in session.execute(union_all(*parts)):
        rows[row.name].append(row)
    return {name: _shown(found, getattr(matching.wanted, name), most) for name, found in rows.items()}


def _counted(name: str, people: Any, actor: Actor) -> Any:
    column, which = _SOURCES[name]
    model = column.class_
    person_id = model.id if model is Person else model.person_id
    number = func.count(func.distinct(people.c.id))
    seen = select(func.count()).select_from(people).scalar_subquery()
    columns = (literal(name).label("name"), cast(column, String).label("value"), number.label("number"))
    counts = select(*columns, seen.label("seen")).join(people, people.c.id == person_id).where(which)
    if model is Holding:
        counts = counts.where(col(Holding.office_id) == actor.office_id)
    return counts.group_by(column).order_by(number.desc(), column).limit(_CHOICES)


def _shown(rows: list[Any], chosen: list[str], most: int) -> list[tuple[str, int | None]]:
    sure = all(row.seen <= most for row in rows)
    missing = [value for value in chosen if value not in {row.value for row in rows}]
    found = [
        (row.value, row.number if sure else None) for row in sorted(rows, key=lambda row: (-row.number, row.value))
    ]
    return found + [(value, 0 if sure else None) for value in missing]
