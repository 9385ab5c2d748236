from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Form as Posted
from fastapi import Query, Request
from sqlmodel import Session
from starlette.responses import Response

from crm.accounts.access import Actor, TaskEditor
from crm.accounts.queries import colleagues
from crm.core.db import Sess
from crm.core.forms import Form, posted
from crm.core.i18n import gettext as _
from crm.core.routing import Router
from crm.core.web import flash, go, page, redirect
from crm.people.models import Person
from crm.people.queries.visible import visible_person
from crm.tasks.actions import add_task, change_task, complete_task, hand_over_task, put_off_task, reopen_task
from crm.tasks.forms import HandOverForm, LaterForm, TaskForm, TaskSearch
from crm.tasks.models import Task
from crm.tasks.queries import list_tasks, task_and_person

router = Router(prefix="/tasks")
Typed = Annotated[Form[TaskForm], posted(TaskForm)]
Next = Annotated[str, Posted()]
"""Where the button stood: the reader goes back there."""


@router.get("", name="tasks:list")
def listing(request: Request, session: Sess, reader: TaskEditor, wanted: Annotated[TaskSearch, Query()]) -> Response:
    lines, later = list_tasks(session, reader, wanted)
    return page(request, "tasks/list", lines=lines, later=later, wanted=wanted, colleagues=colleagues(session, reader))


@router.get("/new", name="tasks:new")
def new(
    request: Request, session: Sess, editor: TaskEditor, person: UUID | None = None, title: str = "",
    due: date | None = None,
) -> Response:  # fmt: skip
    """``title`` and ``due``: what another page proposes."""
    day = (due or editor.today).isoformat()
    form = Form.of(TaskForm, person=person, assignee=str(editor.user_id), due=day, title=title[:300])
    about = visible_person(session, editor, person) if person else None
    return shown(request, session, editor, form, about=about)


@router.post("", name="tasks:add")
def add(request: Request, session: Sess, editor: TaskEditor, form: Typed) -> Response:
    task = form.attempt(session, add_task, editor)
    if task is None:
        return shown(request, session, editor, form, status=422)
    flash(request, _("The follow-up has been noted."))
    return back(request, visible_person(session, editor, task.person_id) if task.person_id else None)


@router.get("/{task_id}", name="tasks:edit")
def edit(request: Request, session: Sess, editor: TaskEditor, task_id: UUID) -> Response:
    task, about = task_and_person(session, editor, task_id)
    form = Form.of(TaskForm, title=task.title, due=task.due.isoformat(), assignee=task.assignee_id)
    return shown(request, session, editor, form, task=task, about=about)


@router.post("/{task_id}", name="tasks:change")
def change(request: Request, session: Sess, editor: TaskEditor, task_id: UUID, form: Typed) -> Response:
    task, about = task_and_person(session, editor, task_id)
    form.attempt(session, change_task, editor, task_id)
    if form.errors:
        return shown(request, session, editor, form, task=task, about=about, status=422)
    flash(request, _("The change has been saved."))
    return back(request, about)


@router.post("/{task_id}/done", name="tasks:done")
def done(request: Request, session: Sess, editor: TaskEditor, task_id: UUID, next: Next = "/") -> Response:
    task = complete_task(session, editor, task_id)
    flash(request, _("Done: %(title)s", title=task.title))
    return redirect(request, next)


@router.post("/{task_id}/reopen", name="tasks:reopen")
def reopen(request: Request, session: Sess, editor: TaskEditor, task_id: UUID, next: Next = "/") -> Response:
    reopen_task(session, editor, task_id)
    return redirect(request, next)


@router.post("/{task_id}/later", name="tasks:later")
def later(
    request: Request, session: Sess, editor: TaskEditor, task_id: UUID,
    form: Annotated[Form[LaterForm], posted(LaterForm)], next: Next = "/",
) -> Response:  # fmt: skip
    form.attempt(session, put_off_task, editor, task_id)
    tell(request, form, _("The follow-up has been put off."))
    return redirect(request, next)


@router.post("/{task_id}/hand-over", name="tasks:hand_over")
def hand_over(
    request: Request, session: Sess, editor: TaskEditor, task_id: UUID,
    form: Annotated[Form[HandOverForm], posted(HandOverForm)], next: Next = "/",
) -> Response:  # fmt: skip
    form.attempt(session, hand_over_task, editor, task_id)
    tell(request, form, _("The follow-up has been handed over."))
    return redirect(request, next)


def tell(request: Request, form: Form[LaterForm] | Form[HandOverForm], success: str) -> None:
    """These two have no page of their own: what is wrong is said on the next one."""
    for _field, problem in form.problems:
        flash(request, problem, "warn")
    if not form.errors:
        flash(request, success)


def shown(
    request: Request, session: Session, editor: Actor, form: Form[TaskForm], *,
    task: Task | None = None, about: Person | None = None, status: int = 200,
) -> Response:  # fmt: skip
    staff = colleagues(session, editor)
    return page(request, "tasks/edit", status=status, form=form, task=task, about=about, colleagues=staff)


def back(request: Request, about: Person | None) -> Response:
    return go(request, "people:detail", person_id=about.id) if about else go(request, "tasks:list")
