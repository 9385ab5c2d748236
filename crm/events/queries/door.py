"""What a device at the door holds: no more than is needed to let people in, and readable without a network."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, exists, select
from sqlmodel import Session, col

from crm.core.columns import UTCDateTime
from crm.core.i18n import gettext as _
from crm.events.models import CheckIn, CheckInUndone, Companion, Event, Guest, Reply
from crm.events.models.guests import called
from crm.events.queries.guests import EVENT, companions_where

_COLUMNS = (
    "id", "code", "name", "badge", "substitute", "kana", "latin", "institution", "title", "words", "honoured",
    "seat_at", "escort", "partner", "reply", "waiting_since",
)  # fmt: skip
_LISTED = (
    select(*(getattr(Guest, name) for name in _COLUMNS))
    .where(col(Guest.event_id) == EVENT)
    .order_by(col(Guest.sort_key), col(Guest.id))
)
_SINCE: Any = bindparam("since", type_=UTCDateTime())
_NEW = _LISTED.where(col(Guest.created_at) > _SINCE)


def door_list(session: Session, event: Event) -> list[dict[str, Any]]:
    """One entry per guest, also who said no: they may stand at the door all the same."""
    companions = companions_where(session, col(Guest.event_id) == event.id)
    inside = inside_by_guest(session, event)
    return _entries(session.execute(_LISTED, {"event": event.id}).all(), companions, inside)


def new_at_door(session: Session, event: Event, since: datetime) -> list[dict[str, Any]]:
    """Whoever was put on the list since then, at another door or in the office."""
    rows = session.execute(_NEW, {"event": event.id, "since": since}).all()
    if not rows:
        return []
    ids = [row.id for row in rows]
    return _entries(rows, companions_where(session, col(Guest.id).in_(ids)), inside_by_guest(session, event, ids=ids))


def _entries(
    rows: Sequence[Any], companions: dict[UUID, list[Companion]], inside: dict[UUID, list[int]]
) -> list[dict[str, Any]]:
    return [
        {
            "id": str(row.id), "code": row.code, "name": called(row),
            "reading": _second(row), "place": row.institution, "title": "" if row.substitute else row.title or "",
            "words": row.words, "honoured": row.honoured, "table": row.seat_at or "", "state": state_at_door(row),
            "escort": row.escort or "" if row.honoured else "",
            "with": [[place, name] for place, name in beside(row, companions.get(row.id, []))],
            "inside": inside.get(row.id, []),
        }
        for row in rows
    ]  # fmt: skip


def state_at_door(guest: Any) -> str:
    """What is to be known before somebody is let in; nothing of those who are expected here."""
    if guest.waiting_since:
        return "waiting"
    if guest.reply is None:
        return "silent"
    return {Reply.NO: "no", Reply.ONLINE: "online"}.get(guest.reply, "")


def beside(guest: Any, companions: Sequence[Companion]) -> list[tuple[int, str]]:
    """Who may come in with a guest, and their numbers; of a couple that has not said otherwise, both."""
    named = [(one.place, one.name) for one in companions]
    unsaid = guest.partner and not named and state_at_door(guest) in ("silent", "no")
    return [(1, guest.partner)] if unsaid else named


def _second(row: Any) -> str:
    """How the name is read; of a substitute, for whom they come."""
    return (
        _("instead of %(name)s", name=row.name)
        if row.substitute
        else row.kana or (row.latin if row.latin != row.name else "") or ""
    )


_INSIDE = select(col(CheckIn.guest_id), col(CheckIn.place)).where(col(CheckIn.event_id) == EVENT)
_INSIDE_SINCE = _INSIDE.where(col(CheckIn.created_at) > _SINCE)
_INSIDE_OF = _INSIDE.where(col(CheckIn.guest_id).in_(bindparam("ids", expanding=True)))
_AGAIN = exists().where(
    col(CheckIn.guest_id) == col(CheckInUndone.guest_id), col(CheckIn.place) == col(CheckInUndone.place)
)
_UNDONE_SINCE = (
    select(col(CheckInUndone.guest_id), col(CheckInUndone.place))
    .where(col(CheckInUndone.event_id) == EVENT, col(CheckInUndone.created_at) > _SINCE, ~_AGAIN)
    .distinct()
)


def inside_by_guest(
    session: Session, event: Event, *, since: datetime | None = None, ids: Collection[UUID] | None = None
) -> dict[UUID, list[int]]:
    """Who is inside; only who has come in since a device last asked, or only of these guests."""
    found: dict[UUID, list[int]] = defaultdict(list)
    asked = {"event": event.id, "since": since, "ids": ids}
    for guest_id, place in session.execute(_INSIDE_SINCE if since else _INSIDE if ids is None else _INSIDE_OF, asked):
        found[guest_id].append(place)
    return found


def undone_by_guest(session: Session, event: Event, since: datetime) -> dict[UUID, list[int]]:
    """Who is not inside after all, as far as it was said since a device last asked."""
    found: dict[UUID, list[int]] = defaultdict(list)
    for guest_id, place in session.execute(_UNDONE_SINCE, {"event": event.id, "since": since}):
        found[guest_id].append(place)
    return found


def guests_of_honour(session: Session, event: Event) -> list[tuple[Guest, CheckIn | None]]:
    """With when they came, if they are there."""
    arrived = (col(CheckIn.guest_id) == col(Guest.id)) & (col(CheckIn.place) == 0)
    mine = (
        select(Guest, CheckIn).outerjoin(CheckIn, arrived).where(col(Guest.event_id) == event.id, col(Guest.honoured))
    )
    return [(guest, came) for guest, came in session.execute(mine.order_by(col(Guest.precedence), col(Guest.sort_key)))]


def latest_arrivals(session: Session, event: Event, limit: int = 10) -> list[tuple[CheckIn, Guest]]:
    mine = select(CheckIn, Guest).join(Guest, col(Guest.id) == col(CheckIn.guest_id))
    mine = mine.where(col(CheckIn.event_id) == event.id).order_by(col(CheckIn.at).desc(), col(CheckIn.id).desc())
    return [(came, guest) for came, guest in session.execute(mine.limit(limit))]
