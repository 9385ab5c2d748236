"""Letters of an event: checked as typed, each in the guest's language, once, at a pace, held and let go."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from icalendar import Calendar
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from crm.accounts.access import Actor
from crm.core.columns import now
from crm.core.db import Database
from crm.core.mail import LetterState, OutboxLetter
from crm.core.settings import Settings
from crm.core.work import Worker
from crm.events.models import Event, Guest, GuestLetter, LetterKind, Objection, Reply, Reserve
from crm.letters.delivery import deliver
from crm.people.models import ContactKind, ContactPoint, ContactState
from tests.conftest import SignIn
from tests.factories.accounts import an_actor
from tests.factories.events import a_guest, an_event, guests, write_texts
from tests.factories.people import a_person

pytestmark = pytest.mark.both


def ready(session: Session, **said: Any) -> tuple[Actor, Event]:
    """An event whose invitation is written."""
    actor = an_actor(session)
    event = an_event(session, actor, **said)
    write_texts(session, actor, event)
    return actor, event


def letters(database: Database) -> list[OutboxLetter]:
    with database.reading() as session:
        return list(session.exec(select(OutboxLetter).order_by(col(OutboxLetter.to))))


def send(desk: TestClient, event: Event, kind: str = "event_invitation", **said: Any) -> Any:
    return desk.post(f"/events/{event.id}/letters/send", data={"kind": kind, "per_minute": 600, **said})


def test_each_guest_gets_the_invitation_in_their_language(
    sign_in: SignIn, database: Database, worker: Worker, settings: Settings, smtp: Any
) -> None:
    with database.writing() as session:
        actor, event = ready(session, dress={"en": "Business attire"}, companions=2)
        guests(session, actor, event, a_person(session, actor))
        a_guest(session, actor, event, "Ann Example", title="Professor", partner="Bo Example")
        a_guest(session, actor, event, "Ida Example", title="Ambassador", assistant="desk@example.org")
    desk = sign_in()
    assert "3 letters will be written." in desk.get(f"/events/{event.id}/letters").text
    assert send(desk, event).status_code == 303
    worker.run_all()
    deliver(database, replace(settings, smtp_url=smtp.url))
    by_address = {letter["To"]: letter for letter in smtp.letters}
    assert len(by_address) == 3
    [japanese] = [one for to, one in by_address.items() if "takase" in to]
    [english] = [one for to, one in by_address.items() if "ann@" in to]
    [ambassador] = [one for to, one in by_address.items() if "desk@" in to]
    text, calendar = (part.get_payload(decode=True).decode() for part in japanese.get_payload())
    assert text.startswith("高瀬 真理 先生") and "研究者交流会" in text and "/ja/invitation/" in text
    entry = Calendar.from_ical(calendar).walk("VEVENT")[0]
    assert entry.decoded("dtstart") == event.starts_at and str(entry["summary"]) == "研究者交流会"
    words = english.get_payload()[0].get_payload(decode=True).decode()
    assert words.startswith("Dear Professor Example and Bo Example,")
    assert "Dress: Business attire" in words and "up to 2" in words and "/en/invitation/" in words
    assert ambassador.get_payload()[0].get_payload(decode=True).decode().startswith("Your Excellency,")
    assert ambassador["List-Unsubscribe"] is None


def test_lines_whose_fields_are_empty_are_left_out(database: Database, sign_in: SignIn, worker: Worker) -> None:
    with database.writing() as session:
        actor, event = ready(session)
        a_guest(session, actor, event)
    send(sign_in(), event)
    worker.run_all()
    [letter] = letters(database)
    assert "Dress:" not in letter.text and "Accompanying" not in letter.text and "{" not in letter.text
    assert "\n\n\n" not in letter.text


def test_sending_twice_or_after_a_crash_writes_to_nobody_twice(
    database: Database, sign_in: SignIn, worker: Worker
) -> None:
    with database.writing() as session:
        actor, event = ready(session)
        for number in range(5):
            a_guest(session, actor, event, f"Guest{number} Example")
    desk = sign_in()
    send(desk, event)
    send(desk, event)
    worker.run_all()
    again = send(desk, event)
    assert again.status_code == 422 and "There is nobody to write to." in again.text
    assert len(letters(database)) == 5


def test_a_batch_that_fails_in_the_middle_leaves_nothing_half_done(
    database: Database, sign_in: SignIn, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    from crm.events.actions import sending

    with database.writing() as session:
        actor, event = ready(session)
        for number in range(6):
            a_guest(session, actor, event, f"Guest{number} Example")
    send(sign_in(), event)
    monkeypatch.setattr(sending, "BATCH", 2)
    whole, calls = sending.write_batch, []

    def breaks(*args: Any) -> Any:
        calls.append(1)
        written = whole(*args)
        if len(calls) == 2:
            raise RuntimeError("the power is gone")
        return written

    monkeypatch.setattr(sending, "write_batch", breaks)
    worker.run_all()
    assert len(letters(database)) == 2
    monkeypatch.setattr(sending, "write_batch", whole)
    with database.writing() as session:
        from crm.core.work import Job

        for job in session.exec(select(Job)):
            job.run_at = now()
    worker.run_all()
    assert len({letter.to for letter in letters(database)}) == len(letters(database)) == 6


@pytest.mark.parametrize(
    ("subject", "body", "sentence"),
    [
        ("Hello {nmae}", "{link}", "There is no field {nmae}."),
        ("Hello", "{link} {", "A brace is open."),
        ("Hello", "Come!", "The text leads to no answer"),
        (" ", "{link}", "Please fill this in."),
        ("H" * 301, "{link}", "300 characters"),
    ],
)
def test_fields_are_checked_as_they_are_saved(
    database: Database, sign_in: SignIn, subject: str, body: str, sentence: str
) -> None:
    with database.writing() as session:
        _actor, event = ready(session)
    said = {"kind": "event_invitation", "subject.en": subject, "body.en": body}
    answer = sign_in().post(f"/events/{event.id}/letters", data=said)
    assert answer.status_code == 422 and sentence in answer.text.replace("&#39;", "'")
    assert body in answer.text.replace("&#39;", "'")


def test_nothing_is_sent_while_a_language_is_missing(database: Database, sign_in: SignIn) -> None:
    with database.writing() as session:
        actor = an_actor(session)
        event = an_event(session, actor)
        a_guest(session, actor, event)
    desk = sign_in()
    page = desk.get(f"/events/{event.id}/letters").text
    assert "The text in English is missing" in page and "not saved yet" in page
    assert send(desk, event).status_code == 422
    said = {"kind": "event_invitation", "subject.en": "Come", "body.en": "{salutation}\n{link}"}
    assert desk.post(f"/events/{event.id}/letters", data=said).status_code == 303
    assert send(desk, event).status_code == 303


def test_it_can_be_looked_at_as_a_guest_and_tried_on_oneself(
    database: Database, sign_in: SignIn, worker: Worker
) -> None:
    with database.writing() as session:
        actor, event = ready(session)
        guest = a_guest(session, actor, event, "Ann Example", title="Dr")
    desk = sign_in()
    page = desk.get(f"/events/{event.id}/letters?guest={guest.id}").text
    assert "Dear Dr Example," in page and "ann@example.org" in page
    assert desk.post(f"/events/{event.id}/letters/test", data={"kind": "event_invitation"}).status_code == 303
    tests = letters(database)
    assert {letter.kind for letter in tests} == {"event_test"} and len(tests) == 2
    with database.reading() as session:
        assert session.get_one(Guest, guest.id).invited_at is None


def test_the_reserve_objectors_and_the_unreachable_are_not_written_to(
    database: Database, sign_in: SignIn, worker: Worker
) -> None:
    with database.writing() as session:
        actor, event = ready(session)
        a_guest(session, actor, event, "Ann Example")
        a_guest(session, actor, event, "Bea Example", reserve=Reserve.B)
        a_guest(session, actor, event, "Cid Example", email=None)
        late = a_guest(session, actor, event, "Dan Example")
        session.add(Objection(office_id=event.office_id, email=late.email))
    desk = sign_in()
    page = desk.get(f"/events/{event.id}/letters").text
    assert "1 guest has no address" in page and "1 guest wants no invitations" in page
    send(desk, event)
    worker.run_all()
    assert [letter.to for letter in letters(database)] == ["ann@example.org"]


@pytest.mark.parametrize("state", [ContactState.DO_NOT_USE, ContactState.UNSUBSCRIBED])
def test_who_asked_since_then_not_to_be_contacted_is_not_written_to(
    database: Database, sign_in: SignIn, worker: Worker, state: ContactState
) -> None:
    with database.writing() as session:
        actor, event = ready(session)
        guests(session, actor, event, a_person(session, actor))
        a_guest(session, actor, event, "Ann Example")
        for point in session.exec(select(ContactPoint).where(ContactPoint.kind == ContactKind.EMAIL)):
            point.state = state
    desk = sign_in()
    assert "1 guest wants no invitations" in desk.get(f"/events/{event.id}/letters").text
    send(desk, event)
    worker.run_all()
    assert [letter.to for letter in letters(database)] == ["ann@example.org"]


def test_only_the_silent_are_reminded_and_not_at_once(database: Database, sign_in: SignIn, worker: Worker) -> None:
    with database.writing() as session:
        actor, event = ready(session)
        write_texts(session, actor, event, LetterKind.REMINDER)
        silent = a_guest(session, actor, event, "Ann Example")
        a_guest(session, actor, event, "Bea Example").reply = Reply.NO
        for guest in session.exec(select(Guest)):
            guest.invited_at = now() - timedelta(days=5)
    desk = sign_in()
    send(desk, event, "event_reminder")
    worker.run_all()
    assert [letter.to for letter in letters(database)] == [silent.email]
    assert "There is nobody to write to." in send(desk, event, "event_reminder").text


def test_letters_leave_at_a_pace_from_a_time_there(database: Database, sign_in: SignIn, worker: Worker) -> None:
    with database.writing() as session:
        actor, event = ready(session)
        for number in range(5):
            a_guest(session, actor, event, f"Guest{number} Example")
    starts = (now() + timedelta(days=1)).astimezone(event.starts_here.tzinfo).replace(microsecond=0, second=0)
    send(sign_in(), event, starts=starts.strftime("%Y-%m-%dT%H:%M"), per_minute=2)
    worker.run_all()
    waits = sorted((letter.due_at - starts).total_seconds() for letter in letters(database))
    assert waits == [0, 0, 60, 60, 120]


def test_what_has_not_left_is_held_and_let_go(database: Database, sign_in: SignIn, worker: Worker) -> None:
    with database.writing() as session:
        actor, event = ready(session)
        for number in range(3):
            a_guest(session, actor, event, f"Guest{number} Example")
    desk = sign_in()
    send(desk, event)
    worker.run_all()
    with database.writing() as session:
        session.exec(select(OutboxLetter).limit(1)).one().state = LetterState.SENT
    assert desk.post(f"/events/{event.id}/letters/hold").status_code == 303
    assert sorted(letter.state for letter in letters(database)) == ["held", "held", "sent"]
    desk.post(f"/events/{event.id}/letters/release")
    assert sorted(letter.state for letter in letters(database)) == ["queued", "queued", "sent"]


def test_a_stop_in_the_middle_holds_what_the_job_has_yet_to_write(
    database: Database, sign_in: SignIn, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    from crm.core.work import JobRun
    from crm.events.actions import sending

    with database.writing() as session:
        actor, event = ready(session)
        write_texts(session, actor, event, LetterKind.MISSED)
        for number in range(6):
            a_guest(session, actor, event, f"Guest{number} Example")
    desk, acts = sign_in(), ["", "hold", ""]
    progress = JobRun.progress

    def between(job: JobRun, done: int, total: int) -> None:
        progress(job, done, total)
        if acts and (act := acts.pop()):
            desk.post(f"/events/{event.id}/letters/{act}")

    monkeypatch.setattr(sending, "BATCH", 2)
    monkeypatch.setattr(JobRun, "progress", between)
    send(desk, event, per_minute=2)
    worker.run_all()
    assert [letter.state for letter in letters(database)] == [LetterState.HELD] * 6
    send(desk, event, "event_missed")  # of what was asked for later, nothing is held
    worker.run_all()
    later = [letter.state for letter in letters(database) if letter.kind == LetterKind.MISSED]
    assert later == [LetterState.QUEUED] * 6
    desk.post(f"/events/{event.id}/letters/release")
    invitations = [letter for letter in letters(database) if letter.kind == LetterKind.INVITE]
    begin = min(letter.due_at for letter in invitations)
    assert {letter.state for letter in invitations} == {LetterState.QUEUED}
    waits = sorted(round((letter.due_at - begin).total_seconds() / 60) for letter in invitations)
    assert waits == [0, 0, 1, 1, 2, 2]


def test_letters_that_were_held_leave_at_their_pace(database: Database, sign_in: SignIn, worker: Worker) -> None:
    with database.writing() as session:
        actor, event = ready(session)
        write_texts(session, actor, event, LetterKind.MISSED)
        for number in range(5):
            a_guest(session, actor, event, f"Guest{number} Example")
    desk = sign_in()
    send(desk, event, per_minute=2)
    worker.run_all()
    with database.writing() as session:  # one has left; the rest were held for an hour
        for letter in session.exec(select(OutboxLetter)):
            letter.due_at -= timedelta(hours=1)
        session.exec(select(OutboxLetter).order_by(OutboxLetter.due_at).limit(1)).one().state = LetterState.SENT  # type: ignore[arg-type]
    desk.post(f"/events/{event.id}/letters/hold")
    send(desk, event, "event_missed", per_minute=5)  # leaves at once, and goes first
    worker.run_all()
    desk.post(f"/events/{event.id}/letters/release")
    waits = [(one.kind, (one.due_at - now()).total_seconds() / 60) for one in letters(database) if one.sent_at is None]
    corrections = sorted(round(wait) for kind, wait in waits if kind == LetterKind.MISSED)
    held = sorted(round(wait) for kind, wait in waits if kind == LetterKind.INVITE and wait > -30)
    assert corrections == [0, 0, 0, 0, 0]
    assert held == [1, 2, 2, 3]


def test_letters_that_were_held_do_not_leave_before_their_time(
    database: Database, sign_in: SignIn, worker: Worker
) -> None:
    with database.writing() as session:
        actor, event = ready(session)
        a_guest(session, actor, event)
    desk = sign_in()
    starts = (now() + timedelta(days=2)).astimezone(event.starts_here.tzinfo).replace(microsecond=0, second=0)
    send(desk, event, starts=starts.strftime("%Y-%m-%dT%H:%M"))
    worker.run_all()
    for act in ("hold", "release"):
        desk.post(f"/events/{event.id}/letters/{act}")
    assert [(one.state, one.due_at) for one in letters(database)] == [(LetterState.QUEUED, starts)]


def test_others_of_the_same_week_are_counted_and_not_named(database: Database, sign_in: SignIn, worker: Worker) -> None:
    from tests.factories.people import a_share

    with database.writing() as session:
        actor, event = ready(session)
        person = a_person(session, actor)
        guests(session, actor, event, person)
        elsewhere = an_actor(session, "university_officer", "jp-univ")
        a_share(session, person, actor, elsewhere)
        other = an_event(session, elsewhere, title={"en": "Secret dinner"})
        [theirs] = guests(session, elsewhere, other, person)
        theirs.invited_at = now()
    page = sign_in().get(f"/events/{event.id}/letters").text
    assert "Another office invites 1 of them in the same week." in page and "Secret dinner" not in page


def test_the_fellow_keeps_the_list_and_sends_nothing(database: Database, sign_in: SignIn) -> None:
    with database.writing() as session:
        _actor, event = ready(session)
    fellow = sign_in("fellow")
    assert fellow.get(f"/events/{event.id}/guests").status_code == 200
    assert fellow.get(f"/events/{event.id}/letters").status_code == 403
    assert send(fellow, event).status_code == 403


def test_pages_ask_as_much_for_many_guests_as_for_few(
    database: Database, sign_in: SignIn, count_queries: Callable[[Database], Any]
) -> None:
    with database.writing() as session:
        actor, event = ready(session)
        a_guest(session, actor, event, "Ann Example")
    desk = sign_in()
    paths = [f"/events/{event.id}", f"/events/{event.id}/letters", f"/events/{event.id}/seats", "/events"]
    asked: dict[str, list[int]] = {path: [] for path in paths}
    for round_ in range(2):
        for path in paths:
            with count_queries(database) as statements:
                assert desk.get(path).status_code == 200
            asked[path].append(len(statements))
        if round_ == 0:
            with database.writing() as session:
                for number in range(30):
                    a_guest(session, an_actor(session), event, f"Guest{number} Example").reply = Reply.VENUE
    assert all(few == many <= 20 for few, many in asked.values()), asked


def test_a_letter_of_an_erased_guest_leaves_with_them(database: Database, sign_in: SignIn, worker: Worker) -> None:
    with database.writing() as session:
        actor, event = ready(session)
        guest = a_guest(session, actor, event)
    desk = sign_in()
    send(desk, event)
    worker.run_all()
    assert desk.post(f"/events/{event.id}/guests/{guest.id}/remove").status_code == 303
    with database.reading() as session:
        assert session.exec(select(GuestLetter)).all() == []
