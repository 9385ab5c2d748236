"""Countries, regions and cities, without the network."""

from crm.core.places.countries import countries, country_code, country_codes, country_name
from crm.core.places.gazetteer import FILE, Gazetteer, Place, candidates, find_city, gazetteer, is_town, suggest

__all__ = [
    "FILE",
    "Gazetteer",
    "Place",
    "candidates",
    "countries",
    "country_code",
    "country_codes",
    "country_name",
    "find_city",
    "gazetteer",
    "is_town",
    "suggest",
]
