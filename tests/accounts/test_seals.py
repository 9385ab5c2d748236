"""The daily seal of the journal: whoever changes the database without the key is found out, to the day."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from crm.accounts.actions.sealing import seal_journal
from crm.accounts.models import JournalEntry, JournalSeal
from crm.accounts.queries.seals import Verdict, verify_journal
from crm.core.db import Database
from tests.factories.accounts import a_post

pytestmark = pytest.mark.both
KEY = b"a key that the database does not hold"
MONDAY = date(2026, 11, 2)


def on(day: int, hour: int = 12) -> datetime:
    """So many days after that Monday."""
    return datetime(MONDAY.year, MONDAY.month, MONDAY.day, hour, tzinfo=UTC) + timedelta(days=day)


def a_line(session: Session, at: datetime, **changes: Any) -> JournalEntry:
    line = JournalEntry(created_at=at, verb="changed", subject_kind="person", changes=changes or None)
    session.add(line)
    session.flush()
    return line


@pytest.fixture
def sealed(database: Database) -> Database:
    """Monday to Wednesday, two lines each, sealed on Thursday."""
    with database.writing() as session:
        for day in range(3):
            a_line(session, on(day), kana=["", "おおの"], unit=["a", "b"])
            a_line(session, on(day, 18))
    assert [seal.lines for seal in seal_journal(database, KEY, on(3))] == [2, 2, 2]
    return database


def verified(database: Database, key: bytes = KEY, kept: dict[date, str] | None = None) -> Verdict:
    with database.reading() as session:
        return verify_journal(session, key, kept)


def lines_of(session: Session, day: int) -> list[JournalEntry]:
    of_day = select(JournalEntry).where(JournalEntry.sealed_on == MONDAY + timedelta(days=day))
    return list(session.exec(of_day.order_by(col(JournalEntry.id))))


def test_what_nobody_touched_is_as_it_was_sealed(sealed: Database) -> None:
    assert verified(sealed) == Verdict(days=3, lines=6)
    assert seal_journal(sealed, KEY, on(3)) == []


def test_today_and_the_first_hour_after_midnight_wait(database: Database) -> None:
    with database.writing() as session:
        a_line(session, on(0))
    assert seal_journal(database, KEY, on(0, 23)) == []
    assert seal_journal(database, KEY, on(1, 0)) == []
    assert verified(database) == Verdict(waiting=1)
    assert [seal.day for seal in seal_journal(database, KEY, on(1, 1))] == [MONDAY]


@pytest.mark.parametrize(
    "changed",
    [
        {"verb": "exported"},
        {"subject_kind": "listing"},
        {"created_at": on(1, 13)},
        {"changes": {"kana": ["", "こうの"], "unit": ["a", "b"]}},
        {"payload_digest": "0" * 64},
        {"sealed_on": MONDAY},
    ],
)
def test_a_changed_line_breaks_its_day(sealed: Database, changed: dict[str, Any]) -> None:
    with sealed.writing() as session:
        line = lines_of(session, 1)[0]
        session.execute(update(JournalEntry).where(col(JournalEntry.id) == line.id).values(**changed))
    broken = verified(sealed)
    assert broken.broken == (MONDAY if "sealed_on" in changed else MONDAY + timedelta(days=1))
    assert broken.reason


def test_another_doer_breaks_the_day(sealed: Database) -> None:
    with sealed.writing() as session:
        line = lines_of(session, 2)[1]
        line.actor_id = a_post(session).actor.user_id
    assert verified(sealed).broken == MONDAY + timedelta(days=2)


def test_a_removed_or_added_line_breaks_its_day(sealed: Database) -> None:
    with sealed.writing() as session:
        session.delete(lines_of(session, 2)[0])
    assert verified(sealed).reason == "It has 1 lines; 2 were sealed."
    with sealed.writing() as session:
        a_line(session, on(1)).sealed_on = MONDAY + timedelta(days=1)
    assert verified(sealed).broken == MONDAY + timedelta(days=1)


def test_the_seal_is_not_made_without_the_key(sealed: Database) -> None:
    assert verified(sealed, b"another key").broken == MONDAY
    with sealed.writing() as session:
        session.delete(lines_of(session, 2)[0])
        session.execute(delete(JournalSeal).where(col(JournalSeal.day) == MONDAY + timedelta(days=2)))
    seal_journal(sealed, b"guessed", on(3))
    assert verified(sealed).broken == MONDAY + timedelta(days=2)


def test_a_day_taken_out_whole_is_missed_by_the_next(sealed: Database) -> None:
    with sealed.writing() as session:
        for model, column in ((JournalEntry, JournalEntry.sealed_on), (JournalSeal, JournalSeal.day)):
            session.execute(delete(model).where(col(column) == MONDAY + timedelta(days=1)))
    assert verified(sealed).broken == MONDAY + timedelta(days=2)


def test_only_a_seal_kept_outside_betrays_that_the_end_was_cut_off(sealed: Database) -> None:
    with sealed.writing() as session:
        kept = {seal.day: seal.digest for seal in session.exec(select(JournalSeal))}
        for model, column in ((JournalEntry, JournalEntry.sealed_on), (JournalSeal, JournalSeal.day)):
            session.execute(delete(model).where(col(column) == MONDAY + timedelta(days=2)))
    assert verified(sealed).broken is None
    assert verified(sealed, kept=kept).broken == MONDAY + timedelta(days=2)


def test_erased_detail_leaves_the_seal_whole(sealed: Database) -> None:
    with sealed.writing() as session:
        lines_of(session, 0)[0].changes = None
    assert verified(sealed) == Verdict(days=3, lines=6, emptied=1)


def test_a_line_that_comes_late_is_covered_by_the_next_seal(sealed: Database) -> None:
    with sealed.writing() as session:
        a_line(session, on(2, 23), name="late")
    assert seal_journal(sealed, KEY, on(3)) == []
    assert [seal.day for seal in seal_journal(sealed, KEY, on(4))] == [MONDAY + timedelta(days=3)]
    assert verified(sealed) == Verdict(days=4, lines=7)


def test_a_seal_that_was_begun_is_finished(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine stopped after the first lines were marked."""
    monkeypatch.setattr("crm.accounts.actions.sealing._AT_ONCE", 2)
    with database.writing() as session:
        lines = [a_line(session, on(0, hour), row=hour) for hour in range(5)]
        lines[0].sealed_on = MONDAY
        a_line(session, on(1))
    assert [(seal.day, seal.lines) for seal in seal_journal(database, KEY, on(2))] == [
        (MONDAY, 5),
        (MONDAY + timedelta(days=1), 1),
    ]
