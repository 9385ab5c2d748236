"""Erasures told outside, so that a backup from before them can be brought back without bringing anybody back."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from crm.accounts.acting import command_line
from crm.accounts.models import Office
from crm.core.db import Database
from crm.people.actions.erase import erase_person
from crm.people.models import Person, Tombstone
from crm.people.queries.visible import holding_of
from crm.people.rows import insert_missing
from crm.privacy.actions.consents import end_consents
from crm.privacy.actions.requests import Rules


@dataclass(frozen=True)
class Erased:
    """One person erased from one office: ids and hashes, no name."""

    office: str
    person: UUID
    digests: tuple[str, ...]

    def line(self) -> str:
        return json.dumps({"office": self.office, "person": str(self.person), "digests": self.digests})


def erasures(session: Session) -> Iterator[Erased]:
    """In the order of their happening."""
    rows = select(col(Office.code), col(Tombstone.person_id), col(Tombstone.digest))
    rows = rows.join(Office, col(Office.id) == col(Tombstone.office_id)).order_by(col(Tombstone.id))
    found: dict[tuple[str, UUID], list[str]] = defaultdict(list)
    for code, person_id, digest in session.execute(rows):
        found[code, person_id].append(digest)
    return (Erased(code, person_id, tuple(digests)) for (code, person_id), digests in found.items())


def read_erasures(lines: Iterable[str]) -> list[Erased]:
    """ValueError for what is no list of erasures."""
    try:
        said: list[dict[str, Any]] = [json.loads(line) for line in lines if line.strip()]
        return [Erased(one["office"], UUID(one["person"]), tuple(map(str, one["digests"]))) for one in said]
    except (KeyError, TypeError, ValueError) as fault:
        raise ValueError("not a list of erasures") from fault


def replay(database: Database, told: Iterable[Erased], rules: Rules) -> int:
    """Erase again who has come back; returns how many had. Their tombstones stand again in any case."""
    count = 0
    for one in told:
        with database.writing() as session:
            office = session.execute(select(Office).where(col(Office.code) == one.office)).scalars().first()
            if office:
                count += _erase_again(session, office, one, rules)
    return count


def _erase_again(session: Session, office: Office, one: Erased, rules: Rules) -> bool:
    actor, person = command_line(office), session.get(Person, one.person)
    back = person is not None and holding_of(session, actor, person.id) is not None
    if person and back:
        end_consents(session, actor, person.id, office.id, rules.withdrawal)
        erase_person(session, actor, person, rules.key, rules.erasure)
    stones = [
        Tombstone(office_id=office.id, person_id=one.person, digest=digest).model_dump() for digest in one.digests
    ]
    insert_missing(session, Tombstone, stones)
    return back
