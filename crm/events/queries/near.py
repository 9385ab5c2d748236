"""Who works near the venue: the cities of the records, as the gazetteer knows where they are."""

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from sqlalchemy import func
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.models import Office
from crm.accounts.reader import seen_by
from crm.core.places import Place, find_city
from crm.events.models import Event
from crm.people.models import Affiliation, Person
from crm.people.queries.visible import VISIBLE

_MEAN_RADIUS = 6371.0
"""Of the earth, in kilometres: between cities a sphere is near enough."""
NOWHERE = "|"
"""A place in which nobody is."""
_CITIES = (
    VISIBLE.join(Affiliation, col(Affiliation.person_id) == col(Person.id))
    .where(col(Affiliation.until).is_(None), col(Affiliation.city) != "")
    .with_only_columns(col(Affiliation.city), func.coalesce(col(Affiliation.country), ""))
    .distinct()
)


@dataclass(frozen=True)
class Around:
    """``centre`` is None where it is not known; ``near``: ``city|country`` as the records write it → kilometres."""

    centre: Place | None
    near: dict[str, int]

    @property
    def places(self) -> list[str]:
        """For ``PersonSearch.place``, where nothing would mean everywhere."""
        return list(self.near) or [NOWHERE]

    def far(self, city: str | None, country: str | None) -> int | None:
        return self.near.get(f"{city or ''}|{country or ''}")


def around(session: Session, actor: Actor, event: Event, within: int, near: str = "") -> Around:
    """Within so many kilometres of the city that somebody has written, else of that of the venue."""
    centre = centre_of(session, event, near)
    if centre is None:
        return Around(None, {})
    found = {}
    for city, country in session.execute(_CITIES, seen_by(actor)):
        place = find_city(city, country or None)
        if place and (kilometres := distance(centre, place)) <= within:
            found[f"{city}|{country}"] = round(kilometres)
    return Around(centre, found)


def centre_of(session: Session, event: Event, near: str = "") -> Place | None:
    """Of several cities of a name the one in the country of the host; where the venue names none, the host's own."""
    office = session.get_one(Office, event.office_id)
    texts = [near] if near else [*event.place.values(), office.city or ""]
    found = (find_city(text, office.country) or find_city(text) for text in texts if text)
    return next((place for place in found if place), None)


def distance(one: Place, other: Place) -> float:
    """Great circle, in kilometres."""
    lat, lon, to_lat, to_lon = map(radians, (one.lat, one.lon, other.lat, other.lon))
    half = sin((to_lat - lat) / 2) ** 2 + cos(lat) * cos(to_lat) * sin((to_lon - lon) / 2) ** 2
    return 2 * _MEAN_RADIUS * asin(sqrt(min(1.0, half)))
