"""After the first letter: a correction for those who got the wrong text, an event that is cancelled, letters let go."""

from datetime import timedelta
from typing import Any

import pytest
from icalendar import Calendar
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from crm.core.columns import now
from crm.core.db import Database
from crm.core.mail import LetterState, OutboxLetter
from crm.core.work import Worker
from crm.events.models import Event, Guest, LetterKind, LetterText, Objection, Reply
from tests.conftest import SignIn
from tests.events.test_letters import letters, ready, send
from tests.factories.accounts import an_actor
from tests.factories.events import a_door, a_guest, an_event, guests, in_days, write_texts
from tests.factories.people import a_person

pytestmark = pytest.mark.both


def an_evening(session: Session, **said: Any) -> Event:
    """Ann and Bo are written to in English, Ja in Japanese."""
    actor, event = ready(session, **said)
    for kind in (LetterKind.CORRECTION, LetterKind.CANCELLATION):
        write_texts(session, actor, event, kind)
    for name, language in (("Ann Example", "en"), ("Bo Example", "en"), ("Ja Example", "ja")):
        a_guest(session, actor, event, name, language=language)
    return event


def leave(database: Database, *names: str) -> None:
    with database.writing() as session:
        for letter in session.exec(select(OutboxLetter).where(col(OutboxLetter.to_name).in_(names))):
            letter.state = LetterState.SENT


def reword(database: Database, language: str = "en") -> None:
    with database.writing() as session:
        text = session.exec(
            select(LetterText).where(LetterText.kind == LetterKind.INVITE, LetterText.language == language)
        ).one()
        text.subject = "Really: {event}"


def ticked(desk: TestClient, event: Event) -> list[str]:
    """What the page proposes to correct."""
    page = desk.get(f"/events/{event.id}/letters?kind=event_correction").text
    boxes = [part.split(">")[0] for part in page.split('name="wrong" value="')[1:]]
    return [box.split('"')[0] for box in boxes if "checked" in box]


def of_kind(database: Database, kind: LetterKind) -> dict[str, OutboxLetter]:
    return {letter.to_name: letter for letter in letters(database) if letter.kind == kind}


def test_only_who_got_the_wrong_text_is_corrected_and_what_waits_is_written_anew(
    database: Database, sign_in: SignIn, worker: Worker
) -> None:
    with database.writing() as session:
        event = an_evening(session)
    desk = sign_in()
    send(desk, event)
    worker.run_all()
    leave(database, "Ann Example", "Ja Example")
    waited = of_kind(database, LetterKind.INVITE)["Bo Example"]
    assert "Please choose which text was wrong." in send(desk, event, "event_correction").text
    assert len(ticked(desk, event)) == 2  # nothing has been changed yet: everybody
    reword(database)
    wrong = ticked(desk, event)
    assert [value.split(".")[0] for value in wrong] == ["en"]
    page = desk.get(f"/events/{event.id}/letters?kind=event_correction").text
    assert "changed since" in page and "1 letter with this text has not left" in page
    assert send(desk, event, "event_correction", wrong=wrong).status_code == 303
    with database.reading() as session:  # taken back at once, not when the worker comes
        assert session.get_one(OutboxLetter, waited.id).state is LetterState.STOPPED
    worker.run_all()
    assert list(of_kind(database, LetterKind.CORRECTION)) == ["Ann Example"]
    anew = of_kind(database, LetterKind.INVITE)["Bo Example"]
    assert (anew.id, anew.state, anew.due_at) == (waited.id, LetterState.QUEUED, waited.due_at)
    assert anew.subject == "Really: Reception for researchers" and waited.subject != anew.subject
    assert "There is nobody to write to." in send(desk, event, "event_correction", wrong=wrong).text


def test_a_correction_moves_the_entry_in_the_calendar(database: Database, sign_in: SignIn, worker: Worker) -> None:
    with database.writing() as session:
        event = an_evening(session)
    desk = sign_in()
    send(desk, event)
    worker.run_all()
    leave(database, "Ann Example", "Bo Example", "Ja Example")
    with database.writing() as session:
        moved = session.get_one(Event, event.id)
        moved.starts_at += timedelta(days=1)
        moved.ends_at += timedelta(days=1)
    send(desk, event, "event_correction", wrong=ticked(desk, event))
    worker.run_all()
    sent = [of_kind(database, kind)["Ann Example"] for kind in (LetterKind.INVITE, LetterKind.CORRECTION)]
    first, second = (Calendar.from_ical(letter.calendar or "").walk("VEVENT")[0] for letter in sent)
    assert first["uid"] == second["uid"] and first.decoded("sequence") < second.decoded("sequence")
    assert second.decoded("dtstart") - first.decoded("dtstart") == timedelta(days=1)


