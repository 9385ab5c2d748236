"""Durable background work: rows that a worker claims with a lease, on SQLite and PostgreSQL alike.

A job is enqueued in the transaction of the change that wants it. It runs at least once: a worker that dies loses its
lease, and another takes the job over. Handlers therefore ask the database what is left to do.
"""

import signal
import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

import structlog
from sqlalchemy import Index, func, or_, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, Session, col

from crm.core.columns import UTCDateTime, choice, json_column, now, text_column
from crm.core.contributions import JobHandler, Schedule
from crm.core.db import Base, Database, Row

LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 6
log = structlog.get_logger()


class JobState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Job(Row, table=True):
    __tablename__ = "job"
    __table_args__ = (
        Index("ix_job_due", "state", "run_at"),
        Index(
            "uq_job_dedup_open",
            "kind",
            "dedup_key",
            unique=True,
            sqlite_where=text("state in ('waiting', 'running') and dedup_key is not null"),
            postgresql_where=text("state in ('waiting', 'running') and dedup_key is not null"),
        ),
    )

    kind: str
    payload: dict[str, Any] = Field(default_factory=dict, sa_type=json_column())
    dedup_key: str | None = None
    state: JobState = Field(default=JobState.WAITING, sa_type=choice(JobState))
    run_at: datetime = Field(default_factory=now, sa_type=UTCDateTime)
    leased_until: datetime | None = Field(default=None, sa_type=UTCDateTime)
    worker: str | None = None
    attempts: int = 0
    done: int = 0
    total: int = 0
    error: str | None = Field(default=None, sa_type=text_column())
    finished_at: datetime | None = Field(default=None, sa_type=UTCDateTime)

    @property
    def is_open(self) -> bool:
        return self.state in (JobState.WAITING, JobState.RUNNING)


class ScheduleTick(Base, table=True):
    """One row per schedule and period: whoever inserts it enqueues the job."""

    __tablename__ = "schedule_tick"
    name: str = Field(primary_key=True)
    tick: int = Field(primary_key=True)


@dataclass
class JobRun:
    """A claimed job in a handler's hands."""

    id: UUID
    kind: str
    payload: dict[str, Any]
    attempts: int
    database: Database = field(repr=False)

    def progress(self, done: int, total: int) -> None:
        """Show how far the work is and renew the lease; a short transaction of its own."""
        with self.database.writing() as session:
            values = {"done": done, "total": total, "leased_until": now() + LEASE}
            session.execute(update(Job).where(col(Job.id) == self.id).values(**values))


def enqueue(
    session: Session, kind: str, payload: Mapping[str, Any] | None = None, *, key: str = "", at: datetime | None = None
) -> Job | None:
    """Add a job to this transaction; with a ``key`` at most one open job of that kind and key exists (None: it did)."""
    if key:
        still_open = col(Job.state).in_([JobState.WAITING, JobState.RUNNING])
        same = select(col(Job.id)).where(col(Job.kind) == kind, col(Job.dedup_key) == key, still_open)
        if session.execute(same.limit(1)).first():
            return None
    job = Job(kind=kind, payload=dict(payload or {}), dedup_key=key or None, run_at=at or now())
    session.add(job)
    session.flush()
    return job


def newest_job(session: Session, kind: str, key: str) -> Job | None:
    """Running or done."""
    mine = select(Job).where(col(Job.kind) == kind, col(Job.dedup_key) == key)
    found: Job | None = session.execute(mine.order_by(col(Job.id).desc())).scalars().first()
    return found


