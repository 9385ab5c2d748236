"""At an event: the entry says where it came from, and each link counts what it brought."""

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from crm.core.db import Database
from crm.events.actions.answering import register
from crm.events.forms import RegisterForm
from crm.events.models import Admission, Reply
from crm.listings.models import Nomination
from tests.conftest import SignIn
from tests.factories.accounts import an_actor
from tests.factories.events import an_event
from tests.listings.test_door_interests import SAID, link

pytestmark = pytest.mark.both


def test_from_the_poster_to_the_numbers(client: TestClient, database: Database, sign_in: SignIn) -> None:
    with database.writing() as session:
        open_to_all = {"admission": Admission.REGISTRATION, "is_public": True}
        event = an_event(session, an_actor(session), **open_to_all, takes_interest=True)
        silent = an_event(session, an_actor(session), **open_to_all)
        guest = RegisterForm(name="Ann", email="ann@example.org", reply=Reply.VENUE, source="poster")
        register(session, event, guest)
    door = f"/en/events/{event.id}/interest"
    assert f"{door}?source=news+letter" in client.get(f"/en/events/{event.id}?source=news letter").text.replace(
        "%20", "+"
    )
    assert "/interest" not in client.get(f"/en/events/{silent.id}").text
    assert client.post(f"/en/events/{silent.id}/interest", data=SAID).status_code == 422
    assert "Reception for researchers" in client.get(door).text
    assert client.post(door, data=SAID).headers["location"] == door + "?sent=true"
    desk = sign_in()
    ways = f"/events/{event.id}/ways"
    assert "/listings/nominations" not in desk.get(ways).text
    assert client.post(link(database)).status_code == 303
    assert f"/listings/nominations?event={event.id}&amp;source=poster" in desk.get(ways).text
    rows = desk.get(f"/listings/nominations?event={event.id}&source=poster").text
    assert "Yui Kasō" in rows and "Reception for researchers · poster" in rows
    assert "Yui Kasō" not in desk.get(f"/listings/nominations?event={silent.id}").text
    assert "Ann" in desk.get(f"/events/{event.id}/guests?source=poster").text
    assert "Ann" not in desk.get(f"/events/{event.id}/guests?source=mail").text
    with database.reading() as session:
        assert session.exec(select(Nomination)).one().event_id == event.id