def test_a_held_letter_with_a_wrong_text_is_written_anew_and_stays_held(
    database: Database, sign_in: SignIn, worker: Worker
) -> None:
    with database.writing() as session:
        event = an_evening(session)
    desk = sign_in()
    send(desk, event)
    worker.run_all()
    desk.post(f"/events/{event.id}/letters/hold")
    reword(database)
    send(desk, event, "event_correction", wrong=ticked(desk, event))
    worker.run_all()
    invitations = of_kind(database, LetterKind.INVITE)
    assert {letter.state for letter in invitations.values()} == {LetterState.HELD}
    assert invitations["Ann Example"].subject.startswith("Really")
    assert not invitations["Ja Example"].subject.startswith("Really")
    assert of_kind(database, LetterKind.CORRECTION) == {}


def test_letting_go_does_not_revive_a_letter_that_was_called_back_alone(
    database: Database, sign_in: SignIn, worker: Worker
) -> None:
    with database.writing() as session:
        event = an_evening(session)
    desk = sign_in()
    send(desk, event)
    worker.run_all()
    first, second, _third = letters(database)
    desk.post(f"/letters/{first.id}/stop")
    desk.post(f"/events/{event.id}/letters/hold")
    desk.post(f"/letters/{second.id}/stop")  # while it is held with the others
    desk.post(f"/events/{event.id}/letters/release")
    states = [letter.state for letter in letters(database)]
    assert states == [LetterState.STOPPED, LetterState.STOPPED, LetterState.QUEUED]


def test_a_cancelled_event_holds_what_waits_and_tells_those_who_know_of_it(
    database: Database, sign_in: SignIn, worker: Worker
) -> None:
    with database.writing() as session:
        event = an_evening(session)
    desk = sign_in()
    send(desk, event)
    worker.run_all()
    leave(database, "Ann Example", "Ja Example")
    with database.writing() as session:
        [ann, _ja] = session.exec(select(Guest).where(col(Guest.name).in_(["Ann Example", "Ja Example"])))
        ann.reply, ann.places = Reply.VENUE, 1
        session.add(Objection(office_id=event.office_id, email=ann.email))  # to invitations: she still must know
    page = desk.get(f"/events/{event.id}/cancel").text
    assert "3 guests are on the list." in page and "1 person has said yes." in page
    assert "1 letter that waits is held" in page and "write to 2 guests who know of it" in page
    assert "Notice of cancellation" not in desk.get(f"/events/{event.id}/letters").text
    answer = desk.post(f"/events/{event.id}/cancel")
    assert "kind=event_cancellation" in answer.headers["location"]
    assert of_kind(database, LetterKind.INVITE)["Bo Example"].state is LetterState.HELD
    assert "This event has been cancelled." in send(desk, event).text
    assert desk.post(f"/events/{event.id}/letters/release").status_code == 409
    assert "2 letters will be written." in desk.get(answer.headers["location"]).text
    send(desk, event, "event_cancellation")
    worker.run_all()
    told = of_kind(database, LetterKind.CANCELLATION)
    assert sorted(told) == ["Ann Example", "Ja Example"]
    assert told["Ann Example"].subject == "Cancelled: Reception for researchers"
    assert (
        told["Ja Example"].subject.startswith("【中止のお知らせ】") and told["Ja Example"].state is LetterState.QUEUED
    )
    calendar = Calendar.from_ical(told["Ann Example"].calendar or "")
    assert (calendar["method"], calendar.walk("VEVENT")[0]["status"]) == ("CANCEL", "CANCELLED")
    assert "There is nobody to write to." in send(desk, event, "event_cancellation").text


def test_an_event_that_takes_place_is_not_called_off_by_letter(database: Database, sign_in: SignIn) -> None:
    with database.writing() as session:
        event = an_evening(session)
    assert "This event takes place." in send(sign_in(), event, "event_cancellation").text


def test_a_cancelled_event_says_so_among_the_other_invitations(database: Database, client: Any) -> None:
    with database.writing() as session:
        actor = an_actor(session)
        person = a_person(session, actor)
        event, other = an_event(session, actor), an_event(session, actor, title={"en": "Dinner"}, starts=in_days(30))
        for each in (event, other):
            for guest in guests(session, actor, each, person):
                guest.invited_at = now()
        other.cancelled_at = now()
        [mine] = session.exec(select(Guest).where(Guest.event_id == event.id))
        door = a_door(session, mine, event)
    page = client.get(door).text
    assert "Dinner" in page and "Cancelled" in page.split("Dinner")[1][:200]


def test_a_japanese_invitation_has_its_form_and_an_english_host_its_article(
    database: Database, sign_in: SignIn
) -> None:
    with database.writing() as session:
        event = an_evening(session)
        people = {guest.name: guest.id for guest in session.exec(select(Guest))}
    desk, here = sign_in(), f"/events/{event.id}/letters"
    japanese = desk.get(f"{here}?guest={people['Ja Example']}").text.split('class="letter-text"')[1]
    assert (
        japanese.index("敬具") < japanese.index("<p>記</p>") < japanese.index("日時：") < japanese.index("<p>以上</p>")
    )
    assert "アカウントの作成は不要です" in japanese and "ご登録は不要です" not in japanese
    english = desk.get(f"{here}?guest={people['Ann Example']}").text
    assert "The Consulate-General of Japan in Boston requests the pleasure" in english