class Worker:
    """Claims due jobs one at a time and runs their handlers."""

    def __init__(self, database: Database, handlers: list[JobHandler], schedules: list[Schedule]) -> None:
        self.database = database
        self.handlers = {handler.kind: handler for handler in handlers}
        self.schedules = schedules
        self.name = f"{socket.gethostname()}-{uuid4().hex[:8]}"
        self.stopping = threading.Event()
        self.ticks: dict[str, int] = {}
        """The last tick of each schedule that this worker has seen to: an idle one need not ask for them again."""

    def run_forever(self, pause: float = 0.5) -> None:
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, lambda *_: self.stopping.set())
        while not self.stopping.is_set():
            self.tick_schedules()
            if not self.run_one():
                self.stopping.wait(pause)

    def run_all(self) -> int:
        """Run until nothing is due; for tests and the command line. Returns the number of jobs run."""
        count = 0
        while self.run_one():
            count += 1
        return count

    def run_one(self) -> bool:
        job = self._claim()
        if job is None:
            return False
        renewal = _LeaseKeeper(self.database, job.id)
        try:
            with renewal:
                self.handlers[job.kind].run(self.database, job)
        except Exception as error:  # a job may fail in any way; the worker must outlive it
            log.exception("job failed", kind=job.kind, job=str(job.id))
            self._put_back(job, error)
        else:
            self._finish(job)
        return True

    def _claim(self) -> JobRun | None:
        moment = now()
        due = or_(
            (col(Job.state) == JobState.WAITING) & (col(Job.run_at) <= moment),
            (col(Job.state) == JobState.RUNNING) & (col(Job.leased_until) < moment),
        )
        wanted = select(col(Job.id)).where(due, col(Job.kind).in_(self.handlers)).order_by(col(Job.run_at)).limit(1)
        if not self.database.is_sqlite:
            wanted = wanted.with_for_update(skip_locked=True)
        claim = (
            update(Job)
            .where(col(Job.id).in_(wanted.scalar_subquery()))
            .values(state=JobState.RUNNING, leased_until=moment + LEASE, worker=self.name, attempts=Job.attempts + 1)
            .returning(col(Job.id), col(Job.kind), col(Job.payload), col(Job.attempts))
        )
        with self.database.reading() as session:
            if not session.execute(select(col(Job.id)).where(due).limit(1)).first():
                return None
        with self.database.writing() as session:
            row = session.execute(claim, execution_options={"synchronize_session": False}).first()
        return JobRun(row.id, row.kind, row.payload, row.attempts, self.database) if row else None

    def _finish(self, job: JobRun) -> None:
        with self.database.writing() as session:
            values = {"state": JobState.DONE, "finished_at": now(), "leased_until": None}
            session.execute(update(Job).where(col(Job.id) == job.id).values(**values))

    def _put_back(self, job: JobRun, error: Exception) -> None:
        last = job.attempts >= MOST_ATTEMPTS
        values: dict[str, Any] = {"error": f"{type(error).__name__}: {error}"[:2000], "leased_until": None}
        values |= {"state": JobState.FAILED if last else JobState.WAITING}
        values |= {"finished_at": now()} if last else {"run_at": now() + timedelta(seconds=5 * 4**job.attempts)}
        with self.database.writing() as session:
            session.execute(update(Job).where(col(Job.id) == job.id).values(**values))

    def tick_schedules(self) -> None:
        for schedule in self.schedules:
            tick = int(now().timestamp() // schedule.every.total_seconds())
            if self.ticks.get(schedule.kind) != tick:
                self._tick(schedule, tick)
                self.ticks[schedule.kind] = tick

    def _tick(self, schedule: Schedule, tick: int) -> None:
        """Once among all workers; the second of two at the same moment is refused by the key."""
        with self.database.reading() as session:
            if session.get(ScheduleTick, (schedule.kind, tick)):
                return
        with suppress(IntegrityError), self.database.writing() as session:
            if session.get(ScheduleTick, (schedule.kind, tick)) is None:
                session.add(ScheduleTick(name=schedule.kind, tick=tick))
                enqueue(session, schedule.kind, key="schedule")


class _LeaseKeeper:
    """Renews the lease of a running job from a thread of its own."""

    def __init__(self, database: Database, job_id: UUID) -> None:
        self.database, self.job_id = database, job_id
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._renew, daemon=True)

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.thread.join()

    def _renew(self) -> None:
        while not self.over.wait(LEASE.total_seconds() / 3):
            with self.database.writing() as session:
                statement = update(Job).where(col(Job.id) == self.job_id)
                session.execute(statement.values(leased_until=now() + LEASE))


def waiting_jobs(session: Session) -> int:
    counted = select(func.count()).select_from(Job).where(col(Job.state).in_([JobState.WAITING, JobState.RUNNING]))
    number: int = session.execute(counted).scalar_one()
    return number
