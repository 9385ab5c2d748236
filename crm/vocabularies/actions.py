"""Code lists, loaded from ``reference/*.csv``; loading again changes only what differs."""

import csv
from typing import Any

from sqlmodel import Session, select

from crm.vocabularies.models import Scheme, Term
from crm.vocabularies.queries import REFERENCE

FILES: dict[str, Scheme | None] = {
    "fields.csv": None,
    "position_classes.csv": Scheme.POSITION,
    "open_to.csv": Scheme.OPEN_TO,
    "sectors.csv": Scheme.SECTOR,
}
"""The scheme of a file; None where each row names its own."""


def load_reference(session: Session) -> int:
    """Returns the number of terms known afterwards. Terms that left the files stay: records may point at them."""
    terms = {(term.scheme, term.code): term for term in session.exec(select(Term))}
    for file, scheme in FILES.items():
        for row in _rows(file):
            key = (scheme or Scheme(row["scheme"]), row["code"])
            values: dict[str, Any] = {
                "parent": row.get("parent") or None,
                "name_ja": row["name_ja"],
                "name_en": row["name_en"],
                "position": int(row["position"] or 0),
                "patterns": row.get("patterns") or None,
                "source": row["source"],
            }
            if key not in terms:
                terms[key] = Term(scheme=key[0], code=key[1], **values)
                session.add(terms[key])
            else:
                _change(terms[key], values)
    session.flush()
    return len(terms)


def _change(term: Term, values: dict[str, Any]) -> None:
    for name, value in values.items():
        if getattr(term, name) != value:
            setattr(term, name, value)


def _rows(name: str) -> list[dict[str, str]]:
    with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
