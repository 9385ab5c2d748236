"""What an office has to do: its own follow-ups, with the people whom they are about as far as the reader sees them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Uuid, and_, bindparam, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.models import User
from crm.accounts.queries import colleagues
from crm.accounts.reader import OFFICE, USER, seen_by
from crm.core.columns import UTCDateTime, now
from crm.core.contributions import Deadline
from crm.core.errors import Missing
from crm.core.i18n import gettext as _
from crm.core.paging import PER_PAGE, beyond, cut, moment
from crm.people.models import Person
from crm.people.queries.visible import sees
from crm.tasks.forms import TaskSearch
from crm.tasks.models import Task

SOON = 7
"""Days ahead that the first page shows."""
_FEW = 50


@dataclass(frozen=True)
class Line:
    """A follow-up as a row shows it. ``person`` is None where there is none, or none that the reader may see."""

    task: Task
    person: Person | None
    assignee: str | None
    days: int
    """Until it is due; below 0 it is overdue."""


@dataclass(frozen=True)
class Agenda:
    """A reader's open follow-ups of the coming days, and what was done today."""

    due: Sequence[Line]
    later: Sequence[Line]
    done: Sequence[Line]
    colleagues: Sequence[tuple[str, str]]


_ASSIGNEE = aliased(User)
_MINE = or_(col(Task.assignee_id) == USER, col(Task.assignee_id).is_(None))
_LINES = (
    select(Task, Person, col(_ASSIGNEE.name))
    .select_from(Task)
    .outerjoin(Person, and_(col(Person.id) == col(Task.person_id), sees(col(Task.person_id))))
    .outerjoin(_ASSIGNEE, col(_ASSIGNEE.id) == col(Task.assignee_id))
    .where(col(Task.office_id) == OFFICE)
)
_OPEN = _LINES.where(col(Task.done_at).is_(None)).order_by(col(Task.due), col(Task.id))


_COMING = _OPEN.where(_MINE, col(Task.due) <= bindparam("until", type_=Date())).limit(_FEW)
_DONE = (
    _LINES.where(
        col(Task.done_by) == USER,
        col(Task.done_at) >= bindparam("since", type_=UTCDateTime()),
    )
    .order_by(col(Task.done_at).desc())
    .limit(10)
)
_BATCH = _LINES.where(col(Task.batch) == bindparam("batch", type_=Uuid())).order_by(col(Task.id))
_ABOUT = _OPEN.where(col(Task.person_id) == bindparam("person", type_=Uuid())).limit(_FEW)


def agenda_of(session: Session, actor: Actor) -> Agenda:
    """Overdue and due today; the coming week; done today."""
    coming = _lines(session, actor, _COMING, until=actor.today + timedelta(days=SOON))
    return Agenda(
        due=[line for line in coming if line.days <= 0],
        later=[line for line in coming if line.days > 0],
        done=_lines(session, actor, _DONE, since=now() - timedelta(hours=18)),
        colleagues=colleagues(session, actor) if coming else (),
    )


@dataclass(frozen=True)
class Next:
    """What the office still has to do about a person."""

    person_id: UUID
    lines: Sequence[Line]
    colleagues: Sequence[tuple[str, str]]


def tasks_about(session: Session, actor: Actor, person_id: UUID) -> Next:
    lines = _lines(session, actor, _ABOUT, person=person_id)
    return Next(person_id, lines, colleagues(session, actor) if lines else ())


def list_tasks(
    session: Session, actor: Actor, wanted: TaskSearch, most: int = PER_PAGE
) -> tuple[list[Line], str | None]:
    """One page, and the cursor of the next. Open ones by their day, done ones from the newest."""
    is_open = wanted.state == "open"
    columns: list[Any] = [col(Task.due) if is_open else col(Task.done_at), col(Task.id)]
    chosen = _LINES.where(col(Task.done_at).is_(None) if is_open else col(Task.done_at).is_not(None))
    if wanted.of == "mine":
        chosen = chosen.where(_MINE if is_open else col(Task.done_by) == actor.user_id)
    order = columns if is_open else [column.desc() for column in columns]
    read: Any = [date.fromisoformat if is_open else moment, UUID]
    chosen = chosen.where(beyond(wanted.after, columns, read, not is_open)).order_by(*order).limit(most + 1)
    rows: Any = session.execute(chosen, seen_by(actor)).all()
    kept: Any
    kept, following = cut(rows, most, lambda row: (row[0].due if is_open else row[0].done_at, row[0].id))
    return [_line(actor.today, *row) for row in kept], following


def tasks_of_batch(session: Session, actor: Actor, batch: UUID) -> list[Line]:
    """Missing where nothing of it is left, or for another office's."""
    lines = _lines(session, actor, _BATCH, batch=batch)
    if not lines:
        raise Missing()
    return lines


def is_untouched(task: Task) -> bool:
    """Nobody has done, changed or handed it over since it was noted."""
    return task.done_at is None and task.version == 1


def task_of(session: Session, actor: Actor, task_id: UUID) -> Task:
    """Missing for a follow-up of another office."""
    found = session.get(Task, task_id)
    if found is None or found.office_id != actor.office_id:
        raise Missing()
    return found


_ONE = _LINES.where(col(Task.id) == bindparam("task", type_=Uuid()))


def task_and_person(session: Session, actor: Actor, task_id: UUID) -> tuple[Task, Person | None]:
    """With whom it is about, as far as the reader still sees them. Missing for a follow-up of another office."""
    lines = _lines(session, actor, _ONE, task=task_id)
    if not lines:
        raise Missing()
    return lines[0].task, lines[0].person


def _lines(session: Session, actor: Actor, statement: Any, **values: Any) -> list[Line]:
    rows: Any = session.execute(statement, {**seen_by(actor), **values})
    return [_line(actor.today, *row) for row in rows]


def _line(today: date, task: Task, person: Person | None, assignee: str | None) -> Line:
    return Line(task, person, assignee, (task.due - today).days)


_KEPT = 500


def deadlines(session: Session, actor: Actor) -> list[Deadline]:
    """A reader's open follow-ups, with the names of those whom they are about."""
    lines = _lines(session, actor, _OPEN.where(_MINE).limit(_KEPT))
    return [
        Deadline(
            id=line.task.id,
            day=line.task.due,
            title=_("%(task)s: %(name)s", task=line.task.title, name=line.person.kanji or line.person.full_name)
            if line.person
            else line.task.title,
            path=f"/tasks/{line.task.id}",
            since=line.task.created_at,
        )
        for line in lines
    ]


def promised_since(office_id: UUID, before: date) -> Any:
    """Ids of people about whom this office has a follow-up that is open, or was due since then."""
    about = select(col(Task.person_id)).where(col(Task.office_id) == office_id, col(Task.person_id).is_not(None))
    return about.where(or_(col(Task.done_at).is_(None), col(Task.due) >= before))
