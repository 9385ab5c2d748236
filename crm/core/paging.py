"""Keyset pages: the next page begins after a known row, so that page 900 costs as much as page 1."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, CompoundSelect, Row, Select, and_, func, literal, or_, select, true
from sqlmodel import Session

T = TypeVar("T")
PER_PAGE = 50
COUNT_CAP = 10_000


@dataclass(frozen=True)
class Page(Generic[T]):
    items: Sequence[T]
    next: str | None
    """Cursor of the page after this one, None on the last."""
    total: int
    capped: bool
    """Whether ``total`` is only known to be at least that many."""


def encode_cursor(values: Sequence[Any]) -> str:
    return urlsafe_b64encode(json.dumps([str(value) for value in values]).encode()).decode().rstrip("=")


def decode_cursor(cursor: str | None, width: int) -> list[str] | None:
    """The key values of a cursor, or None for a cursor that is missing or not ours: then the list begins anew."""
    if not cursor:
        return None
    try:
        values = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError:
        return None
    valid = isinstance(values, list) and len(values) == width and all(_is_text(value) for value in values)
    return values if valid else None


def _is_text(value: object) -> bool:
    """PostgreSQL knows no text with a NUL in it."""
    return isinstance(value, str) and "\x00" not in value


def moment(text: str) -> datetime:
    """Of a cursor; ValueError for a time without a zone, which no cursor of ours has."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(text)
    return at


def after(columns: Sequence[ColumnElement[Any]], values: Sequence[Any], *, descending: bool = False) -> Any:
    """``(a, b) > (x, y)`` spelled out, so that both databases use the index."""
    conditions = []
    for index, (column, value) in enumerate(zip(columns, values, strict=True)):
        beyond = column < value if descending else column > value
        equal = [columns[before] == values[before] for before in range(index)]
        conditions.append(and_(*equal, beyond))
    return or_(*conditions)


def beyond(
    cursor: str | None, columns: Sequence[ColumnElement[Any]], read: Sequence[Callable[[str], Any]], descending: bool
) -> ColumnElement[bool]:
    """Rows after the cursor, whose values ``read`` makes of text; all, for a cursor missing or not ours."""
    try:
        values = decode_cursor(cursor, len(columns))
        condition: ColumnElement[bool] = true()
        if values:
            condition = after(
                columns, [of(value) for of, value in zip(read, values, strict=True)], descending=descending
            )
        return condition
    except ValueError:
        return true()


def capped_count(session: Session, statement: Select[Any] | CompoundSelect[Any]) -> tuple[int, bool]:
    """Count at most ``COUNT_CAP`` rows; whether there are more is the second value."""
    bare = statement.order_by(None)
    if isinstance(bare, Select):
        bare = bare.with_only_columns(literal(1), maintain_column_froms=True)
    number = session.execute(select(func.count()).select_from(bare.limit(COUNT_CAP + 1).subquery())).scalar_one()
    return min(number, COUNT_CAP), number > COUNT_CAP


def cut(rows: Sequence[Row[Any]], per_page: int, key: Any) -> tuple[Sequence[Row[Any]], str | None]:
    """Rows were fetched with ``limit(per_page + 1)``: the page, and the cursor when there is more."""
    if len(rows) <= per_page:
        return rows, None
    kept = rows[:per_page]
    return kept, encode_cursor(key(kept[-1]))
