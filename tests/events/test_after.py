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
    say(data={"outcome": "introduce"})
    assert f"/introductions/new?asker={guest.person_id}" in desk.get(address).text
    say(data={"outcome": "seeks_post"})
    follow_up = f"/interactions/new?people={guest.person_id}"
    assert follow_up in desk.get(address).text and "高瀬" in desk.get(follow_up).text
