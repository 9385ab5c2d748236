"""Which people match a question: words by search keys, filters by columns, pages by keys."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, CompoundSelect, Select, bindparam, exists, func, select, union_all
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.reader import OFFICE, seen_by
from crm.core.columns import IDS
from crm.core.paging import PER_PAGE, after, cut, decode_cursor
from crm.core.search import close_tokens
from crm.people.forms import PersonSearch
from crm.people.models import Affiliation, Holding, Interest, Person, PersonTag, SearchToken, Tag
from crm.people.queries.visible import ARMS, HELD, SHARED, Arm
from crm.people.queries.words import Words, matched_by, word_conditions

PER_SEARCH = 20
"""Rows of an answer to words: who looks for somebody reads a screen and types more."""
PER_SUGGESTION = 8


@dataclass(frozen=True, slots=True)
class Found:
    """A row of the list."""

    id: UUID
    full_name: str
    kanji: str | None
    kana: str | None
    latin: str | None
    institution: str = ""
    unit: str = ""
    title: str = ""
    city: str = ""
    country: str = ""
    fields: tuple[str, ...] = ()
    matched: str = ""


@dataclass(frozen=True)
class Shape:
    """A question without its words and values: questions of one shape share one statement."""

    words: tuple[int, ...]
    are_common: bool
    filters: frozenset[str]

    def without(self, name: str) -> "Shape":
        return Shape(self.words, self.are_common, self.filters - {name})


class Matching:
    """The people who answer a question. Words cost one query, asked at the beginning."""

    def __init__(self, session: Session, actor: Actor, wanted: PersonSearch) -> None:
        self.actor, self.wanted = actor, wanted
        words = Words(session, actor.office_id, wanted.q)
        self.shape = Shape(words.shape, words.are_common, frozenset(_filters(wanted)))
        chosen = {name: getattr(wanted, name) for name in self.shape.filters & _CONDITIONS.keys()}
        self.values = {**seen_by(actor), **words.values, **chosen}


def _filters(wanted: PersonSearch) -> list[str]:
    """The names of those that are set; who asks for both kinds of holding asks for none."""
    held = [f"held_{value}" for value in set(wanted.held)] if len(set(wanted.held)) == 1 else []
    return [name for name in _CONDITIONS if getattr(wanted, name)] + held


@lru_cache(maxsize=500)
def ids_of(shape: Shape) -> CompoundSelect[Any]:
    """Rows (id), each person once, in no order."""
    return union_all(*(arm.people.with_only_columns(arm.person_id.label("id")) for arm in _narrowed(shape)))


@lru_cache(maxsize=500)
def in_order(shape: Shape, sort: str, continued: bool) -> Any:
    """Rows (id, names, order_key): ``most`` of them, after the cursor's ``last_key`` and ``last_id``."""
    down = sort.startswith("-") != (sort.lstrip("-") == "new")
    few = bool(shape.words) and not shape.are_common
    both = union_all(*(_sorted(arm, sort.lstrip("-"), continued, down, few) for arm in _narrowed(shape)))
    order = [both.selected_columns.order_key, both.selected_columns.id]
    return both.order_by(*(column.desc() for column in order) if down else order).limit(bindparam("most"))


def _narrowed(shape: Shape) -> list[Arm]:
    arms = []
    for arm in ARMS:
        conditions = word_conditions(shape.words, shape.are_common, arm.person_id)
        conditions += [_CONDITIONS[name](arm.person_id) for name in _CONDITIONS if name in shape.filters]
        conditions += [arm.person_id.in_(HELD)] if "held_own" in shape.filters else []
        conditions += [arm.person_id.in_(SHARED)] if "held_shared" in shape.filters else []
        arms.append(Arm(arm.people.where(*conditions), arm.person_id, arm.keys))
    return arms


def _sorted(arm: Arm, order: str, continued: bool, down: bool, few: bool) -> Select[Any]:
    key = arm.keys.get(order, arm.person_id)
    if few and order in arm.keys:
        # Joined to an empty text, the order is no reason to walk the whole list for the few that are wanted.
        key = key.concat("")
    names = (getattr(Person, name).label(name) for name in ("full_name", "kanji", "kana", "latin"))
    rows = arm.people.with_only_columns(arm.person_id.label("id"), *names, key.label("order_key"))
    last: list[Any] = [bindparam("last_key"), bindparam("last_id")]
    return rows.where(after([key, arm.person_id], last, descending=down)) if continued else rows


def _affiliated(person_id: Any, column: Any, name: str) -> ColumnElement[bool]:
    now_at = (col(Affiliation.person_id) == person_id) & col(Affiliation.until).is_(None)
    return exists().where(now_at, col(column).in_(bindparam(name, expanding=True)))


def _placed(person_id: Any) -> ColumnElement[bool]:
    now_at = (col(Affiliation.person_id) == person_id) & col(Affiliation.until).is_(None)
    place = func.coalesce(col(Affiliation.city), "") + "|" + func.coalesce(col(Affiliation.country), "")
    return exists().where(now_at, place.in_(bindparam("place", expanding=True)))


