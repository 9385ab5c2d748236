from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.imports.models import Decision, ImportFile, ImportRow, Outcome
from crm.people.models import Person
from crm.people.queries.known import visible_ids


def count_open(session: Session, file: ImportFile) -> int:
    """Rows that wait for somebody's decision."""
    counted = select(func.count()).where(
        col(ImportRow.file_id) == file.id,
        col(ImportRow.outcome) == Outcome.PERHAPS,
        col(ImportRow.decision) == Decision.OPEN,
        col(ImportRow.person_id).is_(None),
    )
    number: int = session.execute(counted).scalar_one()
    return number


def people_of(session: Session, actor: Actor, rows: Sequence[ImportRow]) -> dict[UUID, Person]:
    """Whom these rows are or may be, as far as the reader may see them now."""
    ids = {id for row in rows for id in (row.person_id, row.match_id) if id}
    seen = visible_ids(session, actor, ids)
    found = session.execute(select(Person).where(col(Person.id).in_(seen))).scalars()
    return {person.id: person for person in found}
