"""Rotation: what somebody who leaves has promised and begun, and what a successor should read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.models import Membership, User
from crm.accounts.reader import OFFICE, USER, seen_by
from crm.core.contributions import Handed, Reading
from crm.core.errors import Missing
from crm.core.templates import show_date
from crm.people.models import Person
from crm.people.queries.visible import sees
from crm.tasks.models import HandOver, Task

_MOST = 200


@dataclass(frozen=True)
class Part:
    """Of a reading list; ``moves``: whether it goes to the successor, or is for reading alone."""

    label: str
    lines: Sequence[Reading]
    moves: bool


def reading_list(session: Session, actor: Actor, user_id: UUID, handed: Sequence[Handed]) -> list[Part]:
    parts = (Part(str(part.label), part.ask(session, actor, user_id), part.move is not None) for part in handed)
    return [part for part in parts if part.lines]


def leavers(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """(id, name) of everybody who has, or had, a post in the reader's office."""
    rows = select(col(User.id), col(User.name)).join(Membership, col(Membership.user_id) == col(User.id))
    rows = rows.where(col(Membership.office_id) == actor.office_id).distinct().order_by(col(User.name))
    return [(str(id), name) for id, name in session.execute(rows)]


def hand_overs(session: Session, actor: Actor) -> list[tuple[HandOver, str, str]]:
    """Of the reader's office, the newest first, with both names."""
    leaver, successor = aliased(User), aliased(User)
    rows = (
        select(HandOver, col(leaver.name), col(successor.name))
        .join(leaver, col(leaver.id) == col(HandOver.from_id))
        .join(successor, col(successor.id) == col(HandOver.to_id))
        .where(col(HandOver.office_id) == actor.office_id)
        .order_by(col(HandOver.id).desc())
        .limit(_MOST)
    )
    return [(done, one, other) for done, one, other in session.execute(rows)]


def own_hand_over(session: Session, actor: Actor, id: UUID) -> HandOver:
    done = session.get(HandOver, id)
    if done is None or done.office_id != actor.office_id:
        raise Missing()
    return done


UNREAD_COUNT = (
    select(func.count())
    .select_from(HandOver)
    .where(col(HandOver.office_id) == OFFICE, col(HandOver.to_id) == USER, col(HandOver.read_at).is_(None))
    .scalar_subquery()
)
"""Reading lists that wait for the reader."""


def open_promises(session: Session, actor: Actor, user_id: UUID) -> list[Reading]:
    """With whom each is about, as far as the reader sees them."""
    rows = (
        select(Task, Person)
        .outerjoin(Person, and_(col(Person.id) == col(Task.person_id), sees(col(Task.person_id))))
        .where(*promised_by(actor, user_id))
        .order_by(col(Task.due), col(Task.id))
        .limit(_MOST)
    )
    return [
        Reading(task.title, f"/tasks/{task.id}", _second(task, person))
        for task, person in session.execute(rows, seen_by(actor))
    ]


def _second(task: Task, person: Person | None) -> str:
    due = show_date(task.due, "medium")
    return f"{due} · {person.kanji or person.full_name}" if person else due


def promised_by(actor: Actor, user_id: UUID) -> tuple[Any, ...]:
    """Conditions on ``task``."""
    return (
        col(Task.office_id) == actor.office_id,
        col(Task.assignee_id) == user_id,
        col(Task.done_at).is_(None),
    )
