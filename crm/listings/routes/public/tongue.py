"""The language as the first part of a public path; a path in another language does not exist."""

from starlette.convertors import Convertor, register_url_convertor

from crm.core.i18n import LANGUAGES
from crm.core.routing import Router


class Tongue(Convertor[str]):
    regex = "|".join(LANGUAGES)

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        if value not in LANGUAGES:
            raise ValueError(f"{value}: public pages are in {', '.join(LANGUAGES)}")
        return value


register_url_convertor("tongue", Tongue())


def public_router() -> Router:
    """For pages below ``/ja`` and ``/en``."""
    return Router(prefix="/{language:tongue}")
