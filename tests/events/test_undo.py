"""Second thoughts at the door: the last word about a guest counts, in whatever order the doors tell it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from sqlmodel import Session, select
from starlette.testclient import TestClient

from crm.accounts.access import Actor
from crm.core.columns import now
from crm.core.db import Database
from crm.events.actions.receiving import Arrival, check_in, take_back
from crm.events.models import CheckIn, Event, Guest, Reply
from tests.conftest import SignIn
from tests.factories.accounts import an_actor
from tests.factories.events import a_guest, an_event

pytestmark = pytest.mark.both


def tonight(session: Session) -> tuple[Actor, Event, Guest]:
    actor = an_actor(session)
    event = an_event(session, actor)
    event.starts_at, event.ends_at = now() - timedelta(minutes=30), now() + timedelta(hours=2)
    guest = a_guest(session, actor, event)
    guest.reply, guest.places = Reply.VENUE, 1
    session.flush()
    return actor, event, guest


def inside(database: Database) -> int:
    with database.reading() as session:
        return len(session.exec(select(CheckIn)).all())


def tell(desk: TestClient, event: Event, *notes: dict[str, Any], since: datetime | None = None) -> Any:
    said = {"arrivals": list(notes), "since": since.isoformat() if since else None}
    return desk.post(f"/events/{event.id}/door/sync", json=said).json()


def note(guest: Guest, at: datetime, *, undone: bool = False) -> dict[str, Any]:
    return {"guest": str(guest.id), "place": 0, "at": at.isoformat(), "undone": undone}


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_last_word_counts_in_whatever_order_it_comes(database: Database, order: tuple[int, ...]) -> None:
    with database.writing() as session:
        actor, event, guest = tonight(session)
        at = [now() - timedelta(minutes=ago) for ago in (9, 6, 3)]
        acts: list[Callable[[], object]] = [
            lambda: check_in(session, actor, event, [Arrival(guest.id, 0, at[0], "A")]),
            lambda: take_back(session, actor, event, [Arrival(guest.id, 0, at[1], "B")]),
            lambda: check_in(session, actor, event, [Arrival(guest.id, 0, at[2], "C")]),
        ]
        for number in order:
            acts[number]()
            acts[number]()
    assert inside(database) == 1


def test_an_arrival_that_was_taken_back_does_not_return(sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        _actor, event, guest = tonight(session)
    first, second = sign_in("local_staff"), sign_in("fellow")
    came, asked = now() - timedelta(minutes=2), now()
    assert tell(first, event, note(guest, came))["inside"] == 1
    assert tell(second, event, since=asked)["there"] == {str(guest.id): [0]}
    tell(second, event, note(guest, now(), undone=True))
    for desk in (first, second):
        answer = tell(desk, event, since=asked)
        assert (answer["inside"], answer["there"], answer["gone"]) == (0, {}, {str(guest.id): [0]})
    assert tell(first, event, note(guest, came))["new"] == 0  # the answer was lost, and it is told again
    assert inside(database) == 0
    again = tell(first, event, note(guest, now()), since=asked)
    assert (again["inside"], again["gone"]) == (1, {})


def test_the_form_of_the_page_takes_back_too_and_the_devices_hear_of_it(sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        _actor, event, guest = tonight(session)
    desk, asked = sign_in(), now()
    tell(desk, event, note(guest, now() + timedelta(minutes=4)))  # a clock that is ahead
    desk.post(f"/events/{event.id}/door/undo", data={"guest": str(guest.id), "place": "0"})
    assert tell(desk, event, since=asked)["gone"] == {str(guest.id): [0]}
    assert inside(database) == 0


def test_nobody_takes_back_what_is_not_theirs(sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        actor, event, guest = tonight(session)
        other = an_event(session, actor)
        check_in(session, actor, event, [Arrival(guest.id, 0, now())])
    assert tell(sign_in(), other, note(guest, now(), undone=True))["gone"] == {}
    said = {"arrivals": [note(guest, now(), undone=True)]}
    stranger = sign_in("university_officer", "jp-univ")
    assert stranger.post(f"/events/{event.id}/door/sync", json=said).status_code == 404
    assert inside(database) == 1
