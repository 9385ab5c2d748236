"""The country of a row that names a city alone: a guess, and said to be one."""

from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.models import Jurisdiction
from crm.core.places import Place, candidates
from crm.core.places.gazetteer import CLEARLY

GUESSED = "country_guessed"
Area = frozenset[tuple[str, str | None]]
"""Countries, or parts of them: (US, MA), (FR, None)."""


def area_of(session: Session, actor: Actor) -> Area:
    """What the office covers; nothing for offices other than missions."""
    mine = select(col(Jurisdiction.country), col(Jurisdiction.subdivision)).where(
        col(Jurisdiction.office_id) == actor.office_id
    )
    parts = [(country, part.partition("-")[2] if part else None) for country, part in session.execute(mine)]
    whole = {country for country, part in parts if part is None}
    return frozenset((country, part) for country, part in parts if part is None or country not in whole)


def guess_place(fields: dict[str, Any], doubts: list[str], area: Area) -> None:
    """Fills in the country, where the row has a city, no country, and the city is in no doubt.

    After the fingerprint was taken: the same row stays the same, whatever a gazetteer makes of it.
    """
    if fields.get("city") and not fields.get("country") and (country := country_of(fields["city"], area)):
        fields["country"] = country
        doubts.append(GUESSED)


@lru_cache(maxsize=10_000)
def country_of(city: str, area: Area) -> str | None:
    """In the mission's own area, unless a far larger city elsewhere has the name; else where only one can be meant."""
    found = candidates(city)
    here = [place for place in found if _is_in(place, area)]
    meant = here or found
    if not meant:
        return None
    largest = meant[0]
    others = [place for place in found if place.country != largest.country]
    far_larger = any(place.population >= CLEARLY * max(largest.population, 1) for place in others)
    clearly_largest = all(largest.population >= CLEARLY * max(place.population, 1) for place in others)
    sure = not far_larger and len({place.country for place in here}) == 1 if here else clearly_largest
    return largest.country if sure else None


def _is_in(place: Place, area: Area) -> bool:
    return (place.country, None) in area or (place.country, place.admin1) in area
