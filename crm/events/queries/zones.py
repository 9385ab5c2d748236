"""The time zones in which an event of an office may take place, each by a city that people know."""

from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from babel.core import get_global
from babel.dates import get_timezone_location
from sqlalchemy import select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.models import Jurisdiction, Office
from crm.core.i18n import current_language, locale_of
from crm.core.i18n import gettext as _

_ALWAYS = ("Asia/Tokyo", "UTC")


def zones_of(session: Session, actor: Actor, *more: str) -> list[tuple[str, str]]:
    """Of the countries that a mission covers, from west to east; besides those, its own, Tokyo's and UTC."""
    covered = select(col(Jurisdiction.country)).where(col(Jurisdiction.office_id) == actor.office_id)
    countries = {session.get_one(Office, actor.office_id).country, *session.execute(covered).scalars()}
    zones = {actor.zone, *_ALWAYS, *more}
    for country in countries:
        zones |= _zones_in(country) if country else set()
    moment = datetime.now(UTC)
    offsets = {zone: moment.astimezone(ZoneInfo(zone)).utcoffset() for zone in zones & available_timezones()}
    return [
        (zone, _called(zone, current_language())) for zone in sorted(offsets, key=lambda zone: (offsets[zone], zone))
    ]


@lru_cache(maxsize=300)
def _zones_in(country: str) -> frozenset[str]:
    return frozenset(zone for zone, territory in get_global("zone_territories").items() if territory == country)


@lru_cache(maxsize=2000)
def _called(zone: str, language: str) -> str:
    city = get_timezone_location(zone, locale=locale_of(language), return_city=True)
    return zone if city == zone else _("%(city)s (%(zone)s)", city=city, zone=zone)
