"""The guest list of one event: rows, counts, one guest with all that is known of them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Uuid, bindparam, case, exists, func, or_, select
from sqlmodel import Session, col

from crm.accounts.reader import WEEK, WEEK_AGO
from crm.core.columns import IDS, now
from crm.core.errors import Missing
from crm.core.mail import LetterState, OutboxLetter
from crm.core.paging import PER_PAGE, beyond, cut
from crm.events.forms import GuestSearch
from crm.events.models import Answer, CheckIn, Companion, Event, Guest, GuestLetter, GuestNeeds, GuestPass, Reply
from crm.events.queries.spellings import matches

LET_IN = exists().where(col(CheckIn.guest_id) == col(Guest.id), col(CheckIn.place) == 0)
CAME = or_(LET_IN, col(Guest.joined_at).is_not(None))
_SURE = col(Guest.waiting_since).is_(None)
_IN_PERSON = col(Guest.reply).in_([Reply.VENUE, Reply.SUBSTITUTE]) & _SURE
_ONLINE = (col(Guest.reply) == Reply.ONLINE) & _SURE
_NOTED = exists().where(col(Event.id) == col(Guest.event_id), col(Event.online_noted_at).is_not(None)).correlate(Guest)
UNKNOWN = col(Guest.reply).is_not(None) & (col(Guest.reply) == Reply.ONLINE) & ~_NOTED
"""Nobody has noted yet who was online: nobody of them has missed anything."""
STATES: dict[str, Any] = {
    "to_invite": col(Guest.invited_at).is_(None) & col(Guest.reply).is_(None),
    "silent": col(Guest.invited_at).is_not(None) & col(Guest.reply).is_(None),
    "comes": or_(_IN_PERSON, _ONLINE),
    "in_person": _IN_PERSON,
    "online": _ONLINE,
    "no": col(Guest.reply) == Reply.NO,
    "waiting": col(Guest.waiting_since).is_not(None),
    "answered": col(Guest.replied_at) > WEEK_AGO,
    "came": CAME,
    "joined": col(Guest.joined_at).is_not(None),
    "missed": or_(_IN_PERSON, _ONLINE) & ~CAME & ~UNKNOWN,
    "no_photo": col(Guest.photo).is_(False),
}
"""State of the list's address → condition on ``guest``."""
_LAST = 99_999
UNSAID = "none"
"""A sector that nobody has said, in the list's address."""
EVENT: Any = bindparam("event", type_=Uuid())


def guest_of(session: Session, event: Event, guest_id: UUID) -> Guest:
    guest = session.get(Guest, guest_id)
    if guest is None or guest.event_id != event.id:
        raise Missing()
    return guest


@dataclass(frozen=True)
class Line:
    """A row of the list: ``guest`` has the columns that are shown, ``letter`` is how the last letter fares."""

    guest: Row[Any]
    letter: LetterState | None
    came: bool


_SHOWN = (
    "id", "person_id", "name", "latin", "partner", "honoured", "institution", "title", "email", "assistant", "reserve",
    "reply", "places", "substitute", "joined_at", "invited_at", "waiting_since", "offered_until", "seat_at",
    "precedence", "sort_key",
)  # fmt: skip
_LISTED = select(*(getattr(Guest, name) for name in _SHOWN))
_NAME = (col(Guest.sort_key), str)
_ORDERS: dict[str, list[tuple[Any, Any]]] = {
    "name": [_NAME],
    "precedence": [(func.coalesce(col(Guest.precedence), _LAST), int), _NAME],
    "table": [(func.coalesce(col(Guest.seat_at), ""), str), _NAME],
}
"""Order → what is sorted by, and how a cursor is read."""


def list_guests(session: Session, event: Event, wanted: GuestSearch) -> tuple[list[Line], str | None]:
    """One page, and the cursor of the next."""
    order = [*_ORDERS[wanted.sort], (col(Guest.id), UUID)]
    columns, read = [column for column, _ in order], [reader for _, reader in order]
    chosen = _in_order(wanted.sort, wanted.state, wanted.reserve).where(beyond(wanted.after, columns, read, False))
    rows = session.execute(_narrowed(chosen, wanted), {"event": event.id, "week_ago": now() - WEEK}).all()
    kept, following = cut(rows, PER_PAGE, lambda row: row[-len(columns) :])
    return described(session, kept), following


