from datetime import date
from uuid import UUID

from sqlmodel import Session

from crm.accounts.access import Actor
from crm.accounts.journal import change, record
from crm.accounts.queries import colleagues
from crm.core.columns import now
from crm.core.errors import WrongField
from crm.core.i18n import lazy_gettext as _l
from crm.people.queries.visible import visible_person
from crm.tasks.forms import HandOverForm, LaterForm, TaskForm
from crm.tasks.models import Task
from crm.tasks.queries import task_of


def add_task(session: Session, actor: Actor, data: TaskForm, batch: UUID | None = None) -> Task:
    """``batch``: of many that are noted, and may be taken back, together."""
    if data.person:
        visible_person(session, actor, data.person)
    task = Task(
        office_id=actor.office_id,
        person_id=data.person,
        title=data.title,
        due=data.due,
        assignee_id=_colleague(session, actor, data.assignee),
        added_by=actor.user_id,
        batch=batch,
    )
    session.add(task)
    session.flush()
    record(session, actor, "added", task, {"title": data.title, "due": data.due})
    return task


def change_task(session: Session, actor: Actor, task_id: UUID, data: TaskForm) -> Task:
    assignee = _colleague(session, actor, data.assignee)
    return _change(session, actor, task_id, title=data.title, due=data.due, assignee_id=assignee)


def complete_task(session: Session, actor: Actor, task_id: UUID) -> Task:
    """Done twice is done once: the first stays."""
    task = task_of(session, actor, task_id)
    return task if task.done_at else _change(session, actor, task_id, done_at=now(), done_by=actor.user_id)


def reopen_task(session: Session, actor: Actor, task_id: UUID) -> Task:
    return _change(session, actor, task_id, done_at=None, done_by=None)


def put_off_task(session: Session, actor: Actor, task_id: UUID, data: LaterForm) -> Task:
    day: date = data.day_after(actor.today, task_of(session, actor, task_id).due)
    return _change(session, actor, task_id, due=day)


def hand_over_task(session: Session, actor: Actor, task_id: UUID, data: HandOverForm) -> Task:
    return _change(session, actor, task_id, assignee_id=_colleague(session, actor, data.assignee))


def _change(session: Session, actor: Actor, task_id: UUID, **values: object) -> Task:
    task = task_of(session, actor, task_id)
    session.refresh(task, with_for_update=True)
    changes = change(task, values)
    if changes:
        record(session, actor, "changed", task, changes)
    session.flush()
    return task


def _colleague(session: Session, actor: Actor, user_id: UUID | None) -> UUID | None:
    if user_id and str(user_id) not in dict(colleagues(session, actor)):
        raise WrongField("assignee", _l("Please choose somebody who works in your office now."))
    return user_id
