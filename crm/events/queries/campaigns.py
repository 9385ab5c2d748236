"""Which poster, mail or page brought whom to an event."""

from dataclasses import dataclass

from sqlmodel import Session

from crm.events.models import Event
from crm.events.queries.guests import registrations_by_source
from crm.listings.queries.nominations import entries_by_source


@dataclass(frozen=True)
class Campaign:
    """``source`` as the link says it, ``""`` where it says nothing; ``entries`` of people interested in Japan."""

    source: str
    registrations: int
    entries: int


def campaigns_of(session: Session, event: Event) -> list[Campaign]:
    """Most first."""
    registrations, entries = registrations_by_source(session, event), entries_by_source(session, event.id)
    found = [Campaign(one, registrations.get(one, 0), entries.get(one, 0)) for one in registrations | entries]
    return sorted(found, key=lambda one: (-one.registrations - one.entries, one.source))
