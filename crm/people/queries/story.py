"""A person's story: what the rooms above know and the reader may see, in one row of time from the newest."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, or_, select, union_all
from sqlmodel import Session

from crm.accounts.access import Actor
from crm.core.columns import UTCDateTime
from crm.core.contributions import StorySource
from crm.core.paging import cut, decode_cursor, moment

PER_STORY = 15


@dataclass(frozen=True)
class Chapter:
    """One entry as its own room words it: ``template`` shows ``entry``."""

    at: datetime
    template: str
    entry: Any


def story_of(
    session: Session, actor: Actor, person_id: UUID, sources: Sequence[StorySource], after: str | None = None
) -> tuple[list[Chapter], str | None]:
    """One page, and the cursor of the next. The reader sees the person: whoever asks has made sure."""
    if not sources:
        return [], None
    last = _last(after)
    values = {"person": person_id, "most": PER_STORY + 1, **last}
    for source in sources:
        values |= source.read_by(actor)
    rows = session.execute(_told(tuple(sources), bool(last)), values).all()
    kept, following = cut(rows, PER_STORY, lambda row: (row.at, row.id))
    ids = defaultdict(list)
    for row in kept:
        ids[row.kind].append(row.id)
    by_kind = {source.kind: source for source in sources}
    loaded = {kind: by_kind[kind].load(session, actor, of_kind) for kind, of_kind in ids.items()}
    told = [Chapter(row.at, by_kind[row.kind].template, loaded[row.kind].get(row.id)) for row in kept]
    return [chapter for chapter in told if chapter.entry], following


def _last(cursor: str | None) -> dict[str, Any]:
    """What the cursor says; nothing for a cursor that is missing or not ours."""
    try:
        at, id = decode_cursor(cursor, 2) or ("", "")
        return {"last_at": moment(at), "last_id": UUID(id)}
    except ValueError:
        return {}


@lru_cache(maxsize=50)
def _told(sources: tuple[StorySource, ...], continued: bool) -> Any:
    """Each source gives no more than a page of its own, so that a long story costs as much as a short one."""
    arms: list[Any] = [_newest(source, continued) for source in sources]
    told: Any = union_all(*arms) if len(arms) > 1 else arms[0]
    columns = told.selected_columns
    return told.order_by(columns.at.desc(), columns.id.desc()).limit(bindparam("most"))


def _newest(source: StorySource, continued: bool) -> Any:
    rows = source.rows
    at, id, _kind = rows.selected_columns
    if continued:
        last_at, last_id = bindparam("last_at", type_=UTCDateTime()), bindparam("last_id", type_=id.type)
        rows = rows.where(or_(at < last_at, and_(at == last_at, id < last_id)))
    page = rows.order_by(at.desc(), id.desc()).limit(bindparam("most")).subquery()
    return select(page.c.at, page.c.id, page.c.kind)
