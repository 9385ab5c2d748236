"""Code lists, by scheme."""

import csv
import re
from functools import cache, lru_cache

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from crm.core.paths import PACKAGE
from crm.vocabularies.models import Scheme, Term

REFERENCE = PACKAGE / "vocabularies" / "reference"


_TERMS = select(Term).where(col(Term.scheme) == bindparam("scheme")).order_by(col(Term.position), col(Term.code))


def terms_of(session: Session, scheme: Scheme) -> list[Term]:
    return list(session.execute(_TERMS, {"scheme": scheme}).scalars())


@cache
def language_codes() -> tuple[str, ...]:
    """BCP 47 codes that people may speak, in the order to offer them."""
    with (REFERENCE / "languages.csv").open(encoding="utf-8", newline="") as file:
        return tuple(row["code"] for row in csv.DictReader(file))


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    with (REFERENCE / "position_patterns.csv").open(encoding="utf-8", newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: int(row["order"]))
    return [(re.compile(row["pattern"], re.IGNORECASE), row["position_class"]) for row in rows]


@lru_cache(maxsize=4_000)
def position_class(title: str) -> str | None:
    """The class of a title as written ("Associate Professor" → ``associate_professor``)."""
    return next((code for pattern, code in _patterns() if pattern.search(title)), None)
