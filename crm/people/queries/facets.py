"""The filters beside the list, with how many people each choice would leave."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.core.i18n import current_language
from crm.core.i18n import gettext as _
from crm.core.places import country_name
from crm.people.forms import PersonSearch
from crm.people.models import Affiliation, Basis, Holding, Interest, Person, Sector
from crm.people.queries.search import people_matching
from crm.people.queries.visible import held_by

_COUNTED = 2_000
"""Up to so many people are counted; of a longer list some people are looked at, and no numbers shown."""
_LOOKED_AT = 200
_CHOICES = 40


@dataclass(frozen=True)
class Facet:
    """``options``: (value, label, count or None); ``chosen``: the values in the address."""

    name: str
    label: str
    options: list[tuple[str, str, int | None]]
    chosen: list[str]


def people_facets(session: Session, actor: Actor, wanted: PersonSearch, total: int) -> list[Facet]:
    """Five queries; ``total`` is the length of the list."""
    language = current_language()
    countries = _counted(session, actor, wanted, "country", col(Affiliation.country), Affiliation, total)
    places = _counted(session, actor, wanted, "institution", col(Affiliation.institution), Affiliation, total)
    fields = _counted(session, actor, wanted, "field", col(Interest.value), Interest, total)
    bases = _counted(session, actor, wanted, "basis", col(Holding.basis), Holding, total)
    sectors = _counted(session, actor, wanted, "sector", col(Person.sector), None, total)
    offered: list[tuple[str, str, list[tuple[str, str, int | None]]]] = [
        ("country", _("Country or region"), [(c, country_name(c, language), n) for c, n in countries]),
        ("field", _("Research field"), [(f, f, n) for f, n in fields]),
        ("institution", _("Institution"), [(i, i, n) for i, n in places]),
        ("sector", _("Sector"), [(s, str(Sector(s).label), n) for s, n in sectors]),
        ("basis", _("Held as"), [(b, str(Basis(b).label), n) for b, n in bases]),
        ("held", _("Held by"), [("own", _("Your office"), None), ("shared", _("Shared with you"), None)]),
    ]
    return [Facet(name, label, options, getattr(wanted, name)) for name, label, options in offered]


def _counted(
    session: Session, actor: Actor, wanted: PersonSearch, name: str, column: Any, model: Any, total: int
) -> list[tuple[str, int | None]]:
    most = _COUNTED if total <= _COUNTED else _LOOKED_AT
    matching = people_matching(actor, wanted.without(name), gathered=total <= _COUNTED and not wanted.chosen)
    people = matching.limit(most + 1).cte()
    number = func.count(func.distinct(people.c.id))
    counts = select(column, number).select_from(people).join(Person, col(Person.id) == people.c.id)
    if model is Affiliation:
        counts = counts.join(Affiliation, col(Affiliation.person_id) == people.c.id)
        counts = counts.where(col(Affiliation.until).is_(None), column != "")
    if model is Interest:
        counts = counts.join(Interest, col(Interest.person_id) == people.c.id)
        counts = counts.where(col(Interest.scheme) == "keyword")
    if model is Holding:
        own = held_by(actor).add_columns(column.label("value")).subquery()
        counts = select(own.c.value, number).select_from(people).join(own, own.c.person_id == people.c.id)
        column = own.c.value
    seen = select(func.count()).select_from(people).scalar_subquery()
    counts = counts.add_columns(seen).group_by(column).order_by(number.desc(), column).limit(_CHOICES)
    rows = session.execute(counts).all()
    sure = all(row[2] <= most for row in rows)
    chosen = [value for value in getattr(wanted, name) if value not in {row[0] for row in rows}]
    found = [(str(value), count if sure else None) for value, count, _seen in rows if value]
    return found + [(value, 0 if sure else None) for value in chosen]
