"""Deadlines for a calendar program: a private address that its owner can revoke."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from icalendar import Calendar, Event
from itsdangerous import BadSignature, URLSafeSerializer
from sqlmodel import Session

from crm.accounts.access import Actor
from crm.accounts.acting import actor_now
from crm.core.contributions import CalendarSource, Deadline
from crm.core.errors import Missing
from crm.core.i18n import speaking
from crm.core.settings import Settings
from crm.tasks.models import CalendarLink


def _signer(settings: Settings) -> URLSafeSerializer:
    return URLSafeSerializer(settings.secret_key, salt="calendar")


def address_token(settings: Settings, link: CalendarLink) -> str:
    signed: str = _signer(settings).dumps(str(link.id))
    return signed


def reader_behind(session: Session, settings: Settings, token: str) -> Actor:
    """Missing for an address that is wrong, revoked, or whose owner's post has ended: nobody learns which."""
    try:
        link = session.get(CalendarLink, UUID(_signer(settings).loads(token)))
    except (BadSignature, ValueError, TypeError) as fault:
        raise Missing() from fault
    if link is None or link.revoked_at:
        raise Missing()
    actor = actor_now(session, link.office_id, link.user_id)
    if actor is None:
        raise Missing()
    return actor


def deadlines_of(session: Session, actor: Actor, sources: Iterable[CalendarSource]) -> list[Deadline]:
    """In the reader's own language, as far as their role may see them."""
    with speaking(actor.language):
        found = [one for source in sources if actor.may(source.permission) for one in source.ask(session, actor)]
    return sorted(found, key=lambda one: (one.day, one.title))


def calendar_text(name: str, deadlines: Sequence[Deadline], base_url: str) -> bytes:
    """iCalendar (RFC 5545): each deadline a whole day."""
    calendar = Calendar()
    calendar.add("prodid", "-//Meguri//deadlines//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    for one in deadlines:
        event = Event()
        event.add("uid", f"{one.id}@meguri")
        event.add("dtstamp", one.since)
        event.add("dtstart", one.day)
        event.add("dtend", one.day + timedelta(days=1))
        event.add("summary", one.title)
        event.add("url", base_url + one.path)
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    text: bytes = calendar.to_ical()
    return text