def _narrowed(chosen: Any, wanted: GuestSearch) -> Any:
    if wanted.source:
        chosen = chosen.where(col(Guest.source) == wanted.source)
    if wanted.sector:
        chosen = chosen.where(col(Guest.sector) == ("" if wanted.sector == UNSAID else wanted.sector))
    return chosen.where(matches(wanted.q)) if wanted.q else chosen


def whole_list(session: Session, event: Event, wanted: GuestSearch) -> list[Guest]:
    """All whom the list's address asks for, in its order."""
    mine = _narrowed(select(Guest).where(col(Guest.event_id) == EVENT), wanted)
    if wanted.state:
        mine = mine.where(STATES[wanted.state])
    if wanted.reserve:
        mine = mine.where(col(Guest.reserve) == wanted.reserve)
    mine = mine.order_by(*(column for column, _ in _ORDERS[wanted.sort]), col(Guest.id))
    return list(session.execute(mine, {"event": event.id, "week_ago": now() - WEEK}).scalars())


@cache
def _in_order(sort: str, state: str, reserve: str) -> Any:
    """Made once: to build a statement costs more than to run it."""
    columns = [*(column for column, _ in _ORDERS[sort]), col(Guest.id)]
    keys = [column.label(f"key{place}") for place, column in enumerate(columns)]
    chosen = _LISTED.add_columns(*keys).where(col(Guest.event_id) == EVENT)
    if state:
        chosen = chosen.where(STATES[state])
    if reserve:
        chosen = chosen.where(col(Guest.reserve) == reserve)
    return chosen.order_by(*columns).limit(PER_PAGE + 1)


def find_guests(session: Session, event: Event, words: str, most: int) -> list[Guest]:
    """The first few whom the words fit."""
    mine = select(Guest).where(col(Guest.event_id) == event.id, matches(words))
    return list(session.execute(mine.order_by(col(Guest.sort_key), col(Guest.id)).limit(most)).scalars())


_LETTERS = (
    select(col(GuestLetter.guest_id), col(OutboxLetter.state))
    .join(OutboxLetter, col(OutboxLetter.id) == col(GuestLetter.letter_id))
    .where(col(GuestLetter.guest_id).in_(IDS))
    .order_by(col(GuestLetter.id))
)
_INSIDE = select(col(CheckIn.guest_id)).where(col(CheckIn.guest_id).in_(IDS), col(CheckIn.place) == 0)


def described(session: Session, rows: Sequence[Any]) -> list[Line]:
    ids = {"ids": [row.id for row in rows]}
    last: dict[UUID, LetterState] = dict(session.execute(_LETTERS, ids).all())
    came = set(session.execute(_INSIDE, ids).scalars())
    return [Line(row, last.get(row.id), row.id in came or row.joined_at is not None) for row in rows]


_TAKEN = select(func.coalesce(func.sum(col(Guest.places)), 0)).where(
    col(Guest.event_id) == EVENT,
    col(Guest.reply).in_(bindparam("wishes", expanding=True)),
    or_(_SURE, col(Guest.offered_until).is_not(None)),
)


@dataclass(frozen=True)
class Counts:
    """Of guests by state; ``places`` and ``online_places`` of people who come, ``inside`` of people let in, ``joined``
    of guests who were online.
    """

    listed: int
    states: dict[str, int]
    places: int
    online_places: int
    inside: int
    joined: int

    @property
    def people(self) -> dict[str, int]:
        """With those whom the guests bring, by state."""
        comes = {"in_person": self.places, "online": self.online_places, "comes": self.places + self.online_places}
        return {**comes, "came": self.inside}


def sum_where(condition: Any, value: Any = 1) -> Any:
    return func.coalesce(func.sum(case((condition, value), else_=0)), 0)


_INVITED = col(Guest.invited_at).is_not(None)
_GROUPED = select(
    col(Guest.reply),
    func.count().label("all"),
    sum_where(_SURE).label("sure"),
    sum_where(_INVITED).label("invited"),
    sum_where(_SURE, col(Guest.places)).label("places"),
    func.count(col(Guest.joined_at)).label("joined"),
)
_GROUPED = _GROUPED.where(col(Guest.event_id) == EVENT).group_by(col(Guest.reply))
_ARRIVED = select(func.count(), func.count(case((col(CheckIn.place) == 0, 1))).label("came")).where(
    col(CheckIn.event_id) == EVENT
)


