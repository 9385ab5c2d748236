"""Merges of other offices about which the reader's office is asked; nothing says which office asks."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Uuid, bindparam, exists, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.reader import OFFICE
from crm.core.errors import Missing
from crm.people.models import Affiliation, Holding, MergeQuestion, Person, PersonMerge

_KEPT, _LOST = aliased(Person), aliased(Person)
_HELD = exists().where(
    col(Holding.person_id) == col(PersonMerge.lost_id),
    col(Holding.office_id) == col(MergeQuestion.office_id),
    col(Holding.until).is_(None),
)
_ASKED = (
    select(MergeQuestion)
    .join(PersonMerge, col(PersonMerge.id) == col(MergeQuestion.merge_id))
    .where(col(MergeQuestion.office_id) == OFFICE, col(PersonMerge.undone_at).is_(None))
)
_WAITING = _ASKED.where(col(MergeQuestion.answered_on).is_(None), _HELD)
"""Those that still mean something: the merge stands, and the office holds the record that it is asked about."""


@dataclass(frozen=True)
class Question:
    """``lost`` is the reader's own record; of ``kept`` it learns a name and an institution until it accepts."""

    row: MergeQuestion
    lost: Person
    kept: Person
    institution: str
    is_open: bool = True


def _with_people(statement: Select[Any]) -> Select[Any]:
    place = select(func.min(col(Affiliation.institution))).where(
        col(Affiliation.person_id) == col(_KEPT.id), col(Affiliation.until).is_(None)
    )
    return (
        statement.join(_LOST, col(_LOST.id) == col(PersonMerge.lost_id))
        .join(_KEPT, col(_KEPT.id) == col(PersonMerge.kept_id))
        .add_columns(_LOST, _KEPT, func.coalesce(place.correlate(_KEPT).scalar_subquery(), ""))
        .order_by(col(MergeQuestion.id))
    )


_QUESTIONS = _with_people(_WAITING)
_ABOUT = _QUESTIONS.where(col(PersonMerge.lost_id) == bindparam("person", type_=Uuid()))
_ONE = _with_people(
    _ASKED.add_columns(_HELD.label("held")).where(col(MergeQuestion.id) == bindparam("question", type_=Uuid()))
)


def questions_to(session: Session, actor: Actor) -> list[Question]:
    return [Question(*row) for row in session.execute(_QUESTIONS, {"office": actor.office_id})]


def questions_about(session: Session, actor: Actor, person_id: UUID) -> list[Question]:
    values = {"office": actor.office_id, "person": person_id}
    return [Question(*row) for row in session.execute(_ABOUT, values)]


QUESTIONS_COUNT = _WAITING.with_only_columns(func.count()).scalar_subquery()
"""Those that wait for the reader's office."""


def question_of(session: Session, actor: Actor, question_id: UUID) -> Question:
    """Missing for another office's, and once the merge has been taken back."""
    found = session.execute(_ONE, {"office": actor.office_id, "question": question_id}).first()
    if found is None:
        raise Missing()
    row, held, lost, kept, institution = found
    return Question(row, lost, kept, institution, held and row.answered_on is None)
