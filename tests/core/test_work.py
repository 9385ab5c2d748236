"""Background work: claimed once, tried again, taken over from the dead, begun once a period."""

from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import select

from crm.core.columns import now
from crm.core.contributions import JobHandler, Schedule
from crm.core.db import Database
from crm.core.work import MOST_ATTEMPTS, Job, JobRun, JobState, Worker, enqueue

pytestmark = pytest.mark.both


def add(database: Database, key: str = "") -> None:
    with database.writing() as session:
        enqueue(session, "count", key=key)


def only(database: Database) -> Job:
    with database.reading() as session:
        return session.exec(select(Job)).one()


def change(database: Database, **values: Any) -> None:
    with database.writing() as session:
        session.execute(update(Job).values(**values))


def a_worker(
    database: Database, runs: list[JobRun], fault: str = "", schedules: list[Schedule] | None = None
) -> Worker:
    def count(_: Database, job: JobRun) -> None:
        runs.append(job)
        if fault:
            raise RuntimeError(fault)

    return Worker(database, [JobHandler("count", count)], schedules or [])


def test_a_job_that_fails_waits_longer_each_time_and_is_given_up(database: Database) -> None:
    runs: list[JobRun] = []
    worker = a_worker(database, runs, "no such luck")
    add(database)
    pauses = []
    for attempt in range(1, MOST_ATTEMPTS):
        assert worker.run_all() == 1
        job = only(database)
        assert (job.state, job.attempts, job.error) == (JobState.WAITING, attempt, "RuntimeError: no such luck")
        pauses.append(job.run_at - now())
        change(database, run_at=now())
    assert pauses == sorted(pauses)
    assert pauses[-1] > 100 * pauses[0]
    worker.run_all()
    assert only(database).state == JobState.FAILED
    assert (worker.run_all(), len(runs)) == (0, MOST_ATTEMPTS)


def test_the_job_of_a_dead_worker_is_taken_over_when_its_lease_ends(database: Database) -> None:
    runs: list[JobRun] = []
    worker = a_worker(database, runs)
    add(database)
    change(database, state=JobState.RUNNING, worker="dead", leased_until=now() + timedelta(seconds=30), attempts=1)
    assert worker.run_all() == 0
    change(database, leased_until=now() - timedelta(seconds=1))
    assert worker.run_all() == 1
    assert (only(database).state, only(database).worker, runs[0].attempts) == (JobState.DONE, worker.name, 2)


def test_one_open_job_of_a_key(database: Database) -> None:
    runs: list[JobRun] = []
    for _ in range(2):
        add(database, key="same")
    assert a_worker(database, runs).run_all() == 1
    add(database, key="same")
    assert a_worker(database, runs).run_all() == 1


def test_several_workers_begin_what_is_regular_once(database: Database) -> None:
    runs: list[JobRun] = []
    often = [Schedule("count", timedelta(days=3650))]
    workers = [a_worker(database, runs, schedules=often) for _ in range(4)]
    together = Barrier(len(workers))

    def tick(worker: Worker) -> None:
        together.wait()
        worker.tick_schedules()

    threads = [Thread(target=tick, args=(worker,)) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(worker.ticks for worker in workers)
    assert sum(worker.run_all() for worker in workers) == 1


def test_an_idle_worker_asks_for_its_schedules_once_a_period(database: Database, count_queries: Any) -> None:
    worker = a_worker(database, [], schedules=[Schedule("count", timedelta(days=3650))])
    worker.tick_schedules()
    with count_queries(database) as statements:
        worker.tick_schedules()
    assert statements == []
