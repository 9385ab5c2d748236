"""The day's follow-ups by mail, each morning where the office is, to whoever wants them."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.acting import actor_for
from crm.accounts.journal import record
from crm.accounts.queries import current_posts
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
        open_ones = select(col(DailySummary.id)).where(col(DailySummary.ended_at).is_(None))
        ids = list(session.execute(open_ones).scalars())
    return sum(_send(database, id, base_url, at) for id in ids)


def _send(database: Database, id: UUID, base_url: str, at: datetime) -> bool:
    with database.writing() as session:
        stored = session.get_one(DailySummary, id, with_for_update=True)
        if not any(office.id == stored.office_id for _post, office in current_posts(session, stored.user_id)):
            stored.ended_at = at
            return False
        actor = actor_for(session, stored.office_id, stored.user_id)
        there = at.astimezone(ZoneInfo(actor.zone))
        if there.hour < MORNING or (stored.last_on and stored.last_on >= there.date()):
            return False
        stored.last_on = there.date()
        agenda = agenda_of(session, actor)
        if not agenda.due:
            return False
        post(session, daily_summary(actor, agenda.due, agenda.later, f"{base_url}/tasks/calendar"))
        return True
