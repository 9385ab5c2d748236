"""Which parts of an entry a listed person may show or keep back. Name, institution and country always stand in it."""

from collections.abc import Iterable

from crm.core.choices import Choice
from crm.core.i18n import lazy_gettext as _l


class ListingField(Choice):
    KANA = "kana", _l("Reading (kana)")
    TITLE = "title", _l("Position")
    UNIT = "unit", _l("Department or laboratory")
    CITY = "city", _l("City")
    FIELDS = "fields", _l("Research fields")
    KEYWORDS = "keywords", _l("Keywords")
    LANGUAGES = "languages", _l("Languages")
    OPEN_TO = "open_to", _l("Open to")
    LINKS = "links", _l("Web pages")
    ORCID = "orcid", _l("ORCID iD")


LISTING_FIELDS: tuple[str, ...] = tuple(field.value for field in ListingField)


def known_fields(chosen: Iterable[str]) -> list[str]:
    """The chosen fields that exist, in the order of an entry."""
    wanted = set(chosen)
    return [name for name in LISTING_FIELDS if name in wanted]
