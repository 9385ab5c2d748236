from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Uuid, and_, bindparam, func, literal_column, or_, select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.imports.models import Decision, ImportFile, ImportRow, ImportState, Outcome
from crm.people.models import Person
from crm.people.queries.known import visible_ids

# In plain words, so that SQLite sees the index of the few rows that wait.
_IS_OPEN = and_(
    col(ImportRow.outcome) == literal_column(f"'{Outcome.PERHAPS}'"),
    col(ImportRow.decision) == literal_column(f"'{Decision.OPEN}'"),
    col(ImportRow.person_id).is_(None),
)


def count_open(session: Session, file: ImportFile) -> int:
    """Rows that wait for somebody's decision."""
    number: int = session.execute(select(func.count()).where(col(ImportRow.file_id) == file.id, _IS_OPEN)).scalar_one()
    return number


@dataclass(frozen=True)
class Unfinished:
    """A list that was read and not applied (``is_new``), or applied but for ``rows`` that wait for a decision."""

    file: ImportFile
    rows: int

    @property
    def is_new(self) -> bool:
        return self.file.state is ImportState.READY


_WAITING = (
    select(func.count())
    .where(col(ImportRow.file_id) == col(ImportFile.id), _IS_OPEN)
    .correlate(ImportFile)
    .scalar_subquery()
)
_UNFINISHED = (
    select(ImportFile, _WAITING)
    .where(
        col(ImportFile.office_id) == bindparam("office", type_=Uuid()),
        or_(
            col(ImportFile.state) == ImportState.READY,
            and_(col(ImportFile.state) == ImportState.APPLIED, _WAITING > 0),
        ),
    )
    .order_by(col(ImportFile.id).desc())
    .limit(5)
)


def unfinished_imports(session: Session, actor: Actor) -> list[Unfinished]:
    """Those of the reader's office that somebody has still to look at, the newest first."""
    return [Unfinished(file, rows) for file, rows in session.execute(_UNFINISHED, {"office": actor.office_id})]


def people_of(session: Session, actor: Actor, rows: Sequence[ImportRow]) -> dict[UUID, Person]:
    """Whom these rows are or may be, as far as the reader may see them now."""
    ids = {id for row in rows for id in (row.person_id, row.match_id) if id}
    seen = visible_ids(session, actor, ids)
    found = session.execute(select(Person).where(col(Person.id).in_(seen))).scalars()
    return {person.id: person for person in found}
