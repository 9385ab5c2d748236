"""Guests are spoken to in German and French too: all they see or get is looked at, and no sentence may be missing."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from fastapi import FastAPI
from sqlmodel import Session, select
from starlette.testclient import TestClient

from crm.accounts.access import Actor
from crm.accounts.links import revoke_links
from crm.accounts.models import LinkPurpose
from crm.core import i18n
from crm.core.columns import now
from crm.core.db import Database
from crm.core.errors import Problem, TooMany
from crm.core.mail import OutboxLetter
from crm.core.templates import Environments
from crm.core.work import Worker
from crm.events.actions.planning import add_host, add_item
from crm.events.actions.receiving import Arrival, check_in
from crm.events.actions.sending import door_address
from crm.events.actions.surveying import add_question
from crm.events.forms import HostForm, ItemForm
from crm.events.models import Admission, Event, Guest, HostRole, LetterKind, Mode, QuestionKind, Reply
from crm.events.questionnaire import QuestionForm
from crm.events.wording import suggested
from tests.conftest import SignIn
from tests.factories.accounts import an_actor
from tests.factories.events import a_door, a_guest, an_event, guests, in_days
from tests.factories.people import a_person
from tests.house.source import nothing, tool

SPOKEN = ["ja", "en", "de", "fr"]
TITLE = {"en": "Evening", "ja": "夕べ", "de": "Abend", "fr": "Soirée"}
FULL = {"venue_capacity": 1, "online_capacity": 5, "mode": Mode.HYBRID, "companions": 2}
messages = tool("messages")


class Heard:
    """A catalogue that remembers what it was asked for."""

    def __init__(self, catalogue: Any, heard: set[tuple[str, str | None]]) -> None:
        self.catalogue, self.heard = catalogue, heard

    def ugettext(self, message: str) -> str:
        self.heard.add((message, None))
        return str(self.catalogue.ugettext(message))

    def ungettext(self, one: str, many: str, number: int) -> str:
        self.heard.add((one, None))
        return str(self.catalogue.ungettext(one, many, number))

    def upgettext(self, context: str, message: str) -> str:
        self.heard.add((message, context))
        return str(self.catalogue.upgettext(context, message))


@pytest.fixture
def heard(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> Iterator[set[tuple[str, str | None]]]:
    """What is said in German; templates ask at each page, not once when they are compiled."""
    said: set[tuple[str, str | None]] = set()
    catalogue = i18n.catalogue
    monkeypatch.setattr(
        i18n, "catalogue", lambda code: Heard(catalogue(code), said) if code == "de" else catalogue(code)
    )
    app.state.settings = replace(app.state.settings, demo=True)
    app.state.templates = Environments()  # the pages of other tests were compiled with their words
    for ask in ("_", "pgettext"):
        del app.state.templates["de"].known[ask]
    yield said
    assert len(said) > 100


def an_evening(session: Session, actor: Actor, **said: Any) -> tuple[Event, Guest, str]:
    """Everything that an event can have; somebody is invited in German."""
    more = {
        "dress": TITLE, "access": TITLE, "questions": TITLE, "companions": 1, "mode": Mode.HYBRID,
        "answer_by": in_days(10).date(), "change_until": in_days(12),
    }  # fmt: skip
    event = an_event(session, actor, **{"title": TITLE, "languages": SPOKEN, **more, **said})
    for role in HostRole:
        add_host(session, actor, event, HostForm(name=TITLE, role=role))
    add_item(session, actor, event, ItemForm(starts="18:30", title=TITLE, speaker=TITLE))
    guest = a_guest(session, actor, event, language="de", partner="Jo Example")
    guest.invited_at = now()
    return event, guest, german(session, guest, event)


def german(session: Session, guest: Guest, event: Event) -> str:
    return a_door(session, guest, event).replace("/en/", "/de/")


def visit_invitation(client: TestClient, database: Database) -> None:
    """Every answer, and what is wrong with one."""
    with database.writing() as session:
        actor = an_actor(session)
        event, _guest, door = an_evening(session, actor, **FULL)
        person = a_person(session, actor)
        other = an_event(session, actor, mode=Mode.ONLINE, languages=["de"])
        mine, theirs = (
            next(one for one in guests(session, actor, each, person) if one.person_id) for each in (event, other)
        )
        mine.invited_at = theirs.invited_at = now()
        online, both = german(session, theirs, other), german(session, mine, event)
        venue = an_event(session, actor)
        only = german(session, a_guest(session, actor, venue), venue)
    for path, said in (
        (door, {}), (door, {"reply": "maybe"}), (door, {"reply": "substitute"}), (online, {"reply": "in_person"}),
        (door, {"reply": "in_person", "companion": ["A", "B"]}), (only, {"reply": "online"}),
        (door, {"reply": "online", "needs": "No nuts"}), (door, {"reply": "substitute", "substitute": "x" * 400}),
        (online, {"reply": "online", "companion": ["A"]}),
    ):  # fmt: skip
        assert client.post(path, data=said).status_code == 422, said
    client.get(both)
    for said in ({"reply": "no"}, {"reply": "online"}, {"reply": "substitute", "substitute": "Lee Example"}):
        answered(client, door, said)
    answered(client, online, {"reply": "online"})
    assert client.post(both, data={"reply": "in_person"}).status_code == 422  # full


def answered(client: TestClient, door: str, said: dict[str, Any]) -> None:
    """An answer, its thanks, the page afterwards, and what can be taken from it."""
    assert client.post(door, data=said).status_code == 303
    for path in ("", "/event.ics", "/pass.pdf", "/stop"):
        assert client.get(door + path).status_code in (200, 404)


def visit_endings(client: TestClient, database: Database) -> None:
    """Too late, cancelled, no further invitations, links that lead nowhere."""
    with database.writing() as session:
        actor = an_actor(session)
        event, guest, door = an_evening(session, actor)
        event.change_until = now() - timedelta(hours=1)
    client.get(door)
    assert client.post(door, data={"reply": "no"}).status_code == 422
    assert client.post(f"{door}/stop").status_code == 303
    client.get(door)
    with database.writing() as session:
        session.get_one(Event, event.id).cancelled_at = now()
        session.get_one(Guest, guest.id).email = None
    client.get(door)
    assert client.post(f"{door}/stop").status_code == 409
    with database.writing() as session:
        session.delete(session.get_one(Guest, guest.id))
        elsewhere = german(session, a_guest(session, actor, event, "Bea Example"), event)
    assert [client.get(path).status_code for path in (door, f"{door}x", "/de/nothing")] == [404, 404, 404]
    assert client.post(elsewhere, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    with database.writing() as session:
        revoke_links(session, LinkPurpose.EVENT, guest.id)
    assert client.get(door).status_code == 410
    with i18n.speaking("de", i18n.GUEST_LANGUAGES):
        assert str(TooMany()) != str(Problem())  # what anything else on the way to a page may say


def visit_survey(client: TestClient, database: Database) -> None:
    with database.writing() as session:
        event, guest, door = an_evening(session, an_actor(session))
        guest.reply, guest.places = Reply.VENUE, 1
        event.starts_at, event.ends_at = now() - timedelta(hours=26), now() - timedelta(hours=24)
    client.get(door)
    with database.writing() as session:
        actor, past = an_actor(session), session.get_one(Event, event.id)
        check_in(session, actor, past, [Arrival(guest.id, 0, past.starts_at)])
        for kind in QuestionKind:
            both = {code: f"{said}\n{said}" for code, said in TITLE.items()}
            add_question(session, actor, past, QuestionForm(kind=kind, text=TITLE, choices=both, required=True))
        past.survey_until = (now() + timedelta(days=3)).date()
    client.get(door)
    assert client.post(f"{door}/feedback", data={"rating": "9"}).status_code == 422
    with database.writing() as session:
        session.get_one(Event, event.id).survey_until = (now() - timedelta(days=2)).date()
    client.get(door)
    assert client.post(f"{door}/feedback", data={"rating": "4"}).status_code == 422
    assert client.get(f"{door}/feedback").headers["location"] == door


def visit_seminar(client: TestClient, database: Database, worker: Worker) -> None:
    """The public pages, registering, waiting, the place that becomes free."""
    client.get("/de/events")
    with database.writing() as session:
        actor = an_actor(session)
        closed, _guest, _door = an_evening(session, actor, is_public=True)
        more = {"is_public": True, "takes_interest": True, "text": TITLE, "admission": Admission.REGISTRATION}
        event, _invited, _door = an_evening(session, actor, **{**FULL, **more})
    address = f"/de/events/{event.id}"
    client.get(f"/de/events/{closed.id}")
    assert client.post(address, data={"name": "Ann", "email": "ann", "reply": "in_person"}).status_code == 422
    for name in ("bea", "cem"):
        said = {"name": name.title(), "email": f"{name}@example.org", "reply": "in_person"}
        assert client.post(address, data=said).status_code == 303
        client.get(address)
    with database.writing() as session:
        has, waits = (
            session.exec(select(Guest).where(Guest.email == f"{who}@example.org")).one() for who in ("bea", "cem")
        )
        door, waiting = german(session, has, event), german(session, waits, event)
    client.get(waiting)
    answered(client, door, {"reply": "no"})
    worker.run_all()
    client.get(waiting)
    with database.writing() as session:
        letters = {one.kind: one for one in session.exec(select(OutboxLetter).where(OutboxLetter.to == waits.email))}
        session.get_one(Event, event.id).cancelled_at = now()
    assert set(letters) == {"event_registered", "event_offer"} and letters["event_offer"].language == "de"
    assert "/de/invitation/" in letters["event_registered"].text
    for path in (f"{address}/event.ics", address, "/de/events"):
        client.get(path)
    with database.writing() as session:
        past = session.get_one(Event, event.id)
        past.starts_at, past.ends_at = now() - timedelta(hours=3), now() - timedelta(hours=1)
    for path in (address, "/de/events"):
        client.get(path)


def test_no_sentence_to_a_guest_is_missing(
    client: TestClient, database: Database, worker: Worker, heard: set[tuple[str, str | None]]
) -> None:
    visit_seminar(client, database, worker)
    visit_invitation(client, database)
    visit_survey(client, database)
    visit_endings(client, database)
    with database.reading() as session:
        event = session.exec(select(Event)).first()
    assert event and all(suggested(event, kind, "de") for kind in LetterKind)
    stored = {language: messages.read(language) for language in messages.GUEST_LANGUAGES}
    nothing(
        f"{language}: {json.dumps(message, ensure_ascii=False)}"
        for message, context in sorted(heard, key=str)
        for language, catalogue in stored.items()
        if not has(catalogue, message, context)
    )


def test_only_what_guests_see_is_in_their_languages(client: TestClient, database: Database, sign_in: SignIn) -> None:
    with database.writing() as session:
        actor = an_actor(session)
        _event, _guest, door = an_evening(session, actor)
        spanish = an_event(session, actor, languages=["es", "en"], is_public=True, admission=Admission.REGISTRATION)
        assert "/en/invitation/" in door_address(session, a_guest(session, actor, spanish, language="es"), spanish, "")
    page = client.get(door).text
    assert '<html lang="de"' in page and f'href="{door.replace("/de/", "/fr/")}"' in page
    assert 'href="/en/map"' in page and 'href="/de/events"' in page and 'href="/de/map"' not in page
    assert 'hreflang="de"' not in client.get("/en/map").text and client.get("/de/map").status_code == 404
    assert "sign-in?next" not in client.get("/en/invitation/x").text  # a guest has no account
    said = {"name": "Bea", "email": "bea@example.org", "reply": "in_person"}
    assert client.post(f"/de/events/{spanish.id}", data=said).status_code == 303
    with database.reading() as session:
        assert session.exec(select(Guest).where(Guest.email == "bea@example.org")).one().language == "en"
    inside = sign_in(language="de").get("/events").text
    assert '<html lang="en"' in inside and "Deutsch" not in inside


def has(catalogue: Catalog, message: str, context: str | None) -> bool:
    found = catalogue.get(message, context)
    forms = found.string if found else ""
    return bool(forms) if isinstance(forms, str) else all(forms or [""])
