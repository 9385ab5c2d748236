"""Which organisation a written name means."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from unicodedata import normalize
from uuid import UUID

from sqlalchemy import bindparam, select, union_all
from sqlmodel import Session, col

from crm.core.columns import IDS
from crm.core.search import fold
from crm.core.search.folding import without_accents
from crm.organisations.models import Organisation, OrganisationName

_AT_ONCE = 400


@lru_cache(maxsize=20_000)
def name_key(name: str) -> str:
    """How two spellings of an organisation's name are compared: folded, without accents, commas and a leading "the"."""
    plain = normalize("NFC", without_accents(fold(name))).replace(",", " ").replace("・", " ")
    return " ".join(plain.split()).removeprefix("the ")


@dataclass(frozen=True, slots=True)
class Known:
    """What a batch needs to know of an organisation; ``names`` are all its names, for search keys."""

    id: UUID
    country: str | None
    city: str | None
    names: tuple[str, ...]


_KEYS: Any = bindparam("keys", expanding=True)
_CALLED = union_all(
    select(col(OrganisationName.organisation_id), col(OrganisationName.name_key)).where(
        col(OrganisationName.name_key).in_(_KEYS)
    ),
    select(col(Organisation.id), col(Organisation.name_key)).where(col(Organisation.name_key).in_(_KEYS)),
)
_OTHER_NAMES = select(col(OrganisationName.organisation_id), col(OrganisationName.name)).where(
    col(OrganisationName.organisation_id).in_(IDS)
)
_PLACED = (
    select(col(Organisation.id), col(Organisation.country), col(Organisation.city), col(Organisation.name))
    .where(col(Organisation.id).in_(IDS))
    .order_by(col(Organisation.id))
)


class OrganisationIndex:
    """Look-ups by name for a batch: asks the database once for all names, and never twice for one."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._asked: set[str] = set()
        self._known: dict[str, list[Known]] = {}

    def prepare(self, names: Iterable[str]) -> None:
        wanted = sorted({name_key(name) for name in names} - self._asked - {""})
        self._asked.update(wanted)
        for start in range(0, len(wanted), _AT_ONCE):
            self._ask(wanted[start : start + _AT_ONCE])

    def find(self, name: str | None, country: str | None = None) -> Known | None:
        """The organisation of this name; None if there is none, or several and the country does not tell."""
        if not name:
            return None
        self.prepare([name])
        found = self._known.get(name_key(name), [])
        fitting = [known for known in found if known.country in (country, None)] if country else found
        return fitting[0] if len(fitting) == 1 else None

    def _ask(self, keys: list[str]) -> None:
        keys_of: dict[UUID, set[str]] = {}
        for organisation_id, key in self._session.execute(_CALLED, {"keys": keys}):
            keys_of.setdefault(organisation_id, set()).add(key)
        for known in self._details(list(keys_of)):
            for key in keys_of[known.id]:
                self._known.setdefault(key, []).append(known)

    def _details(self, ids: list[UUID]) -> list[Known]:
        if not ids:
            return []
        names: dict[UUID, list[str]] = {}
        for organisation_id, name in self._session.execute(_OTHER_NAMES, {"ids": ids}):
            names.setdefault(organisation_id, []).append(name)
        rows = self._session.execute(_PLACED, {"ids": ids})
        return [Known(id, country, city, (name, *names.get(id, ()))) for id, country, city, name in rows]


def find_organisation(session: Session, name: str, country: str | None = None) -> Organisation | None:
    """By its ROR id or any of its names; None when several bear the name and the country does not tell."""
    by_ror: Organisation | None = (
        session.execute(select(Organisation).where(col(Organisation.ror) == name)).scalars().first()
    )
    if by_ror is not None:
        return by_ror
    known = OrganisationIndex(session).find(name, country)
    return session.get(Organisation, known.id) if known else None
