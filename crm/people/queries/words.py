"""What was typed, as conditions on people: each word by the office's own search keys.

A word is a few ranges of keys. The conditions leave the ends of the ranges open, so that two questions with as many
ranges share one statement; ``Words.values`` fills them in.
"""

from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, false, func, literal, or_, select, union_all
from sqlmodel import Session, col

from crm.accounts.models import Office
from crm.accounts.reader import OFFICE
from crm.core.search import explain, kind_of, queries_for
from crm.core.search.queries import Range
from crm.people.models import Person, SearchKey

COMMON = 1_000
"""A word with more keys than this does not narrow a list: people are walked in their order and asked for it instead."""


class Words:
    """``shape``: how many ranges each word has, the rarest word first; a word that no key can match has none.

    ``are_common``: not even the rarest narrows the list. Costs one query.
    """

    def __init__(self, session: Session, office_id: UUID, text: str) -> None:
        self.ranges: list[list[Range]] = list(queries_for(text)) or ([[]] if text else [])
        self.are_common = False
        if self.ranges:
            values = {"office": office_id, **self.values}
            counts = session.execute(_numbers(self.shape), values).one()
            ordered = sorted(range(len(counts)), key=lambda place: counts[place])
            self.are_common = counts[ordered[0]] > COMMON
            self.ranges = [self.ranges[place] for place in ordered]

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(map(len, self.ranges))

    @property
    def values(self) -> dict[str, str]:
        return _ends(self.ranges)


def _ends(words: list[list[Range]]) -> dict[str, str]:
    return {
        f"{end}_{word}_{place}": key
        for word, ranges in enumerate(words)
        for place, each in enumerate(ranges)
        for end, key in zip(("low", "high"), each, strict=True)
    }


def word_conditions(shape: tuple[int, ...], are_common: bool, person_id: Any) -> list[ColumnElement[bool]]:
    """The rarest word leads, by a list of people; the others are looked up person by person."""
    if 0 in shape:
        return [false()]
    leads = [] if are_common or not shape else [person_id.in_(_people(0, shape[0]))]
    return leads + [_bears(person_id, word, shape[word]) for word in range(len(leads), len(shape))]


@lru_cache(maxsize=200)
def _numbers(shape: tuple[int, ...]) -> Select[Any]:
    return select(*(_number(word, ranges) if ranges else literal(0) for word, ranges in enumerate(shape)))


def _number(word: int, ranges: int) -> Any:
    some = _people(word, ranges).limit(COMMON + 1).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def _people(word: int, ranges: int) -> Any:
    mine = select(col(SearchKey.person_id)).where(col(SearchKey.office_id) == OFFICE)
    return union_all(*(mine.where(_between(word, place)) for place in range(ranges)))


def _bears(person_id: Any, word: int, ranges: int) -> ColumnElement[bool]:
    spelled = or_(*(_between(word, place) for place in range(ranges)))
    mine = select(literal(1)).where(col(SearchKey.office_id) == OFFICE, col(SearchKey.person_id) == person_id)
    return exists(mine.where(spelled))


def _between(word: int, place: int) -> ColumnElement[bool]:
    ends: list[Any] = [bindparam(f"{end}_{word}_{place}") for end in ("low", "high")]
    return and_(col(SearchKey.key) >= ends[0], col(SearchKey.key) < ends[1])


def everywhere(text: str) -> list[ColumnElement[bool]]:
    """Conditions on ``Person`` over the keys of all offices: for an operator."""
    keys = select(col(SearchKey.person_id)).where(col(SearchKey.office_id).in_(select(col(Office.id))))
    return [col(Person.id).in_(keys.where(or_(*map(_within, ranges)))) for ranges in queries_for(text)]


def _within(each: Range) -> ColumnElement[bool]:
    low, high = each
    return and_(col(SearchKey.key) >= low, col(SearchKey.key) < high)


def matched_by(session: Session, text: str, ids: list[UUID], office_id: UUID | None) -> dict[UUID, str]:
    """Why each was found: by the strongest of the first word's keys. ``office_id`` None: by anybody's keys."""
    ranges = next(iter(queries_for(text)), [])
    if not ranges or not ids:
        return {}
    values = {"office": office_id, "ids": ids, **_ends([ranges])}
    rows = session.execute(_reasons(len(ranges), office_id is None), values)
    kinds: dict[UUID, set[str]] = {}
    for person_id, key in rows:
        kinds.setdefault(person_id, set()).add(kind_of(key))
    return {person_id: str(explain(min(found, key="nrieok".index))) for person_id, found in kinds.items()}


@lru_cache(maxsize=50)
def _reasons(ranges: int, of_anybody: bool) -> Any:
    spelled = or_(*(_between(0, place) for place in range(ranges)))
    some = col(SearchKey.person_id).in_(bindparam("ids", expanding=True))
    keys = select(col(SearchKey.person_id), col(SearchKey.key)).where(some, spelled)
    return keys if of_anybody else keys.where(col(SearchKey.office_id) == OFFICE)
