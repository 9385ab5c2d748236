"""The worker is killed in the middle of sending: nothing is lost, repeats are rare, visible, and of one Message-ID."""

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import col, func, select

from crm.core.columns import now
from crm.core.db import Database
from crm.core.mail import LetterState, OutboxLetter
from crm.core.settings import Settings
from crm.core.work import Job, JobState, enqueue
from crm.events.actions.sending import send
from crm.events.forms import SendForm
from crm.events.models import Guest, LetterKind
from tests.factories.accounts import an_actor
from tests.factories.events import an_event, write_texts

pytestmark = [pytest.mark.both, pytest.mark.long]
GUESTS = 2_000


def wait_for(condition: Callable[[], bool], seconds: float = 120) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it takes too long"
        time.sleep(0.05)


def ask_to_send(database: Database) -> None:
    """From an hour ago, so that all letters are due at once."""
    with database.writing() as session:
        actor = an_actor(session)
        event = an_event(session, actor)
        write_texts(session, actor, event)
        for number in range(GUESTS):
            name, email = f"Guest{number:04d} Example", f"guest{number}@example.org"
            session.add(Guest(event_id=event.id, office_id=event.office_id, name=name, email=email, sort_key=name))
        session.flush()
        earlier = (now() - timedelta(hours=1)).astimezone(event.starts_here.tzinfo).replace(tzinfo=None)
        form = SendForm(kind=LetterKind.INVITE, starts=earlier, per_minute=600)
        send(session, actor, event, "https://example.org", form)


def written(database: Database) -> int:
    with database.reading() as session:
        return int(session.execute(select(func.count()).select_from(OutboxLetter)).scalar_one())


def test_two_thousand_invitations_and_two_kills(database: Database, settings: Settings, smtp: Any) -> None:
    ask_to_send(database)
    Path(settings.data_dir).mkdir(parents=True, exist_ok=True)
    said = {"CRM_DATABASE_URL": database.url, "CRM_SMTP_URL": smtp.url, "CRM_DATA_DIR": str(settings.data_dir)}

    def start() -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "crm", "worker"]
        return subprocess.Popen(command, env={**os.environ, **said}, stderr=subprocess.DEVNULL)

    def kill(worker: subprocess.Popen[bytes]) -> None:
        worker.kill()
        worker.wait()

    worker = start()
    wait_for(lambda: written(database) >= 500)
    kill(worker)  # while the letters are being written
    hurry(database)
    worker = start()
    wait_for(lambda: len(smtp.letters) >= 300)
    kill(worker)  # while they are being sent
    with database.reading() as session:
        doubt = session.exec(select(OutboxLetter).where(OutboxLetter.state == LetterState.SENDING)).all()
    assert len(doubt) <= 20  # shown as "being sent, or in doubt"
    hurry(database)
    worker = start()
    try:
        wait_for(lambda: left(database) == 0 and written(database) == GUESTS)
    finally:
        kill(worker)
    sent = Counter(letter["Message-ID"] for letter in smtp.letters)
    assert len(sent) == GUESTS and {letter["To"] for letter in smtp.letters} == recipients(database)
    assert sum(sent.values()) - GUESTS <= 2


def hurry(database: Database) -> None:
    """Nobody waits in a test until a lease has run out, or until a letter in doubt is sent again."""
    with database.writing() as session:
        session.execute(update(Job).where(col(Job.state) == JobState.RUNNING).values(leased_until=now()))
        doubt = col(OutboxLetter.state) == LetterState.SENDING
        session.execute(update(OutboxLetter).where(doubt).values(due_at=now()))


def left(database: Database) -> int:
    """Letters that have not left; the clock's own tick would come in a minute."""
    with database.writing() as session:
        enqueue(session, "letters:send", key="schedule")
        waiting = col(OutboxLetter.state).in_([LetterState.QUEUED, LetterState.SENDING])
        return int(session.execute(select(func.count()).select_from(OutboxLetter).where(waiting)).scalar_one())


def recipients(database: Database) -> set[str]:
    with database.reading() as session:
        return {
            f'"{letter.to_name}" <{letter.to}>' if "," in letter.to_name else f"{letter.to_name} <{letter.to}>"
            for letter in session.exec(select(OutboxLetter))
        }
