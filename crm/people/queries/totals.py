"""How many people answer a question, and how many each further choice would leave."""

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Any

from cachetools import TTLCache, cached
from sqlalchemy import String, cast, func, literal, select, true, union_all
from sqlmodel import Session, col

from crm.accounts.models import JournalEntry
from crm.accounts.reader import OFFICE
from crm.core.columns import now
from crm.core.paging import COUNT_CAP
from crm.people.models import Affiliation, Holding, Interest, Person, PersonTag, Tag
from crm.people.queries.search import Matching, Shape, ids_of

_CHOICES = 40
_SECONDS = 60
# Joined to an empty text, the scheme is no reason to walk an index of all keywords instead of these people's.
_IS_KEYWORD = col(Interest.scheme).concat("") == "keyword"
_SOURCES: dict[str, tuple[Any, Any]] = {
    "country": (Affiliation.country, col(Affiliation.until).is_(None) & (col(Affiliation.country) != "")),
    "field": (Interest.value, _IS_KEYWORD),
    "institution": (Affiliation.institution, col(Affiliation.until).is_(None) & (col(Affiliation.institution) != "")),
    "sector": (Person.sector, true()),
    "basis": (Holding.basis, col(Holding.until).is_(None)),
    "tag": (Tag.name, col(Tag.office_id) == OFFICE),
}
"""Filter → the column it counts, and which rows of it."""


@dataclass(frozen=True)
class Totals:
    """``counts``: filter → (value, people), most first. ``capped``: there are more people, so no number is exact."""

    total: int
    capped: bool
    counts: dict[str, list[tuple[str, int]]]


_NEWEST_LINE = (
    select(col(JournalEntry.id))
    .where(col(JournalEntry.office_id) == OFFICE)
    .order_by(col(JournalEntry.id).desc())
    .limit(1)
)


def _question(session: Session, matching: Matching) -> tuple[object, ...]:
    """Two equal questions have the same answer, until the office writes something or a minute is over."""
    newest = session.execute(_NEWEST_LINE, matching.values).scalar()
    return matching.actor.office_id, newest, now().date(), matching.wanted.asked


@cached(TTLCache(maxsize=1_000, ttl=_SECONDS), key=_question, lock=Lock())
def totals_of(session: Session, matching: Matching) -> Totals:
    """One query, and one to know whether the last answer still holds: every filter over what all the others leave."""
    counts: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for name, value, number in session.execute(_counts(matching.shape), matching.values):
        counts[name].append((value, number))
    total = counts.pop("")[0][1]
    ordered = {name: sorted(found, key=lambda pair: (-pair[1], pair[0])) for name, found in counts.items()}
    return Totals(min(total, COUNT_CAP), total > COUNT_CAP, ordered)


@lru_cache(maxsize=500)
def _counts(shape: Shape) -> Any:
    """Rows (name of the filter, value, number); with the name empty, the number of all."""
    everybody = ids_of(shape).limit(COUNT_CAP + 1).cte("everybody")
    columns = (literal("").label("name"), literal("").label("value"), func.count().label("number"))
    parts = [select(*columns).select_from(everybody)]
    for name in _SOURCES:
        others = (
            ids_of(shape.without(name)).limit(COUNT_CAP + 1).cte(f"without_{name}")
            if name in shape.filters
            else everybody
        )
        parts.append(select(_counted(name, others).subquery()))
    return union_all(*parts)


def _counted(name: str, people: Any) -> Any:
    column, which = _SOURCES[name]
    model = column.class_
    person_id = model.id if model is Person else getattr(model, "person_id", None)
    number = func.count(func.distinct(people.c.id)).label("number")
    columns = (literal(name).label("name"), cast(column, String).label("value"), number)
    if model is Tag:
        joined = select(*columns).select_from(people).join(PersonTag, people.c.id == col(PersonTag.person_id))
        counts = joined.join(Tag, col(Tag.id) == col(PersonTag.tag_id)).where(which)
    else:
        counts = select(*columns).select_from(people).join(model, people.c.id == person_id).where(which)
    if model is Holding:
        counts = counts.where(col(Holding.office_id) == OFFICE)
    return counts.group_by(column).order_by(number.desc(), column).limit(_CHOICES)
