"""A guest answers without an account; places are never given twice; who waits gets the next one."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from icalendar import Calendar
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from crm.accounts.access import Actor
from crm.core.columns import now
from crm.core.db import Database
from crm.core.errors import Refused
from crm.core.mail import OutboxLetter
from crm.core.work import Worker
from crm.events.actions.answering import answer, register
from crm.events.actions.reporting import forget_needs
from crm.events.forms import RegisterForm, ReplyForm
from crm.events.models import Admission, Answer, Companion, Event, Guest, GuestNeeds, GuestPass, Mode, Objection, Reply
from crm.events.queries.guests import taken
from tests.conftest import SignIn
from tests.factories.accounts import an_actor
from tests.factories.events import a_door, a_guest, an_event, guests
from tests.factories.people import a_person

pytestmark = pytest.mark.both


def invited(database: Database, **said: Any) -> tuple[Event, Guest, str]:
    """An event, a guest, and the path of their page."""
    with database.writing() as session:
        actor = an_actor(session)
        event = an_event(session, actor, **said)
        guest = a_guest(session, actor, event)
        guest.invited_at = now()
        return event, guest, a_door(session, guest, event)


def guest_now(database: Database, guest: Guest) -> Guest:
    with database.reading() as session:
        return session.get_one(Guest, guest.id)


def test_looking_changes_nothing_and_one_press_answers(client: TestClient, database: Database) -> None:
    _event, guest, door = invited(database, companions=1)
    for _ in range(3):  # as a mail scanner does
        page = client.get(door)
    assert page.status_code == 200 and "Reception for researchers" in page.text
    assert (page.headers["referrer-policy"], page.headers["x-robots-tag"]) == ("no-referrer", "noindex")
    assert guest_now(database, guest).reply is None
    said = {"reply": "in_person", "companion": ["Kim Example"], "photo": "no"}
    assert client.post(door, data=said).status_code == 303
    after = guest_now(database, guest)
    assert (after.reply, after.places, after.photo) == (Reply.VENUE, 2, False)
    page = client.get(door)
    assert (
        "You are expected." in page.text and "Code for the reception desk" in page.text and "Kim Example" in page.text
    )


def test_an_answer_can_be_changed_and_each_is_kept(client: TestClient, database: Database) -> None:
    _event, guest, door = invited(database, companions=1)
    for said in ({"reply": "in_person", "companion": ["Kim"]}, {"reply": "no"}, {"reply": "substitute"}):
        client.post(door, data=said)
    assert guest_now(database, guest).reply is Reply.NO  # a substitute needs a name
    assert "Please give the name of who comes instead." in client.post(door, data={"reply": "substitute"}).text
    client.post(door, data={"reply": "substitute", "substitute": "Lee Example"})
    with database.reading() as session:
        kept = session.exec(select(Answer).order_by(col(Answer.id))).all()
        assert session.exec(select(Companion)).all() == []
    assert [(one.reply, one.places) for one in kept] == [("in_person", 2), ("no", 0), ("substitute", 1)]
    assert guest_now(database, guest).badge_name == "Lee Example"


@pytest.mark.parametrize(
    ("planned", "said", "sentence"),
    [
        ({}, {"reply": "online"}, "This event takes place at the venue only."),
        ({"mode": "online"}, {"reply": "in_person"}, "This event takes place online only."),
        ({}, {}, "Please fill this in."),
        ({}, {"reply": "maybe"}, "Please choose one of the options."),
        ({"companions": 1}, {"reply": "in_person", "companion": ["A", "B"]}, "You may bring 1 guest at most."),
        ({}, {"reply": "in_person", "needs": "No nuts"}, "Without your consent we cannot keep this."),
    ],
)
def test_what_cannot_be_is_said_and_nothing_typed_is_lost(
    client: TestClient, database: Database, planned: dict[str, Any], said: dict[str, Any], sentence: str
) -> None:
    _event, guest, door = invited(database, **planned)
    page = client.post(door, data=said)
    assert page.status_code == 422 and sentence in page.text
    assert guest_now(database, guest).reply is None
    if "needs" in said:
        assert "No nuts" in page.text


def test_half_typed_boxes_keep_nobody_from_saying_no(client: TestClient, database: Database) -> None:
    _event, guest, door = invited(database)
    assert client.post(door, data={"reply": "no", "needs": "No nuts", "companion": ["A"] * 9}).status_code == 303
    assert guest_now(database, guest).reply is Reply.NO


def test_needs_are_kept_with_consent_and_forgotten_in_time(
    client: TestClient, database: Database, worker: Worker
) -> None:
    event, guest, door = invited(database)
    client.post(door, data={"reply": "in_person", "needs": "No nuts", "needs_agreed": "true"})
    with database.writing() as session:
        assert session.exec(select(GuestNeeds)).one().words == "No nuts"
        session.add(GuestPass(guest_id=guest.id, legal_name="Ann Legal"))
    forget_needs(database, None)  # type: ignore[arg-type]
    with database.writing() as session:
        assert len(session.exec(select(GuestNeeds)).all()) == 1
        past = session.get_one(Event, event.id)
        past.starts_at, past.ends_at = now() - timedelta(days=3, hours=2), now() - timedelta(days=3)
    forget_needs(database, None)  # type: ignore[arg-type]
    with database.writing() as session:
        assert (len(session.exec(select(GuestNeeds)).all()), session.exec(select(GuestPass)).all()) == (1, [])
        session.get_one(Event, event.id).ends_at = now() - timedelta(days=29, minutes=1)
    forget_needs(database, None)  # type: ignore[arg-type]
    with database.reading() as session:
        assert session.exec(select(GuestNeeds)).all() == []


def test_questions_are_asked_in_the_guests_language(client: TestClient, database: Database, sign_in: SignIn) -> None:
    asked = {"en": "Which field?\nFirst visit?", "ja": "分野は？\n初めてですか？"}
    event, guest, door = invited(database, questions=asked)
    assert "First visit?" in client.get(door).text and "初めてですか" in client.get(door.replace("/en/", "/ja/")).text
    client.post(door, data={"reply": "in_person", "said.0": "", "said.1": "yes"})
    assert guest_now(database, guest).said == ["–", "yes"]
    assert "First visit?" in sign_in().get(f"/events/{event.id}/guests/{guest.id}").text


def test_the_online_room_is_told_to_those_who_come_online(client: TestClient, database: Database) -> None:
    event, _guest, door = invited(database, mode="hybrid", online_address="https://meet.example.org/abc")
    assert "meet.example.org" not in client.get(door).text
    client.post(door, data={"reply": "in_person"})
    assert "meet.example.org" not in client.get(door).text
    client.post(door, data={"reply": "online"})
    assert "meet.example.org" in client.get(door).text
    entry = Calendar.from_ical(client.get(f"{door}/event.ics").text).walk("VEVENT")[0]
    assert (str(entry["location"]), entry.decoded("dtend")) == ("https://meet.example.org/abc", event.ends_at)


def test_after_the_cut_off_only_the_staff_notes_an_answer(
    client: TestClient, database: Database, sign_in: SignIn
) -> None:
    event, guest, door = invited(database)
    with database.writing() as session:
        session.get_one(Event, event.id).change_until = now() - timedelta(hours=1)
    assert "Answers can no longer be changed." in client.get(door).text
    assert client.post(door, data={"reply": "in_person"}).status_code == 422
    desk = sign_in()
    said = {"reply": "in_person"}
    assert desk.post(f"/events/{event.id}/guests/{guest.id}/answer", data=said).status_code == 303
    with database.reading() as session:
        assert session.exec(select(Answer)).one().noted_by is not None


def test_a_link_after_the_event_of_a_removed_guest_or_made_up(client: TestClient, database: Database) -> None:
    event, guest, door = invited(database)
    assert client.get(door[:-3] + "xyz").status_code == 404
    with database.writing() as session:
        past = session.get_one(Event, event.id)
        past.starts_at, past.ends_at = now() - timedelta(hours=3), now() - timedelta(hours=1)
    assert "This event is over." in client.get(door).text
    assert client.post(door, data={"reply": "in_person"}).status_code == 422
    with database.writing() as session:
        session.delete(session.get_one(Guest, guest.id))
    assert client.get(door).status_code == 404
    assert "not on the list of this event any more" in client.post(door, data={"reply": "no"}).text


def test_a_cancelled_event_takes_no_answer(client: TestClient, database: Database) -> None:
    event, _guest, door = invited(database)
    with database.writing() as session:
        session.get_one(Event, event.id).cancelled_at = now()
    assert "This event has been cancelled." in client.get(door).text
    assert client.post(door, data={"reply": "in_person"}).status_code == 422
    assert "STATUS:CANCELLED" in client.get(f"{door}/event.ics").text


def test_other_invitations_of_this_host_stand_on_the_page(client: TestClient, database: Database) -> None:
    with database.writing() as session:
        actor = an_actor(session)
        person = a_person(session, actor)
        event, other = an_event(session, actor), an_event(session, actor, title={"en": "Second evening"})
        [guest] = guests(session, actor, event, person)
        [theirs] = guests(session, actor, other, person)
        theirs.invited_at = now()
        door = a_door(session, guest, event)
    assert "Second evening" in client.get(door).text


def test_no_further_invitations_by_the_page_and_by_one_click(client: TestClient, database: Database) -> None:
    _event, guest, door = invited(database)
    assert client.get(f"{door}/stop").status_code == 200
    with database.reading() as session:
        assert session.exec(select(Objection)).all() == []
    client.cookies.clear()
    one_click = {"List-Unsubscribe": "One-Click"}
    for _ in range(2):
        assert client.post(f"{door}/stop", data=one_click).status_code == 303
    with database.reading() as session:
        assert [one.email for one in session.exec(select(Objection))] == [guest.email]


def test_an_invitation_never_exceeds_the_places(client: TestClient, database: Database) -> None:
    event, _guest, door = invited(database, venue_capacity=2, companions=2)
    assert "Only 2 places are left." in client.post(door, data={"reply": "in_person", "companion": ["A", "B"]}).text
    assert client.post(door, data={"reply": "in_person", "companion": ["A"]}).status_code == 303
    with database.writing() as session:
        other = a_guest(session, an_actor(session), event, "Bea Example")
        second = a_door(session, other, event)
    page = client.post(second, data={"reply": "in_person"})
    assert page.status_code == 422 and "All places there have been taken." in page.text
    assert client.post(door, data={"reply": "in_person"}).status_code == 303  # one place less
    assert client.post(second, data={"reply": "in_person"}).status_code == 303


# Registration and its waiting list


def seminar(session: Session, actor: Actor, places: int = 2, **said: Any) -> Event:
    return an_event(session, actor, admission=Admission.REGISTRATION, is_public=True, venue_capacity=places, **said)


def sign_up(session: Session, event: Event, number: int, **said: Any) -> Guest:
    form = {"name": f"Guest{number} Example", "email": f"guest{number}@example.org", "reply": Reply.VENUE, **said}
    return register(session, event, RegisterForm.model_validate(form))


def test_anybody_registers_once_and_gets_a_personal_link(client: TestClient, database: Database) -> None:
    with database.writing() as session:
        event = seminar(session, an_actor(session))
    address = f"/en/events/{event.id}"
    assert "application/ld+json" in client.get(address).text
    said = {"name": "Ann Example", "email": "Ann@Example.org", "reply": "in_person", "source": "poster"}
    assert client.post(address, data={**said, "email": "ann"}).status_code == 422
    assert client.post(address, data=said).status_code == 303
    assert client.post(address, data={**said, "reply": "no"}).status_code == 422
    again = client.post(address, data={**said, "name": "Somebody Else", "reply": "online"})
    assert again.status_code == 303  # the same words, so that nobody learns who comes
    with database.reading() as session:
        letter = session.exec(select(OutboxLetter)).one()
        guest = session.exec(select(Guest)).one()
    assert (guest.source, guest.name, guest.reply) == ("poster", "Ann Example", Reply.VENUE)
    assert letter.to == "ann@example.org" and letter.calendar and letter.unsubscribe
    door = letter.text.split("testserver")[1].split()[0]
    assert "You are expected." in client.get(door).text


def test_registration_is_shut_for_invitations_and_hidden_events(client: TestClient, database: Database) -> None:
    with database.writing() as session:
        actor = an_actor(session)
        closed = an_event(session, actor, is_public=True)
        hidden = seminar(session, actor)
        hidden.is_public = False
    said = {"name": "Ann", "email": "ann@example.org", "reply": "in_person"}
    assert "This event is by invitation." in client.get(f"/en/events/{closed.id}").text
    assert client.post(f"/en/events/{closed.id}", data=said).status_code == 422
    assert client.get(f"/en/events/{hidden.id}").status_code == 404
    page = client.get("/ja/events").text
    assert page.count("研究者交流会") == 1


def test_who_waits_gets_the_free_place_in_order_and_in_time(
    client: TestClient, database: Database, worker: Worker
) -> None:
    with database.writing() as session:
        event = seminar(session, an_actor(session))
        every = [sign_up(session, event, number) for number in range(5)]
        assert [guest.waiting_since is not None for guest in every] == [False, False, True, True, True]
        door = a_door(session, every[0], event)
    client.post(door, data={"reply": "no"})
    worker.run_all()
    offered = guest_now(database, every[2])
    assert offered.offered_until and guest_now(database, every[3]).offered_until is None
    with database.reading() as session:
        letter = session.exec(select(OutboxLetter).where(OutboxLetter.kind == "event_offer")).one()
    assert letter.to == every[2].email
    own = letter.text.split("testserver")[-1].split()[0] if "testserver" in letter.text else ""
    with database.writing() as session:
        own = own or a_door(session, every[2], event)
    assert "A place has become free for you." in client.get(own).text
    assert client.post(own, data={"reply": "in_person"}).status_code == 303
    assert guest_now(database, every[2]).comes
    with database.reading() as session:
        assert taken(session, event, online=False) == 2


def test_who_has_a_place_and_asks_for_more_keeps_it(client: TestClient, database: Database) -> None:
    with database.writing() as session:
        event = seminar(session, an_actor(session), companions=1)
        first, _second, third = (sign_up(session, event, number) for number in range(3))
        door = a_door(session, first, event)
    refused = client.post(door, data={"reply": "in_person", "companion": "Kim Example"})
    assert refused.status_code == 422 and "Kim Example" in refused.text
    assert "Only 1 place is left." in refused.text
    kept = guest_now(database, first)
    assert (kept.comes, kept.places, kept.waiting_since) == (True, 1, None)
    assert guest_now(database, third).offered_until is None


def test_a_changed_channel_frees_the_place_for_who_waits(client: TestClient, database: Database) -> None:
    with database.writing() as session:
        event = seminar(session, an_actor(session), mode=Mode.HYBRID)
        first, _second, third = (sign_up(session, event, number) for number in range(3))
        door = a_door(session, first, event)
    assert client.post(door, data={"reply": "online"}).status_code == 303
    assert guest_now(database, third).offered_until is not None


def test_an_offer_nobody_takes_goes_to_the_next(database: Database, worker: Worker) -> None:
    from crm.events.actions.sending import tend_offers

    with database.writing() as session:
        event = seminar(session, an_actor(session), places=1)
        every = [sign_up(session, event, number) for number in range(3)]
        answer(session, every[0], ReplyForm(reply=Reply.NO))
    tend_offers(database, None)  # type: ignore[arg-type]
    with database.writing() as session:
        first = session.get_one(Guest, every[1].id)
        assert first.offered_until
        first.offered_until = now() - timedelta(minutes=1)
    tend_offers(database, None)  # type: ignore[arg-type]
    tend_offers(database, None)  # type: ignore[arg-type]
    assert guest_now(database, every[1]).offered_until is None and guest_now(database, every[1]).waiting_since
    assert guest_now(database, every[2]).offered_until
    with database.reading() as session:
        told = session.exec(select(OutboxLetter.to).where(OutboxLetter.kind == "event_offer")).all()
    assert sorted(told) == [every[1].email, every[2].email]


def test_somebody_with_a_priority_goes_first_and_a_large_party_is_passed_over(database: Database) -> None:
    with database.writing() as session:
        event = seminar(session, an_actor(session), places=1, companions=1)
        first, party, late, urgent = (
            sign_up(session, event, number, companion=["Kim"] if number == 1 else []) for number in range(4)
        )
        urgent.precedence = 1
        session.flush()
        answer(session, first, ReplyForm(reply=Reply.NO))
        assert (urgent.offered_until is not None, party.offered_until, late.offered_until) == (True, None, None)
        answer(session, urgent, ReplyForm(reply=Reply.NO))
        session.flush()


def test_five_hundred_answers_for_the_last_places(database: Database) -> None:
    """From twenty clients at once: as many places as there are, the others wait in the order of their coming."""
    with database.writing() as session:
        event = seminar(session, an_actor(session), places=50)

    def one(number: int) -> None:
        with database.writing() as session:
            sign_up(session, session.get_one(Event, event.id), number)

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(one, range(500)))
    with database.reading() as session:
        every = session.exec(select(Guest)).all()
        given = [guest for guest in every if guest.waiting_since is None]
        assert (len(every), len(given), taken(session, event, online=False)) == (500, 50, 50)
        kept = session.exec(select(Answer).order_by(col(Answer.created_at))).all()
    latest = max(one.created_at for one in kept if not one.waits)
    assert sum(one.waits for one in kept if one.created_at < latest) <= 20  # those beside it at the same moment


def test_each_channel_has_its_own_places(database: Database) -> None:
    with database.writing() as session:
        event = seminar(session, an_actor(session), places=1, mode=Mode.HYBRID, online_capacity=1)
        wishes = [Reply.VENUE, Reply.ONLINE, Reply.VENUE, Reply.ONLINE]
        every = [sign_up(session, event, number, reply=wish) for number, wish in enumerate(wishes)]
        assert [guest.waiting_since is None for guest in every] == [True, True, False, False]
        answer(session, every[1], ReplyForm(reply=Reply.NO))
        assert every[3].offered_until and not every[2].offered_until


def test_registration_closes_with_the_event(database: Database) -> None:
    with database.writing() as session:
        event = seminar(session, an_actor(session))
        event.starts_at = now() - timedelta(minutes=1)
        with pytest.raises(Refused, match="Registration is closed"):
            sign_up(session, event, 1)


def test_the_public_page_is_kept_until_the_event_changes(
    client: TestClient, database: Database, sign_in: SignIn, count_queries: Callable[[Database], Any]
) -> None:
    with database.writing() as session:
        event = seminar(session, an_actor(session), places=100)
    address = f"/en/events/{event.id}"
    with count_queries(database) as first:
        page = client.get(address)
    with database.writing() as session:
        for number in range(10):
            sign_up(session, session.get_one(Event, event.id), number)
    with count_queries(database) as again:
        client.get(address)
    assert (len(first) <= 5, len(again)) == (True, 1)
    assert client.get(address, headers={"If-None-Match": page.headers["etag"]}).status_code == 304
    sign_in().post(f"/events/{event.id}/programme", data={"starts": "19:00", "title.en": "A late toast"})
    assert "A late toast" in client.get(address).text
    with database.writing() as session:
        session.get_one(Event, event.id).is_public = False
    assert client.get(address).status_code == 404
