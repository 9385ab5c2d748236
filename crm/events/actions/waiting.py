"""The waiting list: a place that is free goes to who has waited longest, as an offer with an end.

Every caller holds the event's row, the lock of its places.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import select, update
from sqlmodel import Session, col

from crm.core.columns import now
from crm.core.errors import WrongField
from crm.core.i18n import lazy_gettext as _l
from crm.core.work import enqueue
from crm.events.models import Admission, Event, Guest, Reply
from crm.events.queries.guests import taken, wishes_for

OFFER_HOURS = 48
OFFERS = "events:offers"
_WISHES = [*wishes_for(True), *wishes_for(False)]


def capacity_for(event: Event, reply: Reply) -> int | None:
    return event.online_capacity if reply is Reply.ONLINE else event.venue_capacity


def room_left(session: Session, event: Event, reply: Reply, besides: Guest | None = None) -> int | None:
    """Places that are free, with those that this guest holds; None where there is no limit."""
    if reply is Reply.NO:
        return None
    online, capacity = reply is Reply.ONLINE, capacity_for(event, reply)
    if capacity is None:
        return None
    own = besides.places if besides and besides.reply in wishes_for(online) and besides.holds_places else 0
    return capacity - taken(session, event, online=online) + own


def room_for(session: Session, event: Event, guest: Guest, reply: Reply) -> int | None:
    """Where one registers, nobody passes those who wait: what they could take is theirs first."""
    room = room_left(session, event, reply, guest)
    if room and room > 0 and pass_on(session, event):
        return room_left(session, event, reply, guest)
    return room


def beyond(event: Event, reply: Reply, places: int, room: int) -> WrongField:
    """What the staff is told; they may decide otherwise."""
    capacity = capacity_for(event, reply) or 0
    return WrongField(
        "beyond",
        _l(
            "Of %(capacity)s places, %(taken)s are given to others, and this answer needs %(needed)s. Tick here to let "
            "them come all the same.",
            capacity=capacity, taken=capacity - room, needed=places,
        ),
    )  # fmt: skip


def pass_on(session: Session, event: Event) -> bool:
    """Free places are offered at once; the letters follow. Whether there were any to offer."""
    offered = offer_places(session, event)
    if offered:
        enqueue(session, OFFERS, key="offers")
    return bool(offered)


def settle_offers(session: Session, event: Event) -> None:
    """After a change of the plan: no offer outlives the time for answers, and new places go to who waits."""
    late = (col(Guest.event_id) == event.id) & (col(Guest.offered_until) > event.answers_until)
    session.execute(update(Guest).where(late).values(offered_until=event.answers_until))
    pass_on(session, event)


def offer_places(session: Session, event: Event) -> list[Guest]:
    """Keep free places for who has waited longest; somebody who needs more than there are is passed over for now."""
    if event.admission is not Admission.REGISTRATION or not event.takes_answers:
        return []
    waiting = select(Guest).where(
        col(Guest.event_id) == event.id, col(Guest.reply).in_(_WISHES), col(Guest.waiting_since).is_not(None),
        col(Guest.offered_until).is_(None),
    )  # fmt: skip
    order = (col(Guest.precedence).is_(None), col(Guest.precedence), col(Guest.waiting_since), col(Guest.id))
    rooms: dict[bool, Any] = {}
    offered = []
    for guest in session.execute(waiting.order_by(*order)).scalars():
        online = guest.reply is Reply.ONLINE
        if online not in rooms:
            rooms[online] = room_left(session, event, guest.reply or Reply.VENUE)
        if rooms[online] is None or rooms[online] >= guest.places:
            guest.offered_until = min(now() + timedelta(hours=OFFER_HOURS), event.answers_until)
            rooms[online] = rooms[online] and rooms[online] - guest.places
            offered.append(guest)
    session.flush()
    return offered


def let_offers_lapse(session: Session, event: Event) -> int:
    """Who did not take the offer in time stands at the end of the line."""
    late = select(Guest).where(col(Guest.event_id) == event.id, col(Guest.offered_until) < now())
    lapsed = list(session.execute(late).scalars())
    for guest in lapsed:
        guest.offered_until, guest.waiting_since = None, now()
    session.flush()
    return len(lapsed)
