"""Events of an office, with guests who are as far as a test needs. Everybody is invented."""

from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, select

from crm.accounts.access import Actor
from crm.core.columns import now
from crm.events.actions.guests import add_guests, add_named_guest
from crm.events.actions.planning import add_event
from crm.events.actions.sending import door_address, save_texts
from crm.events.forms import AddForm, EventForm, GuestForm, LetterForm
from crm.events.models import Event, Guest, LetterKind
from crm.events.wording import suggested
from crm.people.models import Person

ZONE = "America/New_York"


def in_days(days: float, hour: int = 18) -> datetime:
    """As a clock in Boston shows it."""
    return (now() + timedelta(days=days)).replace(hour=hour, minute=30, second=0, microsecond=0, tzinfo=None)


def event_form(**said: Any) -> dict[str, Any]:
    """What a form would send."""
    starts = said.pop("starts", in_days(20))
    return {
        "title": {"en": "Reception for researchers", "ja": "研究者交流会"},
        "place": {"en": "Invented Hall", "ja": "架空会館"},
        "starts": starts,
        "ends": starts + timedelta(hours=2),
        "zone": ZONE,
        "languages": ["ja", "en"],
        "asks_needs": True,
        "asks_photo": True,
        **said,
    }


def an_event(session: Session, actor: Actor, **said: Any) -> Event:
    return add_event(session, actor, EventForm.model_validate(event_form(**said)))


def guests(session: Session, actor: Actor, event: Event, *people: Person) -> list[Guest]:
    add_guests(session, actor, event, AddForm(ids=[person.id for person in people]))
    return list(session.exec(select(Guest).where(Guest.event_id == event.id)))


def a_guest(session: Session, actor: Actor, event: Event, name: str = "Ann Example", **said: Any) -> Guest:
    """Without a record."""
    address = f"{name.split(maxsplit=1)[0].lower()}@example.org"
    return add_named_guest(
        session, actor, event, GuestForm(**{"name": name, "email": address, "language": "en", "anyway": True, **said})
    )


def write_texts(session: Session, actor: Actor, event: Event, kind: LetterKind = LetterKind.INVITE) -> None:
    """The suggested ones, saved."""
    boxes: dict[str, str] = {}
    for code in event.languages:
        if text := suggested(event, kind, code):
            boxes |= {f"subject.{code}": text.subject, f"body.{code}": text.body}
    save_texts(session, actor, event, LetterForm.model_validate({"kind": kind, **boxes}))


def a_door(session: Session, guest: Guest, event: Event) -> str:
    """The path of a personal page."""
    return door_address(session, guest, event, "").replace("/ja/", "/en/")
