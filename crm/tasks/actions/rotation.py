"""Rotation: a term ends, and what was promised goes to the successor."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session

from crm.accounts.access import Actor
from crm.accounts.journal import record
from crm.accounts.queries import colleagues
from crm.core.columns import now
from crm.core.contributions import Handed
from crm.core.errors import WrongField
from crm.core.i18n import lazy_gettext as _l
from crm.tasks.forms import RotationForm
from crm.tasks.models import HandOver, Task
from crm.tasks.queries.rotation import leavers, promised_by


def hand_over(session: Session, actor: Actor, handed: Sequence[Handed], data: RotationForm) -> HandOver:
    """Everything that moves goes to the successor, who is a colleague of today."""
    if str(data.leaver) not in dict(leavers(session, actor)):
        raise WrongField("leaver", _l("Please choose one of the options."))
    if str(data.successor) not in dict(colleagues(session, actor)):
        raise WrongField("successor", _l("Please choose somebody who works in your office now."))
    if data.leaver == data.successor:
        raise WrongField("successor", _l("Please choose somebody else."))
    moved = sum(part.move(session, actor, data.leaver, data.successor) for part in handed if part.move)
    done = HandOver(office_id=actor.office_id, from_id=data.leaver, to_id=data.successor, note=data.note, moved=moved)
    session.add(done)
    session.flush()
    record(session, actor, "handed_over", done, {"user": [data.leaver, data.successor], "rows": moved})
    return done


def mark_read(session: Session, actor: Actor, done: HandOver) -> None:
    if done.to_id == actor.user_id and done.read_at is None:
        done.read_at = now()
        session.flush()
        record(session, actor, "confirmed", done)


def move_promises(session: Session, actor: Actor, from_id: UUID, to_id: UUID) -> int:
    rows = session.execute(select(Task).where(*promised_by(actor, from_id)).with_for_update()).scalars().all()
    for task in rows:
        task.assignee_id = to_id
    session.flush()
    return len(rows)
