"""Which people match a question: words by search keys, filters by columns, pages by keys."""

from dataclasses import dataclass, replace
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, select, union_all
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.core.paging import PER_PAGE, Page, after, capped_count, cut, decode_cursor
from crm.core.search import close_tokens
from crm.people.forms import PersonSearch
from crm.people.models import Affiliation, Holding, Interest, Person, SearchToken
from crm.people.queries.visible import Arm, arms_of, held_by, shared_with, visible_ids
from crm.people.queries.words import Words, matched_by


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


class Matching:
    """The people who answer a question, in no order yet. ``is_long``: no word narrows them, their end is not counted.

    Words cost one query, asked at the beginning.
    """

    def __init__(self, session: Session, actor: Actor, wanted: PersonSearch, words: Words | None = None) -> None:
        self.session, self.actor, self.wanted = session, actor, wanted
        self.words = words or Words(session, actor.office_id, wanted.q)
        self.arms = [replace(arm, people=arm.people.where(*self._conditions(arm.person_id))) for arm in arms_of(actor)]

    @property
    def is_long(self) -> bool:
        return self.words.is_common

    def without(self, name: str) -> "Matching":
        """For a filter's own counts: the other filters, and not itself."""
        return Matching(self.session, self.actor, self.wanted.without(name), self.words)

    def _conditions(self, person_id: Any) -> list[ColumnElement[bool]]:
        return [*self.words.conditions(person_id), *_chosen(person_id, self.actor, self.wanted)]

    def ids(self) -> Any:
        """Rows (id), each person once."""
        return union_all(*(arm.people.with_only_columns(arm.person_id.label("id")) for arm in self.arms))

    def in_order(self, sort: str, cursor: list[str] | None) -> Any:
        """Rows (id, names, order_key) after the cursor."""
        down = sort.startswith("-") != (sort.lstrip("-") == "new")
        parts = [_sorted(arm, sort.lstrip("-"), cursor, down) for arm in self.arms]
        both = union_all(*parts)
        order = [both.selected_columns.order_key, both.selected_columns.id]
        return both.order_by(*(column.desc() for column in order) if down else order)


def _sorted(arm: Arm, order: str, cursor: list[str] | None, down: bool) -> Select[Any]:
    key = arm.keys.get(order, arm.person_id)
    names = (getattr(Person, name).label(name) for name in ("full_name", "kanji", "kana", "latin"))
    rows = arm.people.with_only_columns(arm.person_id.label("id"), *names, key.label("order_key"))
    if cursor is None:
        return rows
    last = UUID(cursor[1])
    return rows.where(after([key, arm.person_id], [last if key is arm.person_id else cursor[0], last], descending=down))


def _chosen(person_id: Any, actor: Actor, wanted: PersonSearch) -> list[ColumnElement[bool]]:
    """The filters as conditions on a person's id."""
    conditions: list[ColumnElement[bool]] = []
    if wanted.country:
        conditions.append(_affiliated(person_id, col(Affiliation.country).in_(wanted.country)))
    if wanted.institution:
        conditions.append(_affiliated(person_id, col(Affiliation.institution).in_(wanted.institution)))
    if wanted.field:
        keywords = (col(Interest.scheme) == "keyword") & col(Interest.value).in_(wanted.field)
        conditions.append(exists().where(col(Interest.person_id) == person_id, keywords))
    if wanted.sector:
        conditions.append(col(Person.sector).in_(wanted.sector))
    if wanted.basis:
        conditions.append(person_id.in_(held_by(actor).where(col(Holding.basis).in_(wanted.basis))))
    if wanted.held == ["own"]:
        conditions.append(person_id.in_(held_by(actor)))
    if wanted.held == ["shared"]:
        conditions.append(person_id.in_(shared_with(actor)))
    return conditions


def _affiliated(person_id: Any, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(col(Affiliation.person_id) == person_id, col(Affiliation.until).is_(None), condition)


def list_people(session: Session, matching: Matching) -> Page[Found]:
    actor, wanted = matching.actor, matching.wanted
    rows = session.execute(matching.in_order(wanted.sort, decode_cursor(wanted.after, 2)).limit(PER_PAGE + 1)).all()
    kept, following = cut(rows, PER_PAGE, lambda row: (row.order_key, row.id))
    if matching.is_long:
        total, capped = len(kept), following is not None
    else:
        narrowed = wanted.q or wanted.chosen
        total, capped = capped_count(session, matching.ids() if narrowed else visible_ids(actor))
    return Page(_described(session, actor, wanted, kept), following, total, capped)


def _described(session: Session, actor: Actor, wanted: PersonSearch, rows: Any) -> list[Found]:
    ids = [row.id for row in rows]
    posts = affiliations_of(session, actor, ids)
    fields: dict[UUID, list[str]] = {}
    interests = select(col(Interest.person_id), col(Interest.value)).where(
        col(Interest.person_id).in_(ids), col(Interest.scheme) == "keyword"
    )
    for person_id, value in session.execute(interests.order_by(col(Interest.id))):
        fields.setdefault(person_id, []).append(value)
    reasons = matched_by(session, wanted.q, ids, actor.office_id) if wanted.q else {}
    return [
        Found(
            row.id, row.full_name, row.kanji, row.kana, row.latin, **posts.get(row.id, {}),
            fields=tuple(fields.get(row.id, ())[:3]), matched=reasons.get(row.id, ""),
        )
        for row in rows
    ]  # fmt: skip


def affiliations_of(session: Session, actor: Actor, ids: list[UUID]) -> dict[UUID, dict[str, str]]:
    """One current post each: what the reader's own office says goes before what others say."""
    columns = ("institution", "unit", "title", "city", "country")
    statement = (
        select(col(Affiliation.person_id), *(getattr(Affiliation, name) for name in columns))
        .where(col(Affiliation.person_id).in_(ids), col(Affiliation.until).is_(None))
        .order_by((col(Affiliation.office_id) == actor.office_id), col(Affiliation.main), col(Affiliation.id))
    )
    return {
        person_id: dict(zip(columns, (value or "" for value in values), strict=True))
        for person_id, *values in session.execute(statement)
    }


def spelled_nearly(session: Session, actor: Actor, text: str) -> list[str]:
    """Spellings close to what was typed under which the reader does find somebody; at most three."""
    tokens = list(session.execute(select(col(SearchToken.token)).limit(50_000)).scalars())
    near = close_tokens(text, tokens, limit=6)
    asked = (Matching(session, actor, PersonSearch(q=token)).ids().limit(1) for token in near)
    found = (token for token, ids in zip(near, asked, strict=True) if session.execute(ids).first())
    return list(islice(found, 3))
