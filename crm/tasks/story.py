"""Follow-ups that were done, in a person's story."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, literal, select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.models import User
from crm.accounts.reader import OFFICE, seen_by
from crm.core.columns import IDS
from crm.tasks.models import Task

ROWS: Any = select(col(Task.done_at).label("at"), col(Task.id).label("id"), literal("task").label("kind")).where(
    col(Task.person_id) == bindparam("person", type_=Uuid()),
    col(Task.office_id) == OFFICE,
    col(Task.done_at).is_not(None),
)


_DONE = (
    select(Task, col(User.name))
    .outerjoin(User, col(User.id) == col(Task.done_by))
    .where(col(Task.id).in_(IDS), col(Task.office_id) == OFFICE)
)


def load(session: Session, actor: Actor, ids: Sequence[UUID]) -> dict[UUID, tuple[Task, str | None]]:
    """With the name of who did it."""
    return {task.id: (task, by) for task, by in session.execute(_DONE, {**seen_by(actor), "ids": ids})}