def _interested(person_id: Any) -> ColumnElement[bool]:
    keywords = (col(Interest.person_id) == person_id) & (col(Interest.scheme) == "keyword")
    return exists().where(keywords, col(Interest.value).in_(bindparam("field", expanding=True)))


def _tagged(person_id: Any) -> ColumnElement[bool]:
    borne = (col(PersonTag.person_id) == person_id) & (col(Tag.office_id) == OFFICE)
    return exists().where(
        borne, col(Tag.id) == col(PersonTag.tag_id), col(Tag.name).in_(bindparam("tag", expanding=True))
    )


def _held_as(person_id: Any) -> ColumnElement[bool]:
    found: ColumnElement[bool] = person_id.in_(HELD.where(col(Holding.basis).in_(bindparam("basis", expanding=True))))
    return found


_CONDITIONS: dict[str, Any] = {
    "country": lambda person_id: _affiliated(person_id, Affiliation.country, "country"),
    "institution": lambda person_id: _affiliated(person_id, Affiliation.institution, "institution"),
    "field": _interested,
    "sector": lambda _: col(Person.sector).in_(bindparam("sector", expanding=True)),
    "basis": _held_as,
    "tag": _tagged,
    "place": _placed,
}
"""Filter → what it asks of a person's id."""


def list_people(session: Session, matching: Matching, most: int | None = None) -> tuple[list[Found], str | None]:
    """One page, and the cursor of the next. ``most``: how many, where it is not for a page of ours."""
    wanted = matching.wanted
    last = last_row(wanted)
    per_page = most or (PER_SEARCH if wanted.q else PER_PAGE)
    values = {**matching.values, **last, "most": per_page + 1}
    rows = session.execute(in_order(matching.shape, wanted.sort, bool(last)), values).all()
    kept, following = cut(rows, per_page, lambda row: (row.order_key, row.id))
    return _described(session, matching.actor, wanted, kept), following


def suggest_people(session: Session, actor: Actor, text: str) -> list[Found]:
    """The first few whom the words fit, for a box that answers while somebody types."""
    matching = Matching(session, actor, PersonSearch(q=text))
    values = {**matching.values, "most": PER_SUGGESTION}
    rows = session.execute(in_order(matching.shape, "name", continued=False), values).all()
    posts = affiliations_of(session, actor, [row.id for row in rows])
    return [found_in(row, posts) for row in rows]


def found_in(row: Any, posts: dict[UUID, dict[str, Any]], **more: Any) -> Found:
    """A person, or a row with the names of one, beside their post."""
    return Found(row.id, row.full_name, row.kanji, row.kana, row.latin, **posts.get(row.id, {}), **more)


def last_row(wanted: PersonSearch) -> dict[str, Any]:
    """What the cursor says; nothing for a cursor that is missing or not ours."""
    try:
        key, last = decode_cursor(wanted.after, 2) or ("", "")
        return {"last_key": UUID(last) if wanted.sort.lstrip("-") == "new" else key, "last_id": UUID(last)}
    except ValueError:
        return {}


_FIELDS = (
    select(col(Interest.person_id), col(Interest.value))
    .where(col(Interest.person_id).in_(IDS), col(Interest.scheme) == "keyword")
    .order_by(col(Interest.id))
)
_POST = ("institution", "unit", "title", "city", "country")
_POSTS = (
    select(col(Affiliation.person_id), *(getattr(Affiliation, name) for name in _POST))
    .where(col(Affiliation.person_id).in_(IDS), col(Affiliation.until).is_(None))
    .order_by((col(Affiliation.office_id) == OFFICE), col(Affiliation.main), col(Affiliation.id))
)


def _described(session: Session, actor: Actor, wanted: PersonSearch, rows: Any) -> list[Found]:
    ids = [row.id for row in rows]
    posts = affiliations_of(session, actor, ids)
    fields: dict[UUID, list[str]] = {}
    for person_id, value in session.execute(_FIELDS, {"ids": ids}):
        fields.setdefault(person_id, []).append(value)
    reasons = matched_by(session, wanted.q, ids, actor.office_id) if wanted.q else {}
    return [
        found_in(row, posts, fields=tuple(fields.get(row.id, ())[:3]), matched=reasons.get(row.id, "")) for row in rows
    ]


def affiliations_of(session: Session, actor: Actor, ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    """One current post each: what the reader's own office says goes before what others say."""
    rows = session.execute(_POSTS, {"ids": ids, "office": actor.office_id})
    return {person_id: dict(zip(_POST, (value or "" for value in values), strict=True)) for person_id, *values in rows}


def spelled_nearly(session: Session, actor: Actor, text: str) -> list[str]:
    """Spellings close to what was typed under which the reader does find somebody; at most three."""
    tokens = list(session.execute(select(col(SearchToken.token)).limit(50_000)).scalars())
    near = close_tokens(text, tokens, limit=6)
    asked = (Matching(session, actor, PersonSearch(q=token)) for token in near)
    found = (one.wanted.q for one in asked if session.execute(ids_of(one.shape).limit(1), one.values).first())
    return list(islice(found, 3))
