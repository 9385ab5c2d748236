"""Languages and offers as lists write them, as codes."""

import csv
from collections.abc import Iterable
from functools import cache

from babel import Locale

from crm.core.search import fold
from crm.vocabularies.queries import REFERENCE, language_codes

_SAID_IN = ("ja", "en", "de", "fr")


def language_codes_of(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for text in texts if (code := _languages().get(fold(text)))))


def offers_of(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for text in texts if (code := _offers().get(fold(text)))))


@cache
def _languages() -> dict[str, str]:
    known = {fold(code): code for code in language_codes()}
    for speaker in _SAID_IN:
        names = Locale.parse(speaker).languages
        known |= {fold(names[code]): code for code in language_codes() if code in names}
    return known


@cache
def _offers() -> dict[str, str]:
    with (REFERENCE / "open_to.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {fold(row[column]): row["code"] for row in rows for column in ("code", "name_ja", "name_en")}
