"""At the door: who walks in, who comes all the same, and how everybody is found who may stand there."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import Session, select

from crm.core.columns import now
from crm.core.db import Database
from crm.events.models import Answer, CheckIn, Companion, Event, Guest, Reply
from tests.conftest import SignIn
from tests.events.test_door import tonight
from tests.factories.events import a_guest

pytestmark = pytest.mark.both


def test_a_walk_in_that_is_told_twice_counts_once(sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        _actor, event, _guest = tonight(session)
    desk, address = sign_in(), f"/events/{event.id}/door/sync"
    said = {"guest": str(uuid4()), "place": 0, "at": now().isoformat(), "name": "Wanda Walkin", "institution": "Lab"}
    for _ in range(2):
        assert desk.post(address, json={"arrivals": [said]}).json()["inside"] == 1
    desk.post(address, json={"arrivals": [{**said, "guest": str(uuid4()), "undone": True}]})
    with database.reading() as session:
        [wanda] = session.exec(select(Guest).where(Guest.name == "Wanda Walkin"))
        assert (str(wanda.id), wanda.reply, wanda.places, wanda.institution) == (said["guest"], "in_person", 1, "Lab")
        assert len(session.exec(select(Answer).where(Answer.guest_id == wanda.id)).all()) == 1
    assert "Wanda Walkin is inside" in desk.get(f"/events/{event.id}/door?q=wanda").text


def others_tonight(session: Session) -> Event:
    """Who has said no, waits, comes online, has said nothing; the last of them is a couple."""
    actor, event, _guest = tonight(session)
    for name, reply, waits in (("Nora", "no", False), ("Bob", "in_person", True), ("Luc", "online", False)):
        guest = a_guest(session, actor, event, f"{name} Other", institution="Elsewhere")
        guest.reply, guest.waiting_since, guest.places = Reply(reply), now() if waits else None, int(reply != "no")
        session.add(Answer(guest_id=guest.id, reply=guest.reply, places=guest.places, waits=waits))
    a_guest(session, actor, event, "Sia Other", institution="Elsewhere", partner="Toni Pair")
    session.flush()
    return event


def test_who_comes_all_the_same_is_marked_and_has_changed_the_answer(sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        event = others_tonight(session)
    desk, address = sign_in(), f"/events/{event.id}/door"
    page = desk.get(f"{address}?q=elsewhere").text
    for mark in ("has said no", "is on the waiting list", "has said: online", "has not answered"):
        assert mark in page
    ids = {entry["name"]: entry["id"] for entry in desk.get(f"{address}/list").json()["guests"]}
    arrivals = [
        {"guest": id, "place": place, "at": now().isoformat()}
        for name, id in ids.items() if "Other" in name for place in ((0, 1) if "Sia" in name else (0,))
    ]  # fmt: skip
    desk.post(f"{address}/sync", json={"arrivals": arrivals})
    with database.reading() as session:
        guests = {one.name: one for one in session.exec(select(Guest))}
        assert session.exec(select(Companion.name).where(Companion.guest_id == guests["Sia Other"].id)).all() == [
            "Toni Pair"
        ]
    came = {name: (one.reply, one.places, one.waiting_since) for name, one in guests.items()}
    assert came.pop("Ann Example") == ("in_person", 2, None) and came.pop("Sia Other") == ("in_person", 2, None)
    assert set(came.values()) == {("in_person", 1, None)}
    for one in arrivals:
        later = (now() + timedelta(seconds=1)).isoformat()
        desk.post(f"{address}/sync", json={"arrivals": [{**one, "undone": True, "at": later}]})
    with database.reading() as session:
        before = {one.name: (one.reply, one.waiting_since is not None) for one in session.exec(select(Guest))}
        assert session.exec(select(CheckIn)).all() == []
    assert before["Nora Other"] == ("no", False) and before["Bob Other"] == ("in_person", True)
    assert before["Luc Other"] == ("online", False) and before["Sia Other"] == (None, False)


@pytest.mark.parametrize("words", ["mueller", "Müller", "muller", "strasse", "Straße"])
def test_letters_that_are_written_in_two_ways_are_found(sign_in: SignIn, database: Database, words: str) -> None:
    with database.writing() as session:
        actor, event, _guest = tonight(session)
        name = "Jo Straße" if words.lower().startswith("str") else "Jo Müller"
        a_guest(session, actor, event, name)
    assert name in sign_in().get(f"/events/{event.id}/door", params={"q": words}).text
