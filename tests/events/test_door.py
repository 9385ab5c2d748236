"""The reception desk: everybody counts once, whichever door says it, with a network and without."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session, select

from crm.accounts.access import Actor
from crm.core.columns import now
from crm.core.db import Database
from crm.events.actions.receiving import Arrival, check_in
from crm.events.models import CheckIn, Companion, Event, Guest, Reply
from tests.conftest import SignIn
from tests.factories.accounts import an_actor
from tests.factories.events import a_guest, an_event, guests
from tests.factories.people import a_person

pytestmark = pytest.mark.both


def tonight(session: Session) -> tuple[Actor, Event, Guest]:
    """It has begun; one guest comes with somebody."""
    actor = an_actor(session)
    event = an_event(session, actor)
    event.starts_at, event.ends_at = now() - timedelta(minutes=30), now() + timedelta(hours=2)
    guest = a_guest(session, actor, event, "Ann Example", latin="Ann Example", institution="Invented Institute")
    guest.reply, guest.places = Reply.VENUE, 2
    session.add(Companion(guest_id=guest.id, place=1, name="Kim Example"))
    session.flush()
    return actor, event, guest


def inside(database: Database) -> list[CheckIn]:
    with database.reading() as session:
        return list(session.exec(select(CheckIn).order_by(CheckIn.place)))  # type: ignore[arg-type]


def test_a_guest_and_whom_they_bring_come_in_one_by_one(sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        _actor, event, guest = tonight(session)
    desk = sign_in()
    address = f"/events/{event.id}/door"
    found = desk.get(f"{address}?q=example&at=A").text
    assert "Let in Ann Example" in found and "Let in Kim Example" in found
    for place in ("0", "0", "1"):
        said = {"guest": str(guest.id), "place": place, "door": "A", "q": "example"}
        assert desk.post(address, data=said).status_code == 303
    assert [(one.place, one.door) for one in inside(database)] == [(0, "A"), (1, "A")]
    assert "Kim Example is inside" in desk.get(f"{address}?q=example").text
    desk.post(f"{address}/undo", data={"guest": str(guest.id), "place": "1"})
    assert [one.place for one in inside(database)] == [0]
    assert "Came" in desk.get(f"/events/{event.id}/guests?state=came").text
    guest_page = desk.get(f"/events/{event.id}/guests/{guest.id}").text
    assert "Came at" in guest_page and "Remove from the list" not in guest_page


@pytest.mark.parametrize("words", ["takase", "高瀬", "たかせ", "タカセ", "Takase Mari"])
def test_names_are_found_in_any_script(sign_in: SignIn, database: Database, words: str) -> None:
    with database.writing() as session:
        actor, event, _guest = tonight(session)
        guests(session, actor, event, a_person(session, actor))
    page = sign_in().get(f"/events/{event.id}/door", params={"q": words}).text
    assert "高瀬 真理" in page and "Ann Example" not in page


def test_two_doors_that_were_offline_count_a_guest_once(sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        _actor, event, guest = tonight(session)
    first, second = sign_in("local_staff"), sign_in("fellow")
    came = now() - timedelta(minutes=10)
    for desk, door, at in ((first, "A", came), (second, "B", came + timedelta(minutes=1)), (first, "A", came)):
        said = {"guest": str(guest.id), "place": 0, "at": at.isoformat(), "door": door}
        answer = desk.post(f"/events/{event.id}/door/sync", json={"arrivals": [said]})
        assert answer.status_code == 200
        assert answer.json()["there"] == {str(guest.id): [0]}
    [one] = inside(database)
    assert (one.door, one.at.replace(microsecond=0)) == ("A", came.replace(microsecond=0))


def test_a_clock_that_is_wrong_makes_no_time_that_cannot_be(database: Database) -> None:
    with database.writing() as session:
        actor, event, guest = tonight(session)
        check_in(session, actor, event, [Arrival(guest.id, 0, now() + timedelta(days=400))])
    [one] = inside(database)
    assert abs((one.at - now()).total_seconds()) < 60


def test_the_device_gets_no_more_than_it_needs(
    sign_in: SignIn, database: Database, count_queries: Callable[[Database], Any]
) -> None:
    with database.writing() as session:
        actor, event, guest = tonight(session)
        guest.note, guest.partner, guest.email = "Secret note", "Secret partner", "secret@example.org"
        no = a_guest(session, actor, event, "Nora Example")
        no.reply = Reply.NO
    desk = sign_in()
    told = desk.get(f"/events/{event.id}/door/list").json()
    entry, refused = told["guests"]
    assert set(entry) == {
        "id", "code", "name", "reading", "place", "title", "words", "honoured", "table", "with", "inside", "state",
        "escort",
    }  # fmt: skip
    assert (entry["state"], refused["state"]) == ("", "no")
    assert entry["with"] == [[1, "Kim Example"]] and "Secret" not in str(told) and "secret" not in str(told)
    with count_queries(database) as statements:
        desk.get(f"/events/{event.id}/door/list")
    assert len(statements) <= 7


def test_a_door_hears_of_new_guests_while_nobody_comes_in(
    sign_in: SignIn, database: Database, count_queries: Callable[[Database], Any]
) -> None:
    with database.writing() as session:
        actor, event, guest = tonight(session)
        guest.created_at = now() - timedelta(days=1)
    desk, address = sign_in(), f"/events/{event.id}/door"
    told = desk.get(f"{address}/list").json()
    asked = (now() + timedelta(seconds=31)).isoformat()  # after the guests of this test, however quick it is
    quiet = {"arrivals": [], "since": told["as_of"], "known": asked}
    assert desk.post(f"{address}/sync", json=quiet).json()["guests"] == []
    desk.post(f"{address}/walk-in", data={"name": "Wanda Walkin", "institution": "Invented Institute"})
    with database.writing() as session:
        a_guest(session, actor, event, "Nora Example").reply = Reply.NO
        a_guest(session, actor, event, "Otto Example")
    said = {"guest": str(guest.id), "place": 0, "at": now().isoformat()}
    with count_queries(database) as busy:
        answer = desk.post(f"{address}/sync", json={"arrivals": [said], "since": told["as_of"], "known": told["as_of"]})
    assert "guests" not in answer.json() and not any("guest.words" in one for one in busy)
    quiet["known"] = told["as_of"]
    with count_queries(database) as statements:
        heard = desk.post(f"{address}/sync", json=quiet).json()["guests"]
    assert len(statements) <= 9
    names = {one["name"]: one["inside"] for one in heard}
    assert names["Wanda Walkin"] == [0] and names["Otto Example"] == [] and names["Nora Example"] == []
    assert all(one.keys() == told["guests"][0].keys() for one in heard)


def test_strangers_and_faulty_messages_are_refused(sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        _actor, event, guest = tonight(session)
    said = {"guest": str(guest.id), "place": 0, "at": now().isoformat()}
    address = f"/events/{event.id}/door"
    stranger = sign_in("university_officer", "jp-univ")
    assert stranger.post(f"{address}/sync", json={"arrivals": [said]}).status_code == 404
    assert stranger.get(f"{address}/list").status_code == 404
    desk = sign_in()
    for wrong in ({**said, "place": 99}, {**said, "at": "yesterday"}, {**said, "guest": "x"}):
        assert desk.post(f"{address}/sync", json={"arrivals": [wrong]}).status_code == 422
    unknown = {**said, "guest": str(UUID(int=1))}
    naive = {**said, "at": "2026-11-27T10:00:00"}
    assert desk.post(f"{address}/sync", json={"arrivals": [unknown, naive]}).json()["new"] == 0
    assert inside(database) == []
    assert desk.post(f"{address}/sync", json={"arrivals": [said] * 5001}).status_code == 422


def test_somebody_unexpected_is_let_in(sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        _actor, event, _guest = tonight(session)
    desk = sign_in()
    assert desk.post(f"/events/{event.id}/door/walk-in", data={"institution": "X"}).status_code == 422
    said = {"name": "Zoe Newcomer", "institution": "Nowhere", "door": "B"}
    assert desk.post(f"/events/{event.id}/door/walk-in", data=said).status_code == 303
    with database.reading() as session:
        guest = session.exec(select(Guest).where(Guest.name == "Zoe Newcomer")).one()
    assert (guest.source, guest.comes) == ("door", True)
    assert [one.door for one in inside(database)] == ["B"]


def test_guests_of_honour_are_announced(sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        _actor, event, guest = tonight(session)
        guest.honoured, guest.note = True, "Escort: the deputy"
    desk = sign_in()
    page = desk.get(f"/events/{event.id}/live").text
    assert "Not yet" in page and "Escort: the deputy" in page
    with database.writing() as session:
        check_in(session, an_actor(session), event, [Arrival(guest.id, 0, now())])
    page = desk.get(f"/events/{event.id}/live").text
    assert "Has arrived" in page and page.count("Ann Example") == 3


def test_who_did_not_come_is_found_afterwards(sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        actor, event, _guest = tonight(session)
        other = a_guest(session, actor, event, "Bea Example")
        other.reply, other.places = Reply.VENUE, 1
        session.flush()
        check_in(session, actor, event, [Arrival(other.id, 0, now())])
    page = sign_in().get(f"/events/{event.id}/guests?state=missed").text
    assert "Ann Example" in page and "Bea Example" not in page


def test_the_desk_can_be_put_on_a_phone(sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        _actor, event, _guest = tonight(session)
    desk = sign_in()
    page = desk.get(f"/events/{event.id}/door")
    assert page.headers["permissions-policy"].startswith("camera=(self)")
    told = desk.get(f"/events/{event.id}/door/app.webmanifest").json()
    assert told["start_url"] == f"/events/{event.id}/door" and told["display"] == "standalone"
    worker = desk.get("/events/door/worker.js")
    assert worker.headers["service-worker-allowed"] == "/events/"
    assert worker.headers["content-type"].startswith("text/javascript")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("door", {"guest": "nobody"}),
        ("door/undo", {}),
        ("letters", {"kind": "nonsense"}),
        ("letters", {}),
        ("letters/test", {"kind": "nonsense"}),
        ("letters/send", {"kind": "nonsense"}),
        ("seats", {"ids": ["x"]}),
        ("preparations", {"wanted": ["x"]}),
        ("hosts", {"role": "king"}),
        ("copy", {}),
        ("guests", {"ids": ["x"], "query": "sort=nonsense"}),
    ],
)
def test_what_no_page_of_ours_sends_is_no_fault_of_the_server(
    sign_in: SignIn, database: Database, path: str, said: dict[str, Any]
) -> None:
    with database.writing() as session:
        _actor, event, _guest = tonight(session)
    answer = sign_in().post(f"/events/{event.id}/{path}", data=said)
    assert answer.status_code in (303, 404, 422), answer.status_code
