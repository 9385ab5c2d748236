"""What a person is asked to agree to, word for word. Change a sentence only together with ``VERSION``."""

from crm.core.i18n import Lazy, gettext, speaking
from crm.core.i18n import lazy_gettext as _l
from crm.privacy.models import Purpose

VERSION = "2026-11-28"

SENTENCES: dict[Purpose, Lazy] = {
    Purpose.PUBLIC_LISTING: _l(
        "I agree that my name, my institution, its country or region and the details chosen here are shown on the "
        "public PI Map, in its lists and in its printed list. I can change or withdraw this at any time."
    ),
    Purpose.SEARCH_ENGINES: _l("Search engines may find my page."),
    Purpose.BULK_REUSE: _l("My public entry may be part of open data files that others download and use again."),
    Purpose.RELAY: _l(
        "Visitors may write to me through a form on my page. My address is not shown; my reply would show it."
    ),
    Purpose.CONTACT: _l("I agree that this office keeps my entry and writes to me about what I have chosen above."),
    Purpose.NEWS: _l("This office may also send me news about study, research and events."),
    Purpose.PASSING_ON: _l("This office may show my entry to universities and research institutes in Japan."),
}


def sentence(purpose: Purpose, language: str) -> str:
    """The present sentence of a purpose in one language."""
    with speaking(language):
        return gettext(SENTENCES[purpose].message)
