"""Countries and regions (国・地域): names in every language by Babel, with the labels and other names in use here.

Own labels and aliases: ``core/reference/country_words.csv``. Codes are ISO 3166-1 alpha-2 as CLDR has them.
"""

import csv
import re
from functools import cache
from pathlib import Path

from babel import Locale

from crm.core.i18n import locale_of
from crm.core.places.names import place_key

WORDS = Path(__file__).parent.parent / "reference" / "country_words.csv"
READ_IN = ("en", "en_GB", "ja", "de", "fr", "es", "it", "pt", "nl", "sv", "ko", "zh", "zh_Hant", "he", "ar", "ru", "tr")
_CODE = re.compile(r"[A-Z]{2}")
_NO_COUNTRIES = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})


@cache
def _words() -> tuple[dict[tuple[str, str], str], dict[str, str]]:
    """Labels by language and code; aliases (labels too) by key."""
    labels: dict[tuple[str, str], str] = {}
    aliases: dict[str, str] = {}
    with WORDS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            aliases[place_key(row["name"])] = row["code"]
            if row["use"] == "label":
                labels[row["language"], row["code"]] = row["name"]
    return labels, aliases


@cache
def country_codes() -> frozenset[str]:
    """All two-letter codes of countries and regions."""
    return frozenset(code for code in map(str, Locale("en").territories) if _CODE.fullmatch(code)) - _NO_COUNTRIES


@cache
def _codes_by_name() -> dict[str, str]:
    found: dict[str, str] = {}
    for language in READ_IN:
        names = Locale.parse(language).territories
        for code in sorted(country_codes()):
            if code in names:
                found.setdefault(place_key(names[code]), code)
    return found | _words()[1]


def country_code(name: str) -> str | None:
    """The code of a country or region by its name in many languages, or by the code itself."""
    key = place_key(name)
    if key in _codes_by_name():
        return _codes_by_name()[key]
    return key.upper() if key.upper() in country_codes() else None


def country_name(code: str, language: str) -> str:
    """The name to show, or the code where a language has none."""
    code = code.upper()
    label = _words()[0].get((language, code))
    if label:
        return label
    locale = locale_of(language) if language in {"ja", "en"} else Locale.parse(language.replace("-", "_"))
    return str(locale.territories.get(code) or code)


def countries(language: str) -> list[tuple[str, str]]:
    """Code and name of every country and region, by name: for a list to choose from."""
    return sorted(((code, country_name(code, language)) for code in country_codes()), key=lambda pair: pair[1])
