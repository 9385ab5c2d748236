from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col

from crm.tasks.models import Task


def take_promises(session: Session, person_id: UUID, giver: UUID, taker: UUID) -> None:
    """What is still to be done about a person goes along; who does it, the other office decides."""
    about = (col(Task.person_id) == person_id) & (col(Task.office_id) == giver) & col(Task.done_at).is_(None)
    session.execute(update(Task).where(about).values(office_id=taker, assignee_id=None))
