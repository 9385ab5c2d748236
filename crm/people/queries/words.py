"""What was typed, as conditions on people: each word by the office's own search keys."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, literal, or_, select, union_all
from sqlmodel import Session, col

from crm.accounts.models import Office
from crm.core.search import explain, kind_of, queries_for
from crm.core.search.queries import Range
from crm.people.models import Person, SearchKey

COMMON = 1_000
"""A word with more keys than this does not narrow a list: people are walked in their order and asked for it instead."""


class Words:
    """``is_common``: no word narrows the list, so its end is far and not to be counted. Costs one query."""

    def __init__(self, session: Session, office_id: UUID, text: str) -> None:
        self.office_id = office_id
        self.words = queries_for(text)
        self.nothing = bool(text) and not self.words
        self.is_common = False
        if self.words:
            counts = session.execute(select(*(self._number(ranges) for ranges in self.words))).one()
            ordered = sorted(range(len(self.words)), key=lambda place: counts[place])
            self.words = [self.words[place] for place in ordered]
            self.is_common = counts[ordered[0]] > COMMON

    def conditions(self, person_id: Any) -> list[ColumnElement[bool]]:
        """The rarest word leads, by a list of people; the others are looked up person by person."""
        if self.nothing:
            return [false()]
        others = self.words if self.is_common else self.words[1:]
        rarest = [] if self.is_common or not self.words else [person_id.in_(self._people(self.words[0]))]
        return rarest + [self._bears(person_id, ranges) for ranges in others]

    def _number(self, ranges: list[Range]) -> Any:
        some = self._people(ranges).limit(COMMON + 1).subquery()
        return select(func.count()).select_from(some).scalar_subquery()

    def _people(self, ranges: list[Range]) -> Any:
        return union_all(*(self._keys(col(SearchKey.person_id)).where(_within(each)) for each in ranges))

    def _keys(self, *columns: Any) -> Select[Any]:
        return select(*columns).where(col(SearchKey.office_id) == self.office_id)

    def _bears(self, person_id: Any, ranges: list[Range]) -> ColumnElement[bool]:
        spelled = or_(*map(_within, ranges))
        return exists(self._keys(literal(1)).where(col(SearchKey.person_id) == person_id, spelled))


def _within(each: Range) -> ColumnElement[bool]:
    low, high = each
    return and_(col(SearchKey.key) >= low, col(SearchKey.key) < high)


def everywhere(text: str) -> list[ColumnElement[bool]]:
    """Conditions on ``Person`` over the keys of all offices: for an operator."""
    keys = select(col(SearchKey.person_id)).where(col(SearchKey.office_id).in_(select(col(Office.id))))
    return [col(Person.id).in_(keys.where(or_(*map(_within, ranges)))) for ranges in queries_for(text)]


def matched_by(session: Session, text: str, ids: list[UUID], office_id: UUID | None) -> dict[UUID, str]:
    """Why each was found: by the strongest of the first word's keys."""
    ranges = next(iter(queries_for(text)), [])
    if not ranges or not ids:
        return {}
    spelled = or_(*map(_within, ranges))
    keys = select(col(SearchKey.person_id), col(SearchKey.key)).where(col(SearchKey.person_id).in_(ids), spelled)
    if office_id:
        keys = keys.where(col(SearchKey.office_id) == office_id)
    kinds: dict[UUID, set[str]] = {}
    for person_id, key in session.execute(keys):
        kinds.setdefault(person_id, set()).add(kind_of(key))
    return {person_id: str(explain(min(found, key="nrieok".index))) for person_id, found in kinds.items()}
