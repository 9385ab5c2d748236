"""Follow-ups for programs."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session

from crm.accounts.access import Actor
from crm.accounts.models import Scope
from crm.accounts.permissions import Permission
from crm.accounts.programs import IdempotencyKey, Program, once
from crm.core.api import ROOT, IfMatch, Limited, PageOut, Patch, answers, check_match, merged, versioned
from crm.core.db import Sess
from crm.core.forms import Day
from crm.core.routing import Router
from crm.tasks.actions import add_task, change_task, complete_task, reopen_task
from crm.tasks.forms import TaskForm, TaskSearch
from crm.tasks.models import Task
from crm.tasks.queries import list_tasks, task_and_person

router = Router(prefix=f"{ROOT}/tasks")
TaskProgram = Annotated[Actor, Depends(Program(Scope.TASKS_READ, Permission.TASKS_EDIT))]
TaskWriter = Annotated[Actor, Depends(Program(Scope.TASKS_WRITE, Permission.TASKS_EDIT))]


class TasksAsked(TaskSearch, Limited):
    pass


class TaskPatch(Patch):
    """What is left out stays, whom it is about stays always; null gives it to anybody. The version is for If-Match."""

    title: Annotated[str, Field(max_length=300)]
    due: Day
    assignee: UUID | None = None
    done: bool


class TaskOut(BaseModel):
    """``person_id`` is null where the token's office does not see the person any more."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    version: int
    title: str
    due: date
    assignee_id: UUID | None
    done_at: datetime | None
    person_id: UUID | None = None


def told(task: Task, person_id: UUID | None) -> TaskOut:
    return TaskOut.model_validate(task).model_copy(update={"person_id": person_id})


@router.get("", name="tasks:api_list", responses=answers(401, 403, 422, 503))
def tasks(session: Sess, program: TaskProgram, wanted: Annotated[TasksAsked, Query()]) -> PageOut[TaskOut]:
    lines, following = list_tasks(session, program, wanted, wanted.limit)
    items = [told(line.task, line.person.id if line.person else None) for line in lines]
    return PageOut[TaskOut](items=items, next=following)


@router.post("", status_code=201, response_model=TaskOut, name="tasks:api_add",
             responses=answers(400, 401, 403, 404, 409, 422, 503))  # fmt: skip
def add(
    request: Request, session: Sess, program: TaskWriter, form: TaskForm, idempotency_key: IdempotencyKey = None
) -> Response:
    made = once(request, session, idempotency_key, form, lambda: add_task(session, program, form).id)
    return shown(request, session, program, made, 201)


@router.get("/{task_id}", response_model=TaskOut, name="tasks:api_one",
            responses={304: {"description": "Not modified"}, **answers(401, 403, 404, 422, 503)})  # fmt: skip
def task(request: Request, session: Sess, program: TaskProgram, task_id: UUID) -> Response:
    return shown(request, session, program, task_id)


@router.patch("/{task_id}", response_model=TaskOut, name="tasks:api_change",
              responses=answers(400, 401, 403, 404, 409, 412, 422, 428, 503))  # fmt: skip
def change(
    request: Request, session: Sess, program: TaskWriter, task_id: UUID, patch: TaskPatch, if_match: IfMatch = None
) -> Response:
    found, person = task_and_person(session, program, task_id)
    check_match(if_match, told(found, person.id if person else None))
    stored = {"title": found.title, "due": found.due, "assignee": found.assignee_id}
    change_task(session, program, task_id, merged(TaskForm, stored, patch))
    if patch.done is not None:
        (complete_task if patch.done else reopen_task)(session, program, task_id)
    return shown(request, session, program, task_id)


def shown(request: Request, session: Session, program: Actor, id: UUID, status: int = 200) -> Response:
    found, person = task_and_person(session, program, id)
    return versioned(request, told(found, person.id if person else None), status)
