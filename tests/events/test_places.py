"""Couples, the line of those who wait, and what the staff may decide: whose place is whose."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select
from starlette.testclient import TestClient

from crm.accounts.access import Actor
from crm.accounts.models import JournalEntry
from crm.core.columns import now
from crm.core.db import Database
from crm.core.i18n import speaking
from crm.core.mail import OutboxLetter
from crm.core.templates import show_moment
from crm.core.work import Worker
from crm.events.actions.planning import change_event
from crm.events.actions.seating import suggested_order
from crm.events.documents import badges, guest_list
from crm.events.forms import EventForm
from crm.events.models import Companion, Event, Guest, GuestPass, Reply
from crm.events.queries.guests import companions_where, taken
from tests.conftest import SignIn
from tests.events.test_answers import guest_now, invited, seminar, sign_up
from tests.factories.accounts import an_actor
from tests.factories.events import a_door, a_guest, an_event, event_form

pytestmark = pytest.mark.both


def test_a_couple_answers_takes_two_places_and_stands_on_paper(client: TestClient, database: Database) -> None:
    with database.writing() as session:
        actor = an_actor(session)
        event = an_event(session, actor, venue_capacity=2)
        guest = a_guest(session, actor, event, "Jane Roe", partner="Jo Poe", title="Ambassador")
        door, other = a_door(session, guest, event), a_door(session, a_guest(session, actor, event, "Li Late"), event)
    page = client.get(door).text
    assert 'name="partner_comes"' in page and 'value="Jo Poe"' in page and "checked" in page
    nobody = {"reply": "in_person", "partner_comes": "true", "partner": ""}
    assert "Please give the name for the badge." in client.post(door, data=nobody).text
    client.post(door, data={**nobody, "partner": "Joanna Poe"})
    assert "Joanna Poe" in client.get(door).text
    assert "All places there have been taken." in client.post(other, data={"reply": "in_person"}).text
    with database.reading() as session:
        event, guest = session.get_one(Event, event.id), session.get_one(Guest, guest.id)
        beside = companions_where(session, Companion.guest_id == guest.id)
        assert (guest.places, guest.partner, taken(session, event, online=False)) == (2, "Joanna Poe", 2)
        assert [one["name"] for one in badges(event, [guest], beside)["badges"]] == ["Jane Roe", "Joanna Poe"]
        [part] = guest_list(event, [guest], beside)["parts"]
        assert "with Joanna Poe" in part["rows"][0][1] and part["number"] == "2 people"
    client.post(door, data={"reply": "in_person", "partner": "Joanna Poe"})  # alone after all
    assert guest_now(database, guest).places == 1
    assert client.post(other, data={"reply": "in_person"}).status_code == 303


def test_a_partner_is_found_at_the_door_and_so_is_a_substitute(sign_in: SignIn, database: Database) -> None:
    event, _guest, door = invited(database, companions=1)
    desk = sign_in()
    said = {"reply": "substitute", "substitute": "Sue Instead", "companion": ["Kim Along"]}
    desk.post(door, data=said)
    for words in ("sue", "along", "ann"):
        assert "Let in Sue Instead" in desk.get(f"/events/{event.id}/door?q={words}").text
    desk.post(door, data={"reply": "in_person"})
    assert "Nobody on the list matches" in desk.get(f"/events/{event.id}/door?q=sue").text


def test_who_comes_instead_has_neither_title_nor_rank(database: Database) -> None:
    with database.writing() as session:
        actor = an_actor(session)
        event = an_event(session, actor)
        first = a_guest(session, actor, event, "Jane Roe", title="Ambassador", precedence=1)
        professor = a_guest(session, actor, event, "Jo Poe", title="Professor")
        first.reply, first.substitute, first.honoured = Reply.SUBSTITUTE, "Sue Instead", True
        order = suggested_order([first, professor])
        assert [(one.guest.badge_name, one.basis) for one in order] == [
            ("Jo Poe", "professor"), ("Sue Instead", "by name"),
        ]  # fmt: skip
        assert "Ambassador" not in str(guest_list(event, [first], {}))


def waits(session: Session, actor: Actor, capacity: int) -> tuple[Event, Guest]:
    """Full, and Bob waits."""
    event = seminar(session, actor, places=capacity)
    for number in range(capacity):
        sign_up(session, event, number)
    return event, sign_up(session, event, 99)


def test_nobody_passes_who_waits_when_capacity_grows(database: Database, worker: Worker) -> None:
    with database.writing() as session:
        actor = an_actor(session)
        event, bob = waits(session, actor, 1)
        assert bob.waiting_since and not bob.offered_until
        event.venue_capacity = 2  # as if nobody had been told of it
        session.flush()
        later = sign_up(session, event, 100)
        assert bob.offered_until and later.waiting_since and not later.offered_until
        said = {**event_form(), "title": event.title, "admission": "by_registration", "is_public": True}
        until = (now() + timedelta(hours=5)).replace(minute=0, second=0, microsecond=0)
        closes = until.astimezone(event.starts_here.tzinfo).replace(tzinfo=None)
        times = {"starts": event.starts_here.replace(tzinfo=None), "ends": event.ends_here.replace(tzinfo=None)}
        grown = {**said, **times, "venue_capacity": 3, "change_until": closes, "version": event.version}
        change_event(session, actor, event, EventForm.model_validate(grown))
        session.refresh(bob)
        session.refresh(later)
        assert bob.offered_until == later.offered_until == until
    worker.run_all()
    with database.reading() as session:
        letters = session.exec(select(OutboxLetter).where(OutboxLetter.kind == "event_offer")).all()
    with speaking("en"):
        hour = show_moment(until, event.zone)
    assert len(letters) == 2 and all(f"until {hour}" in one.text for one in letters)


def test_the_staff_is_told_the_numbers_and_may_decide_otherwise(sign_in: SignIn, database: Database) -> None:
    event, guest, _door = invited(database, venue_capacity=1, companions=1)
    desk, address = sign_in(), f"/events/{event.id}/guests/{guest.id}/answer"
    said = {"reply": "in_person", "companion": ["Kim Along"]}
    page = desk.post(address, data=said)
    assert page.status_code == 422 and "Of 1 places, 0 are given to others, and this answer needs 2." in page.text
    assert "Let them come all the same" in page.text and guest_now(database, guest).reply is None
    desk.post(address, data={**said, "beyond": "true"})
    assert guest_now(database, guest).places == 2
    with database.reading() as session:
        [line] = session.exec(select(JournalEntry).where(JournalEntry.verb == "answered"))
    assert (line.changes or {})["beyond_capacity"] == 1


def test_the_guards_are_told_what_the_guest_has_said(client: TestClient, database: Database) -> None:
    _event, _guest, door = invited(database, asks_pass=True)
    assert "Number plate of the car" in client.get(door).text
    assert client.post(door, data={"reply": "in_person", "plate": "MA 12"}).status_code == 422
    client.post(door, data={"reply": "in_person", "legal_name": "ROE ANN", "plate": "MA 12"})
    with database.reading() as session:
        [told] = session.exec(select(GuestPass))
    assert (told.legal_name, told.plate) == ("ROE ANN", "MA 12")
    assert "ROE ANN" in client.get(door).text
    client.post(door, data={"reply": "no"})
    with database.reading() as session:
        assert session.exec(select(GuestPass)).all() == []


def test_from_one_invitation_to_another_of_the_same_guest(client: TestClient, database: Database) -> None:
    _event, _guest, door = invited(database, mode="hybrid")
    with database.writing() as session:
        actor = an_actor(session)
        second = an_event(session, actor, title={"en": "Second evening"})
        theirs, strange = a_guest(session, actor, second), a_guest(session, actor, second, "Bo Stranger")
        theirs.invited_at = strange.invited_at = now()
    page = client.get(door).text
    assert "(you may also come online)" in page and "Second evening" in page
    assert page.index("at-hand") < page.index('name="reply"')
    went = client.post(f"{door}/other/{theirs.id}")
    assert went.status_code == 303 and "Second evening</h1>" in client.get(went.headers["location"]).text
    assert client.post(f"{door}/other/{strange.id}").status_code == 404
