"""One follow-up about each of many people, given to a colleague, and taken back."""

from uuid import UUID

from sqlalchemy import delete, select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.journal import record
from crm.core.columns import new_id
from crm.core.errors import Missing, Refused, WrongField
from crm.core.i18n import lazy_gettext as _l
from crm.people.queries.known import visible_ids
from crm.tasks.actions.follow_ups import add_task
from crm.tasks.forms import ManyForm, TaskForm
from crm.tasks.models import Task
from crm.tasks.queries import is_untouched


def give_follow_ups(session: Session, actor: Actor, data: ManyForm) -> UUID:
    """About those whom the office sees (still); the id of the batch."""
    seen = visible_ids(session, actor, data.ids)
    people = [id for id in dict.fromkeys(data.ids) if id in seen]
    if not people:
        raise WrongField("ids", _l("Please choose at least one person."))
    batch = new_id()
    for person_id in people:
        form = TaskForm(title=data.title, due=data.due, assignee=data.assignee, person=person_id)
        add_task(session, actor, form, batch)
    return batch


def take_follow_ups_back(session: Session, actor: Actor, batch: UUID) -> tuple[int, int]:
    """How many went, and how many stay since somebody has done or changed them. Undone twice is Missing."""
    mine = select(Task).where(col(Task.batch) == batch, col(Task.office_id) == actor.office_id)
    tasks = session.execute(mine.order_by(col(Task.id)).with_for_update()).scalars().all()
    if not tasks:
        raise Missing()
    gone = [task for task in tasks if is_untouched(task)]
    if not gone:
        raise Refused(_l("All of them have been done or changed since, so none was taken back."))
    for task in gone:
        record(session, actor, "undone", task)
    session.execute(delete(Task).where(col(Task.id).in_([task.id for task in gone])))
    session.flush()
    return len(gone), len(tasks) - len(gone)
