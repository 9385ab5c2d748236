"""An event with 10,000 guests: letters queued and sent, 300 badges. Its pages are measured with the others."""

import json
import os
import smtplib
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, select

from crm.accounts.access import Actor
from crm.core.columns import new_id, now
from crm.core.db import Database
from crm.core.documents import pdf
from crm.core.mail import LetterState, OutboxLetter
from crm.core.settings import Settings, read_settings
from crm.events.actions.sending import write_batch
from crm.events.documents import badges
from crm.events.models import Admission, Event, Guest, LetterKind, Reply
from crm.letters.delivery import as_message, deliver
from crm.people.rows import insert_rows
from tests.benchmarks.pages import Job, Post
from tests.databases import prepare
from tests.factories.accounts import an_actor
from tests.factories.events import a_door, an_event, write_texts

GUESTS = 10_000
SENT, ROUNDS = 400, 5
POSTS = 1_000


@dataclass(frozen=True)
class Figures:
    queued: float
    """CPU seconds for ``GUESTS`` letters."""
    share: float
    """Of the rate of a bare loop that builds and sends the same messages on one connection."""
    badges: float
    """Seconds for 300."""


def add_guests(session: Session, event: Event, number: int, **said: Any) -> None:
    rows = []
    for place in range(number):
        name = f"Invented{place:05d} Guest"
        guest = Guest(
            id=new_id(), event_id=event.id, office_id=event.office_id, name=name, sort_key=name.lower(),
            words=name.lower(), email=f"guest{place}@example.org", institution="Invented Institute", language="en",
            version=1, **said,
        )  # fmt: skip
        rows.append(guest.model_dump())
    insert_rows(session, Guest, rows)


def event_jobs(url: str) -> list[Job]:
    """Pages of a public event with ``GUESTS`` guests, answers of some of them, and arrivals."""
    with Database(url).writing() as session:
        actor = an_actor(session, "attache", "us-bos")
        event = session.exec(select(Event).where(Event.budget == GUESTS)).first()
        if event is None:
            event = an_event(session, actor, admission=Admission.REGISTRATION, is_public=True, venue_capacity=GUESTS)
            event.budget = GUESTS
            add_guests(session, event, GUESTS, reply=Reply.VENUE, places=1, invited_at=now())
        guests = session.exec(select(Guest).where(Guest.event_id == event.id).limit(POSTS)).all()
        answers = [Post(a_door(session, guest, event), "reply=in_person&photo=no") for guest in guests]
        path, sync = f"/events/{event.id}", f"/events/{event.id}/door/sync"
        said = [{"guest": str(guest.id), "place": 0, "at": now().isoformat()} for guest in guests]
        arrivals = [
            Post(sync, json.dumps({"arrivals": [each], "since": now().isoformat()}), "application/json")
            for each in said
        ]
    return [
        Job("guest list of 10,000", f"{path}/guests", 12, 12),
        Job("answer by a guest", "", 8, 8, signed_in=False, posts=answers),
        Job("check-in", "", 5, 5, posts=arrivals),
        Job("public event page", f"/en/events/{event.id}", 3, 3, signed_in=False),
    ]


def measure_events(server: str) -> Figures:
    with tempfile.TemporaryDirectory() as folder, sink() as smtp:
        database = Database(server or f"sqlite:///{folder}/events.sqlite3")
        prepare(database)
        with database.writing() as session:
            actor = an_actor(session)
            event = an_event(session, actor)
            write_texts(session, actor, event)
            add_guests(session, event, GUESTS)
        queued = queue(database, actor, event)
        return Figures(queued, share_of_bare(database, smtp), print_badges(event))


def queue(database: Database, actor: Actor, event: Event) -> float:
    said = {
        "kind": LetterKind.INVITE.value, "base_url": "https://example.org", "starts": now().isoformat(),
        "per_minute": 10**9,
    }  # fmt: skip

    def write() -> None:
        left = 1
        while left:
            with database.writing() as session:
                _written, left = write_batch(session, actor, session.get_one(Event, event.id), said)

    return _seconds(write)


def share_of_bare(database: Database, smtp: str) -> float:
    """The best of ``ROUNDS`` in turn, by the processor's time: waiting for the mail server is the same for both."""
    settings = replace(read_settings({"CRM_DATA_DIR": "/tmp"}), smtp_url=smtp)  # noqa: S108 (nothing is written there)
    with database.writing() as session:
        session.execute(update(OutboxLetter).values(state=LetterState.STOPPED))
        ids = list(session.execute(select(col(OutboxLetter.id)).limit(SENT * ROUNDS)).scalars())
    bare, ours = [], []
    for start in range(0, len(ids), SENT):
        chosen = col(OutboxLetter.id).in_(ids[start : start + SENT])
        with database.reading() as session:
            letters = session.exec(select(OutboxLetter).where(chosen)).all()
        bare.append(_seconds(lambda letters=letters: send_plainly(letters, settings)))  # type: ignore[misc]
        with database.writing() as session:
            session.execute(update(OutboxLetter).where(chosen).values(state=LetterState.QUEUED))
        ours.append(_seconds(lambda: deliver(database, settings)))
    return min(bare) / min(ours)


def send_plainly(letters: Sequence[OutboxLetter], settings: Settings) -> None:
    with smtplib.SMTP("127.0.0.1", int(settings.smtp_url.rpartition(":")[2])) as server:
        for letter in letters:
            server.send_message(as_message(letter, settings))


def _seconds(act: Callable[[], object]) -> float:
    started = time.process_time()
    act()
    return time.process_time() - started


def print_badges(event: Event) -> float:
    made = [
        Guest(event_id=event.id, office_id=event.office_id, name=f"高瀬 {number}", institution="Invented Institute")
        for number in range(300)
    ]
    started = time.perf_counter()
    pdf("events/badges", badges(event, made, {}))
    return time.perf_counter() - started


_SINK = """
import asyncio, json, sys
from aiosmtpd.controller import Controller
class Sink:
    async def handle_DATA(self, server, session, envelope):
        return "250 OK"
controller = Controller(Sink(), hostname="127.0.0.1", port=int(sys.argv[1]))
controller.start()
print(json.dumps("ready"), flush=True)
sys.stdin.read()
"""


@contextmanager
def sink(port: int = 8793) -> Iterator[str]:
    """A mail server in a process of its own that takes everything and keeps nothing."""
    command = [sys.executable, "-c", _SINK, str(port)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=dict(os.environ)) as server:
        assert server.stdout and json.loads(server.stdout.readline()) == "ready"
        yield f"smtp://127.0.0.1:{port}"
        server.kill()
