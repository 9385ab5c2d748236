"""Letters leave once, in order, over a real mail server."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import Session, select

from crm.core.columns import now
from crm.core.db import Database
from crm.core.mail import Letter, LetterState, OutboxLetter, post
from crm.core.settings import Settings
from crm.letters.delivery import deliver

pytestmark = pytest.mark.both


def write(session: Session, to: str = "mari.takase@example.org") -> OutboxLetter:
    return post(session, Letter("listing_request", to, "高瀬真理", "掲載のお願い", "本文\n\nhttps://x.example", "ja"))


def stored(database: Database) -> list[OutboxLetter]:
    with database.reading() as session:
        return list(session.exec(select(OutboxLetter).order_by(OutboxLetter.id)))  # type: ignore[arg-type]


def test_without_a_mail_server_everything_stays_queued(database: Database, settings: Settings) -> None:
    with database.writing() as session:
        write(session)
    assert deliver(database, settings) == 0
    assert [letter.state for letter in stored(database)] == [LetterState.QUEUED]


def test_each_letter_is_sent_once_with_its_message_id(database: Database, settings: Settings, smtp: Any) -> None:
    with database.writing() as session:
        for number in range(25):
            write(session, f"person{number}@example.org")
    served = replace(settings, smtp_url=smtp.url)
    assert deliver(database, served) == 25
    assert deliver(database, served) == 0
    letters = stored(database)
    assert {letter.state for letter in letters} == {LetterState.SENT}
    assert sorted(m["Message-ID"] for m in smtp.letters) == sorted(letter.message_id for letter in letters)


def test_a_letter_in_doubt_is_sent_again_with_the_same_message_id(
    database: Database, settings: Settings, smtp: Any
) -> None:
    with database.writing() as session:
        letter = write(session)
        letter.state, letter.attempts, letter.due_at = LetterState.SENDING, 1, now() + timedelta(minutes=5)
    served = replace(settings, smtp_url=smtp.url)
    assert deliver(database, served) == 0
    with database.writing() as session:
        session.execute(update(OutboxLetter).values(due_at=now()))
    assert deliver(database, served) == 1
    assert smtp.letters[0]["Message-ID"] == letter.message_id


def test_an_unreachable_server_loses_nothing_and_waits_longer(database: Database, settings: Settings) -> None:
    with database.writing() as session:
        write(session)
    assert deliver(database, replace(settings, smtp_url="smtp://127.0.0.1:9")) == 0
    letter = stored(database)[0]
    assert letter.state is LetterState.QUEUED
    assert letter.attempts == 1
    assert letter.due_at > now() + timedelta(seconds=30)
