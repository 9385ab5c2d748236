"""Deadlines for a calendar program, read back by another reader of calendars."""

from datetime import timedelta
from typing import Any

import pytest
import vobject
from lxml import html
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select
from starlette.testclient import TestClient

from crm.accounts.access import Actor
from crm.accounts.acting import actor_for
from crm.accounts.models import Membership, User
from crm.core.columns import now
from crm.core.db import Database
from crm.tasks.models import CalendarLink
from tests.conftest import SignIn
from tests.factories.accounts import an_actor
from tests.factories.interactions import a_task
from tests.factories.people import a_person

pytestmark = pytest.mark.both


def address_on(desk: TestClient) -> str:
    page: Any = html.fromstring(desk.get("/tasks/calendar").text)
    return str(page.xpath("string(//code)")).removeprefix("http://testserver")


@pytest.fixture
def desk(sign_in: SignIn, database: Database) -> TestClient:
    desk = sign_in("attache", "us-bos")
    with database.writing() as session:
        boston, berlin = an_actor(session), an_actor(session, office_code="de-ber-test")
        a_task(session, boston, a_person(session, boston), in_days=3, title="Send the calls; all")
        a_task(session, boston, title="A colleague's", assignee=boston.user_id)
        a_task(session, berlin, title="Berlin's own")
    desk.post("/tasks/calendar")
    return desk


def test_a_calendar_program_reads_the_deadlines(desk: TestClient, client: TestClient, database: Database) -> None:
    answer = client.get(address_on(desk))
    assert answer.headers["content-type"].startswith("text/calendar")
    events = vobject.readOne(answer.text).vevent_list
    assert [event.summary.value for event in events] == ["Send the calls; all: 高瀬 真理"]
    with database.reading() as session:
        today = reader(session).today
    assert events[0].dtstart.value == today + timedelta(days=3)
    assert events[0].url.value.startswith("http://testserver/tasks/")


def reader(session: Session) -> Actor:
    link = session.exec(select(CalendarLink)).first()
    assert link
    return actor_for(session, link.office_id, link.user_id)


def test_a_revoked_or_replaced_address_opens_nothing(desk: TestClient, client: TestClient) -> None:
    first = address_on(desk)
    desk.post("/tasks/calendar")
    second = address_on(desk)
    assert (client.get(first).status_code, client.get(second).status_code) == (404, 200)
    desk.post("/tasks/calendar/revoke")
    assert client.get(second).status_code == 404
    assert not address_on(desk)


@pytest.mark.parametrize("change", [lambda token: token[:-3] + "abc", lambda _: "nonsense", lambda _: "%00"])
def test_a_made_up_address_opens_nothing(desk: TestClient, client: TestClient, change: Any) -> None:
    token = address_on(desk).removeprefix("/calendar/").removesuffix(".ics")
    assert client.get(f"/calendar/{change(token)}.ics").status_code == 404


def test_the_address_ends_with_the_account(desk: TestClient, client: TestClient, database: Database) -> None:
    address = address_on(desk)
    with database.writing() as session:
        link = session.exec(select(CalendarLink)).one()
        session.get_one(User, link.user_id).closed_at = now()
    assert client.get(address).status_code == 404


def test_two_at_once_make_one_address(desk: TestClient, database: Database) -> None:
    with database.reading() as session:
        link = session.exec(select(CalendarLink)).one()
    with pytest.raises(IntegrityError), database.writing() as session:
        session.add(CalendarLink(user_id=link.user_id, office_id=link.office_id))
    assert address_on(desk)


def test_the_address_ends_with_the_post(desk: TestClient, client: TestClient, database: Database) -> None:
    address = address_on(desk)
    with database.writing() as session:
        link = session.exec(select(CalendarLink)).one()
        post = session.exec(select(Membership).where(Membership.user_id == link.user_id)).one()
        post.since, post.until = now().date() - timedelta(days=9), now().date() - timedelta(days=1)
    assert client.get(address).status_code == 404
