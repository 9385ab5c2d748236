"""Who was erased is known by keyed hashes alone: enough to keep them from coming back, not to say who they were."""

import hmac
from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from crm.core.search import fold
from crm.core.settings import Settings
from crm.people.models import Tombstone


def tombstone_key(settings: Settings) -> bytes:
    return hmac.digest(settings.secret_key.encode(), b"tombstones", "sha256")


def marks_of(
    names: Iterable[str], institutions: Collection[str], emails: Iterable[str], identifiers: Iterable[tuple[str, str]]
) -> set[str]:
    """What proves a person: an identifier, an address, a name together with an institution."""
    return {
        *(f"{scheme}:{value}" for scheme, value in identifiers),
        *(f"mailto:{email.lower()}" for email in emails),
        *(f"name:{fold(name)} at {fold(place)}" for name in names for place in institutions if name and place),
    }


def digests_of(key: bytes, office_id: UUID, marks: Iterable[str]) -> set[str]:
    return {hmac.digest(key, f"{office_id} {mark}".encode(), "sha256").hex() for mark in marks}


class Erased:
    """Asks whether somebody in a list has been erased from this office; ``key`` is only wanted where anybody has."""

    def __init__(self, session: Session, office_id: UUID, settings: Settings) -> None:
        of_office = select(col(Tombstone.digest)).where(col(Tombstone.office_id) == office_id)
        self.office_id = office_id
        self.digests = set(session.execute(of_office).scalars())
        self.key = tombstone_key(settings) if self.digests else b""

    def knows(
        self, names: Collection[str], fields: Mapping[str, str | None], proofs: Iterable[tuple[str, str]]
    ) -> bool:
        """``fields``: ``institution`` and ``email`` as a row has them."""
        if not self.digests:
            return False
        places, emails = ([fields[name] or ""] if fields.get(name) else [] for name in ("institution", "email"))
        marks = marks_of(names, places, emails, proofs)
        return not self.digests.isdisjoint(digests_of(self.key, self.office_id, marks))
