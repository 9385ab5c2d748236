"""The day's follow-ups by mail, each morning where the office is, to whoever wants them."""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.acting import actor_now
from crm.accounts.journal import record
from crm.accounts.models import Office
from crm.core.columns import now
from crm.core.db import Database
from crm.core.mail import post
from crm.core.settings import read_settings
from crm.core.work import JobRun
from crm.tasks.letters import daily_summary
from crm.tasks.models import DailySummary
from crm.tasks.queries import agenda_of

SUMMARIES = "tasks:summaries"
MORNING = 7
"""The hour, where the office is."""


def wish_of(session: Session, actor: Actor) -> DailySummary | None:
    mine = select(DailySummary).where(
        col(DailySummary.user_id) == actor.user_id,
        col(DailySummary.office_id) == actor.office_id,
        col(DailySummary.ended_at).is_(None),
    )
    found: DailySummary | None = session.execute(mine).scalars().first()
    return found


def wish(session: Session, actor: Actor, wanted: bool) -> None:
    """The first one comes tomorrow: today's is on the page already."""
    stored = wish_of(session, actor)
    if stored and not wanted:
        stored.ended_at = now()
        record(session, actor, "withdrawn", stored)
    elif wanted and not stored:
        stored = DailySummary(user_id=actor.user_id, office_id=actor.office_id, last_on=actor.today)
        session.add(stored)
        session.flush()
        record(session, actor, "added", stored)


def run_summaries(database: Database, _job: JobRun) -> None:
    send_summaries(database, read_settings().base_url, now())


def send_summaries(database: Database, base_url: str, at: datetime) -> int:
    """Returns how many letters were written. Each is a transaction of its own; a day that was looked at is over."""
    with database.reading() as session:
        rows = session.execute(_OPEN).all()
    due = [id for id, zone, last_on in rows if _morning(at, zone, last_on)]
    return sum(_send(database, id, base_url, at) for id in due)


_OPEN = (
    select(col(DailySummary.id), col(Office.zone), col(DailySummary.last_on))
    .join(Office, col(Office.id) == col(DailySummary.office_id))
    .where(col(DailySummary.ended_at).is_(None))
)


def _morning(at: datetime, zone: str, last_on: date | None) -> date | None:
    """The day, where the office is, that is to be looked at now."""
    there = at.astimezone(ZoneInfo(zone))
    return there.date() if there.hour >= MORNING and (last_on is None or last_on < there.date()) else None


def _send(database: Database, id: UUID, base_url: str, at: datetime) -> bool:
    with database.writing() as session:
        stored = session.get_one(DailySummary, id, with_for_update=True)
        actor = actor_now(session, stored.office_id, stored.user_id)
        if actor is None:
            stored.ended_at = at
            return False
        today = _morning(at, actor.zone, stored.last_on)
        if today is None or stored.ended_at:
            return False
        stored.last_on = today
        agenda = agenda_of(session, actor)
        if not agenda.due:
            return False
        post(session, daily_summary(actor, agenda.due, agenda.later, f"{base_url}/tasks/calendar"))
        return True