def counts_of(session: Session, event: Event) -> Counts:
    """By answer, in the order of the index."""
    groups = session.execute(_GROUPED, {"event": event.id}).all()
    inside = session.execute(_ARRIVED, {"event": event.id}).one()

    def number(name: str, *replies: Reply | None) -> int:
        return sum(getattr(row, name) for row in groups if row.reply in replies)

    joined = number("joined", None, *Reply)
    at_venue, listed = (Reply.VENUE, Reply.SUBSTITUTE), number("all", None, *Reply)
    states = {
        "to_invite": number("all", None) - number("invited", None),
        "silent": number("invited", None),
        "comes": number("sure", *at_venue, Reply.ONLINE),
        "in_person": number("sure", *at_venue),
        "online": number("sure", Reply.ONLINE),
        "no": number("all", Reply.NO),
        "waiting": listed - number("sure", None, *Reply),
        "came": inside.came + joined,
        "joined": joined,
    }
    online = states["online"] - number("joined", Reply.ONLINE) if event.online_noted_at else 0
    states["missed"] = max(0, states["in_person"] - inside.came if inside.came else 0) + online
    return Counts(listed, states, number("places", *at_venue), number("places", Reply.ONLINE), inside[0], joined)


def registrations_by_source(session: Session, event: Event) -> dict[str, int]:
    """How many each link or code has brought."""
    counted = select(col(Guest.source), func.count()).where(col(Guest.event_id) == event.id)
    return dict(session.execute(counted.where(col(Guest.source).is_not(None)).group_by(col(Guest.source))).all())


def inside_count(session: Session, event: Event) -> int:
    return int(session.execute(_ARRIVED, {"event": event.id}).one()[0])


def taken(session: Session, event: Event, *, online: bool) -> int:
    """Places that are given away or kept for an offer."""
    return int(session.execute(_TAKEN, {"event": event.id, "wishes": wishes_for(online)}).scalar_one())


def wishes_for(online: bool) -> list[Reply]:
    return [Reply.ONLINE] if online else [Reply.VENUE, Reply.SUBSTITUTE]


@dataclass(frozen=True)
class Whole:
    guest: Guest
    companions: list[Companion]
    needs: GuestNeeds | None
    guest_pass: GuestPass | None
    answers: list[Answer]
    letters: list[tuple[GuestLetter, OutboxLetter]]
    check_ins: list[CheckIn]

    @property
    def came(self) -> CheckIn | None:
        """When the guest themselves was let in; whom they bring may come without them."""
        return next((one for one in self.check_ins if one.place == 0), None)


def whole_guest(session: Session, guest: Guest) -> Whole:
    def rows(model: Any) -> Any:
        return session.execute(select(model).where(model.guest_id == guest.id).order_by(model.id)).scalars()

    sent = select(GuestLetter, OutboxLetter).join(OutboxLetter, col(OutboxLetter.id) == col(GuestLetter.letter_id))
    sent = sent.where(col(GuestLetter.guest_id) == guest.id).order_by(col(GuestLetter.id).desc())
    return Whole(
        guest=guest,
        companions=companions_of(session, guest),
        needs=rows(GuestNeeds).first(),
        guest_pass=rows(GuestPass).first(),
        answers=list(rows(Answer)),
        letters=[(letter, row) for letter, row in session.execute(sent)],
        check_ins=list(rows(CheckIn)),
    )


def companions_of(session: Session, guest: Guest) -> list[Companion]:
    return companions_where(session, col(Guest.id) == guest.id).get(guest.id, [])


def companions_where(session: Session, condition: Any) -> dict[UUID, list[Companion]]:
    """Of the guests for whom the condition holds, in their order."""
    mine = select(Companion).join(Guest, col(Guest.id) == col(Companion.guest_id)).where(condition)
    found: dict[UUID, list[Companion]] = defaultdict(list)
    for one in session.execute(mine.order_by(col(Companion.place))).scalars():
        found[one.guest_id].append(one)
    return found
