"""The list of contacts: one page from the newest, with filters and words that are looked for in what was said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import and_, or_, select, union_all
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.core.paging import PER_PAGE, beyond, cut, encode_cursor, moment
from crm.core.search import fold
from crm.interactions.forms import InteractionSearch
from crm.interactions.models import Interaction
from crm.interactions.queries import ARMS, LINES, Line, read_by, with_people

LOOKED_THROUGH = 10_000
"""Contacts in which words are looked for at once."""
_WORDS = 8
_FEW = 3
_AT: Any = col(Interaction.at)
_ID: Any = col(Interaction.id)


@dataclass(frozen=True)
class Listed:
    """``back_to``: the day at which looking for words stopped; what is older is behind ``next``."""

    lines: Sequence[Line]
    next: str | None
    back_to: date | None = None


def list_interactions(session: Session, actor: Actor, wanted: InteractionSearch, most: int = PER_PAGE) -> Listed:
    asked = _asked(actor, wanted)
    words = fold(wanted.q).split()[:_WORDS]
    end = _end_of_looking(session, actor, asked) if words else None
    found = [*asked, *(col(Interaction.words).contains(word, autoescape=True) for word in words)]
    if end:
        found.append(or_(end.at < _AT, and_(end.at == _AT, end.id <= _ID)))
    these = select(_newest(found).limit(most + 1).subquery().c.id)
    rows = session.execute(LINES.where(_ID.in_(these)).order_by(_AT.desc(), _ID.desc()), read_by(actor)).all()
    kept, following = cut(rows, most, lambda row: (row[0].at, row[0].id))
    lines = with_people(session, actor, kept)
    if following or not end:
        return Listed(lines, following)
    return Listed(lines, encode_cursor((end.at, end.id)), end.at.astimezone(ZoneInfo(actor.zone)).date())


def _asked(actor: Actor, wanted: InteractionSearch) -> list[Any]:
    """A day is also said as moments, for the index: ``at`` is within it, wherever the office is."""
    conditions: list[Any] = [beyond(wanted.after, [_AT, _ID], [moment, UUID], True)]
    if wanted.kind:
        conditions.append(col(Interaction.kind).in_(wanted.kind))
    if wanted.mine:
        conditions.append(col(Interaction.author_id) == actor.user_id)
    zone = ZoneInfo(actor.zone)
    if wanted.since:
        earliest = datetime.combine(wanted.since, time(), zone) - timedelta(days=2)
        conditions += [col(Interaction.day) >= wanted.since, earliest <= _AT]
    if wanted.until:
        latest = datetime.combine(wanted.until, time(), zone) + timedelta(days=3)
        conditions += [col(Interaction.day) <= wanted.until, latest >= _AT]
    return conditions


def _newest(conditions: Sequence[Any]) -> Any:
    both: Any = union_all(*(select(_AT.label("at"), _ID.label("id")).where(arm, *conditions) for arm in ARMS))
    return both.order_by(both.selected_columns.at.desc(), both.selected_columns.id.desc())


def _end_of_looking(session: Session, actor: Actor, asked: Sequence[Any]) -> Any:
    """The last one in which words are looked for; None where there are fewer."""
    return session.execute(_newest(asked).offset(LOOKED_THROUGH - 1).limit(1), read_by(actor)).first()


@dataclass(frozen=True)
class Said:
    """What the search for people shows of contacts."""

    lines: Sequence[Line]
    are_more: bool
    q: str


def said_in_contacts(session: Session, actor: Actor, q: str) -> Said | None:
    listed = list_interactions(session, actor, InteractionSearch(q=q), _FEW)
    return Said(listed.lines, bool(listed.next), q) if listed.lines else None
