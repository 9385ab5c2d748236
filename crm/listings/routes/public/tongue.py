"""The language as the first part of a public path; a path in another language does not exist."""

from starlette.convertors import Convertor, register_url_convertor

from crm.core.i18n import GUEST_LANGUAGES, LANGUAGES, spoken
from crm.core.routing import Router


class Tongue(Convertor[str]):
    """``languages``: those that the page speaks. A link to it from a page that speaks more leads to it in English."""

    languages = LANGUAGES
    regex = "|".join(LANGUAGES)

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        if value not in GUEST_LANGUAGES:
            raise ValueError(f"{value}: public pages are in {', '.join(GUEST_LANGUAGES)}")
        return spoken(value, self.languages)


class GuestTongue(Tongue):
    languages = GUEST_LANGUAGES
    regex = "|".join(GUEST_LANGUAGES)


register_url_convertor("tongue", Tongue())
register_url_convertor("guest_tongue", GuestTongue())


def public_router() -> Router:
    """For pages below ``/ja`` and ``/en``."""
    return Router(prefix="/{language:tongue}")


def guest_router() -> Router:
    """For pages that guests see, also below ``/de`` and ``/fr``."""
    return Router(prefix="/{language:guest_tongue}")
