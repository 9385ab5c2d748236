"""Which people match a question: words by search keys, filters by columns, pages by keys."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.core.paging import PER_PAGE, Page, after, capped_count, cut, decode_cursor
from crm.core.search import close_tokens, explain, kind_of, queries_for
from crm.people.forms import PersonSearch
from crm.people.models import SHARED, Affiliation, Holding, Interest, Person, SearchKey, SearchToken
from crm.people.queries.visible import held_by, shared_with, visibility, visible_ids

_FEW = 4_000
"""Up to so many visible people are gathered and sorted; more are met by walking the order's index."""


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


def word_conditions(text: str, office_id: UUID | None) -> list[ColumnElement[bool]]:
    """One condition per word; ``office_id`` None asks all keys, as only an operator may."""
    conditions: list[ColumnElement[bool]] = []
    for ranges in queries_for(text):
        spellings = or_(*(and_(col(SearchKey.key) >= low, col(SearchKey.key) < high) for low, high in ranges))
        keys = select(col(SearchKey.person_id)).where(spellings)
        if office_id:
            keys = keys.where(col(SearchKey.office_id).in_([SHARED, office_id]))
        conditions.append(col(Person.id).in_(keys))
    return conditions


def filter_conditions(actor: Actor, wanted: PersonSearch) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.country:
        conditions.append(_affiliated(col(Affiliation.country).in_(wanted.country)))
    if wanted.institution:
        conditions.append(_affiliated(col(Affiliation.institution).in_(wanted.institution)))
    if wanted.field:
        interested = select(col(Interest.person_id)).where(
            col(Interest.scheme) == "keyword", col(Interest.value).in_(wanted.field)
        )
        conditions.append(col(Person.id).in_(interested))
    if wanted.sector:
        conditions.append(col(Person.sector).in_(wanted.sector))
    if wanted.basis:
        conditions.append(col(Person.id).in_(held_by(actor).where(col(Holding.basis).in_(wanted.basis))))
    if wanted.held == ["own"]:
        conditions.append(col(Person.id).in_(held_by(actor)))
    if wanted.held == ["shared"]:
        conditions.append(col(Person.id).in_(shared_with(actor)))
    return conditions


def _affiliated(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    current = select(col(Affiliation.person_id)).where(col(Affiliation.until).is_(None), condition)
    return col(Person.id).in_(current)


def people_matching(actor: Actor, wanted: PersonSearch, *, gathered: bool = True) -> Any:
    """Rows (id, full_name, kanji, kana, latin, sort_key) of visible people who match, in no order yet.

    ``gathered``: begin with the reader's people; else walk all people and look whether each is visible.
    """
    rows: Any = select(
        col(Person.id), col(Person.full_name), col(Person.kanji), col(Person.kana), col(Person.latin),
        col(Person.sort_key),
    ).where(*word_conditions(wanted.q, actor.office_id), *filter_conditions(actor, wanted))  # fmt: skip
    if wanted.q and not queries_for(wanted.q):
        rows = rows.where(col(Person.id).is_(None))
    if gathered:
        return rows.where(col(Person.id).in_(visible_ids(actor)), col(Person.merged_into).is_(None))
    return rows.where(visibility(actor))


def list_people(session: Session, actor: Actor, wanted: PersonSearch) -> Page[Found]:
    total, capped = capped_count(session, visible_ids(actor))
    matching = people_matching(actor, wanted, gathered=total <= _FEW)
    if wanted.q or wanted.chosen:
        total, capped = capped_count(session, matching)
    ordered, keys, down = _ordered(matching, wanted.sort)
    cursor = decode_cursor(wanted.after, len(keys))
    if cursor:
        ordered = ordered.where(after(keys, [*cursor[:-1], UUID(cursor[-1])], descending=down))
    rows = session.execute(ordered.limit(PER_PAGE + 1)).all()
    kept, following = cut(rows, PER_PAGE, lambda row: (row.order_key, row.id) if len(keys) > 1 else (row.id,))
    return Page(_described(session, actor, wanted, kept), following, total, capped)


def _ordered(statement: Select[Any], sort: str) -> tuple[Select[Any], list[Any], bool]:
    down = sort.startswith("-") != (sort.lstrip("-") == "new")
    if sort.endswith("new"):
        keys: list[Any] = [col(Person.id)]
    elif sort.endswith("institution"):
        first = (
            select(func.min(col(Affiliation.institution)))
            .where(col(Affiliation.person_id) == col(Person.id), col(Affiliation.until).is_(None))
            .correlate(Person)
            .scalar_subquery()
        )
        keys = [func.coalesce(first, ""), col(Person.id)]
    else:
        keys = [col(Person.sort_key), col(Person.id)]
    order = [key.desc() for key in keys] if down else keys
    return statement.add_columns(keys[0].label("order_key")).order_by(*order), keys, down


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


def matched_by(session: Session, text: str, ids: list[UUID], office_id: UUID | None) -> dict[UUID, str]:
    """Why each was found: by the strongest of the first word's keys."""
    ranges = next(iter(queries_for(text)), [])
    if not ranges or not ids:
        return {}
    spellings = or_(*(and_(col(SearchKey.key) >= low, col(SearchKey.key) < high) for low, high in ranges))
    keys = select(col(SearchKey.person_id), col(SearchKey.key)).where(col(SearchKey.person_id).in_(ids), spellings)
    if office_id:
        keys = keys.where(col(SearchKey.office_id).in_([SHARED, office_id]))
    kinds: dict[UUID, set[str]] = {}
    for person_id, key in session.execute(keys):
        kinds.setdefault(person_id, set()).add(kind_of(key))
    return {person_id: str(explain(min(found, key="nrieok".index))) for person_id, found in kinds.items()}


def spelled_nearly(session: Session, actor: Actor, text: str) -> list[str]:
    """Spellings close to what was typed under which the reader does find somebody; at most three."""
    tokens = list(session.execute(select(col(SearchToken.token)).limit(50_000)).scalars())
    near = close_tokens(text, tokens, limit=6)
    found = [token for token in near if session.execute(people_matching(actor, PersonSearch(q=token)).limit(1)).first()]
    return found[:3]
