"""The filters beside the list, with how many people each choice would leave."""

from collections.abc import Callable
from dataclasses import dataclass

from crm.core.i18n import current_language
from crm.core.i18n import gettext as _
from crm.core.places import country_name
from crm.people.forms import PersonSearch
from crm.people.models import Basis, Sector
from crm.people.queries.totals import Totals


@dataclass(frozen=True)
class Facet:
    """``options``: (value, label, count or None); ``chosen``: the values in the address."""

    name: str
    label: str
    options: list[tuple[str, str, int | None]]
    chosen: list[str]


def people_facets(totals: Totals, wanted: PersonSearch) -> list[Facet]:
    language = current_language()
    named: list[tuple[str, str, Callable[[str], str]]] = [
        ("country", _("Country or region"), lambda code: country_name(code, language)),
        ("field", _("Research field"), str),
        ("institution", _("Institution"), str),
        ("sector", _("Sector"), lambda code: str(Sector(code).label)),
        ("basis", _("Held as"), lambda code: str(Basis(code).label)),
        ("tag", _("Tag"), str),
    ]
    facets = [_facet(name, label, say, totals, getattr(wanted, name)) for name, label, say in named]
    held: list[tuple[str, str, int | None]] = [
        ("own", _("Your office"), None),
        ("shared", _("Shared with you"), None),
    ]
    return [*facets, Facet("held", _("Held by"), held, list(wanted.held))]


def _facet(name: str, label: str, say: Callable[[str], str], totals: Totals, chosen: list[str]) -> Facet:
    counts = totals.counts.get(name, [])
    missing = [(value, 0) for value in chosen if value not in dict(counts)]
    options = [(value, say(value), None if totals.capped else number) for value, number in counts + missing]
    return Facet(name, label, options, chosen)
