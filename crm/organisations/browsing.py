"""The directory as a list: searched, narrowed, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlmodel import Session, col

from crm.core.i18n import current_language
from crm.core.identifiers import InvalidIdentifier, normalise
from crm.core.paging import PER_PAGE, Page, after, capped_count, cut, decode_cursor
from crm.core.places import country_codes, country_name
from crm.organisations.models import Organisation, OrganisationKind, OrganisationName
from crm.organisations.queries import name_key
from crm.organisations.shown import Shown, names_of_many, shown

_ORDER: list[ColumnElement[Any]] = [col(Organisation.name_key), col(Organisation.id)]  # type: ignore[list-item]


@dataclass(frozen=True)
class Wanted:
    """What the reader asked for; unknown countries and kinds count for nothing."""

    q: str = ""
    countries: tuple[str, ...] = ()
    kinds: tuple[OrganisationKind, ...] = ()

    @classmethod
    def read(cls, q: str, countries: Sequence[str], kinds: Sequence[str]) -> "Wanted":
        known = set(OrganisationKind)
        return cls(
            q=q.strip()[:200],
            countries=tuple(code for code in dict.fromkeys(countries) if code in country_codes()),
            kinds=tuple(OrganisationKind(kind) for kind in dict.fromkeys(kinds) if kind in known),
        )

    @property
    def chips(self) -> list[tuple[str, str, str]]:
        language = current_language()
        countries = [("country", code, country_name(code, language)) for code in self.countries]
        return [*countries, *(("kind", kind.value, str(kind.label)) for kind in self.kinds)]


def directory(session: Session, wanted: Wanted, cursor: str | None = None, most: int = PER_PAGE) -> Page[Shown]:
    """Ordered by folded name."""
    statement = _matching(select(Organisation), wanted)
    total, capped = capped_count(session, statement)
    if begin := _begin(cursor):
        statement = statement.where(after(_ORDER, begin))
    rows = session.execute(statement.order_by(*_ORDER).limit(most + 1)).all()
    kept, following = cut(rows, most, lambda row: (row[0].name_key, row[0].id))
    names = names_of_many(session, [row[0].id for row in kept])
    return Page([shown(row[0], names.get(row[0].id, [])) for row in kept], following, total, capped)


def country_counts(session: Session, wanted: Wanted) -> list[tuple[str, str, int]]:
    """Per country, whatever countries are chosen: (code, name, number), the most first."""
    others = Wanted(wanted.q, (), wanted.kinds)
    counts = _counts(session, col(Organisation.country), others)
    numbers = {code: number for code, number in counts.items() if code}
    for code in wanted.countries:
        numbers.setdefault(code, 0)
    language = current_language()
    rows = [(code, country_name(code, language), number) for code, number in numbers.items()]
    return sorted(rows, key=lambda row: (-row[2], row[1]))


def kind_counts(session: Session, wanted: Wanted) -> list[tuple[str, str, int]]:
    counts = _counts(session, col(Organisation.kind), Wanted(wanted.q, wanted.countries, ()))
    return [
        (kind.value, str(kind.label), counts.get(kind, 0))
        for kind in OrganisationKind
        if counts.get(kind) or kind in wanted.kinds
    ]


def _counts(session: Session, column: Any, wanted: Wanted) -> dict[Any, int]:
    statement = _matching(select(column, func.count()), wanted).group_by(column)
    return {row[0]: row[1] for row in session.execute(statement)}


def _matching(statement: Select[Any], wanted: Wanted) -> Select[Any]:
    if wanted.countries:
        statement = statement.where(col(Organisation.country).in_(wanted.countries))
    if wanted.kinds:
        statement = statement.where(col(Organisation.kind).in_(wanted.kinds))
    return statement.where(_found(wanted.q)) if wanted.q else statement


def _found(q: str) -> Any:
    """A ROR id; else every word stands in one of the names."""
    try:
        return col(Organisation.ror) == normalise("ror", q)
    except InvalidIdentifier:
        words = name_key(q).split()
    if not words:
        return col(Organisation.id).is_(None)
    own = and_(*(col(Organisation.name_key).contains(word, autoescape=True) for word in words))
    named = select(col(OrganisationName.organisation_id)).where(
        *(col(OrganisationName.name_key).contains(word, autoescape=True) for word in words)
    )
    return or_(own, col(Organisation.id).in_(named))


def _begin(cursor: str | None) -> tuple[str, UUID] | None:
    values = decode_cursor(cursor, 2)
    try:
        return (values[0], UUID(values[1])) if values else None
    except ValueError:
        return None
