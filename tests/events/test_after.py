"""After the event: what guests say, what is counted by link, what is forgotten, what a person sees of it."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlmodel import Session, select
from starlette.testclient import TestClient

from crm.accounts.access import Actor
from crm.accounts.links import issue_link
from crm.accounts.models import LinkPurpose
from crm.core.columns import now
from crm.core.db import Database
from crm.core.work import Worker
from crm.events.actions.answering import register
from crm.events.actions.receiving import Arrival, check_in
from crm.events.forms import RegisterForm
from crm.events.models import Admission, Event, Feedback, Guest, LetterKind, Reply
from crm.events.retention import GUESTS, forget_guests, names_of, old_events
from tests.conftest import SignIn
from tests.factories.accounts import an_actor
from tests.factories.events import a_door, a_guest, an_event, guests, write_texts
from tests.factories.people import a_person

pytestmark = pytest.mark.both


def yesterday(session: Session, days: float = 1) -> tuple[Actor, Event, Guest]:
    """One guest came, another did not."""
    actor = an_actor(session)
    event = an_event(session, actor)
    came, missed = a_guest(session, actor, event), a_guest(session, actor, event, "Bea Example")
    for guest in (came, missed):
        guest.invited_at, guest.reply, guest.places = now(), Reply.VENUE, 1
    session.flush()
    event.starts_at, event.ends_at = now() - timedelta(days=days, hours=2), now() - timedelta(days=days)
    check_in(session, actor, event, [Arrival(came.id, 0, event.starts_at)])
    return actor, event, came


def test_who_was_there_says_how_it_was(client: TestClient, database: Database, sign_in: SignIn) -> None:
    with database.writing() as session:
        _actor, event, came = yesterday(session)
        missed = session.exec(select(Guest).where(Guest.name == "Bea Example")).one()
        doors = [a_door(session, guest, event) for guest in (came, missed)]
    assert "How was it?" in client.get(doors[0]).text and "How was it?" not in client.get(doors[1]).text
    assert client.post(f"{doors[0]}/feedback", data={"words": "Lovely"}).status_code == 422
    for rating in ("3", "5"):
        assert client.post(f"{doors[0]}/feedback", data={"rating": rating, "words": "Lovely"}).status_code == 303
    assert client.post(f"{doors[1]}/feedback", data={"rating": "1"}).status_code == 422
    with database.reading() as session:
        assert [one.rating for one in session.exec(select(Feedback))] == [5]
    page = sign_in().get(f"/events/{event.id}/report").text
    assert "on average 5 of 5" in page and "Lovely" in page and "Ann Example" not in page


def test_thanks_go_to_who_came_and_regrets_to_who_did_not(database: Database, sign_in: SignIn, worker: Worker) -> None:
    from crm.core.mail import OutboxLetter

    with database.writing() as session:
        actor, event, _came = yesterday(session)
        for kind in (LetterKind.THANKS, LetterKind.MISSED):
            write_texts(session, actor, event, kind)
    desk = sign_in()
    for wanted in ("event_thanks", "event_missed"):
        desk.post(f"/events/{event.id}/letters/send", data={"kind": wanted, "per_minute": 60})
    worker.run_all()
    with database.reading() as session:
        letters = {letter.kind: letter for letter in session.exec(select(OutboxLetter))}
    assert letters["event_thanks"].to == "ann@example.org" and "/en/invitation/" in letters["event_thanks"].text
    assert letters["event_missed"].to == "bea@example.org"


def test_each_link_counts_whom_it_brought(sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        event = an_event(session, an_actor(session), admission=Admission.REGISTRATION, is_public=True)
        for number, source in enumerate(("poster", "poster", "mail")):
            email = f"guest{number}@example.org"
            register(session, event, RegisterForm(name="Ann", email=email, reply=Reply.VENUE, source=source))
    page = sign_in().get(f"/events/{event.id}/ways?source=news letter").text
    assert f"/events/{event.id}/open?source=news+letter" in page
    assert page.index("poster") < page.index(">mail<")


def test_names_of_long_ago_are_proposed_and_go_while_records_stay(database: Database) -> None:
    with database.writing() as session:
        actor, event, _came = yesterday(session, days=900)
        guests(session, actor, event, a_person(session, actor))
        recent = yesterday(session)[1]
        before = (now() - timedelta(days=700)).date()
        assert old_events(session, actor.office_id, before, []) == [event.id]
        assert names_of(session, [event.id]) == {event.id: ("Reception for researchers", "2 guests")}
        forget_guests(session, actor, event.id, None)
        left = session.exec(select(Guest).where(Guest.event_id == event.id)).all()
        assert [guest.person_id is not None for guest in left] == [True]
        assert old_events(session, actor.office_id, before, []) == []
        assert len(session.exec(select(Guest).where(Guest.event_id == recent.id)).all()) == 2
    assert GUESTS.months == 24


def test_a_person_sees_to_what_they_were_invited(client: TestClient, database: Database) -> None:
    with database.writing() as session:
        actor = an_actor(session)
        person = a_person(session, actor)
        told, planned = an_event(session, actor), an_event(session, actor, title={"en": "Only planned"})
        [guest] = guests(session, actor, told, person)
        guest.invited_at, guest.note = now(), "A quiet note"
        guests(session, actor, planned, person)
        token = issue_link(session, LinkPurpose.MY_DATA, person.id, days=1)
    page = client.get(f"/my-data/{token}").text
    assert "Reception for researchers" in page
    assert "Only planned" not in page and "A quiet note" not in page


def test_outcomes_open_the_next_step(sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        actor = an_actor(session)
        event = an_event(session, actor)
        [guest] = guests(session, actor, event, a_person(session, actor))
    desk = sign_in()
    address = f"/events/{event.id}/guests/{guest.id}"
    say: Any = partial(desk.post, f"{address}/outcome")
    went = {kind: say(data={"outcome": kind}).headers["location"] for kind in ("introduce", "met", "seeks_post")}
    assert went["introduce"].endswith(f"/introductions/new?asker={guest.person_id}")
    contact = desk.get(went["met"]).text
    assert "高瀬" in contact and "Reception for researchers" in contact and f'value="{actor.today}"' in contact
    assert 'value="event" checked' in contact or 'value="event" selected' in contact
    follow_up = desk.get(went["seeks_post"]).text
    assert "Look for a post for" in follow_up and f'value="{actor.today + timedelta(days=7)}"' in follow_up
    assert "Noted: Looks for a post" in desk.get(address).text
    say(data={"outcome": ""})
    assert "Noted:" not in desk.get(address).text


def test_somebody_who_walked_in_becomes_a_record_with_a_story(sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        actor = an_actor(session)
        event = an_event(session, actor)
        event.starts_at = now() - timedelta(hours=1)
        known = a_person(session, actor)
        same = a_guest(session, actor, event, known.latin or known.full_name, email="other@example.org")
        new = a_guest(session, actor, event, "Wanda Walkin", institution="Invented Institute", title="Director")
        new.reply = same.reply = Reply.VENUE
    desk, address = sign_in(), f"/events/{event.id}/guests"
    assert desk.get(address).text.count("Add as a record") == 2
    assert desk.post(f"{address}/{same.id}/record").headers["location"].endswith("#record")
    assert "It is them" in desk.get(f"{address}/{same.id}").text
    desk.post(f"{address}/{same.id}/record", data={"person": str(known.id)})
    desk.post(f"{address}/{new.id}/record")
    with database.reading() as session:
        linked, added = (session.get_one(Guest, one.id).person_id for one in (same, new))
    assert linked == known.id and added
    record = desk.get(f"/people/{added}").text
    assert all(said in record for said in ("Wanda Walkin", "Invented Institute", "Director", "wanda@example.org"))
    assert "Reception for researchers" in desk.get(f"/events/with/{added}").text
    assert "Add as a record" not in desk.get(address).text
