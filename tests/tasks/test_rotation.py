"""Rotation: what was promised goes to the successor, who reads a list; nothing stays ownerless unseen."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select
from starlette.testclient import TestClient

from crm.accounts.models import Membership
from crm.core.columns import now
from crm.core.db import Database
from crm.core.settings import Settings
from crm.doctor import findings
from crm.introductions.actions import ask
from crm.introductions.forms import IntroductionForm
from crm.people.models import ContactPoint, ContactState
from crm.tasks.models import HandOver, Task
from tests.conftest import SignIn
from tests.factories.accounts import Post, a_post, a_session_cookie, boston_today
from tests.factories.interactions import a_contact, a_task
from tests.factories.people import a_person

pytestmark = pytest.mark.both


@pytest.fixture
def leaver(database: Database) -> Post:
    """An attaché of Boston with a promise, a contact, an introduction, and somebody who wants no letters."""
    with database.writing() as session:
        post = a_post(session, "attache")
        person = a_person(session, post.actor)
        a_task(session, post.actor, person, title="Send the calls", assignee=post.user.id)
        a_task(session, post.actor, person, title="Done long ago", assignee=post.user.id).done_at = now()
        a_contact(session, post.actor, person, text="Would like to come back. " + "And more was said. " * 9)
        ask(session, post.actor, IntroductionForm(asker="Tides Ltd", question="Who?", asked_on=post.actor.today))
        point = session.exec(select(ContactPoint)).one()
        point.state = ContactState.DO_NOT_USE
        return post


@pytest.fixture
def successor(database: Database, open_client: Any) -> tuple[Post, TestClient]:
    with database.writing() as session:
        post = a_post(session, "attache")
        cookie = a_session_cookie(session, post)
    browser = open_client()
    browser.cookies.set("meguri_session", cookie)
    browser.cookies.set("meguri_language", "en")
    return post, browser


def end_post(session: Session, post: Post) -> None:
    membership = session.get_one(Membership, post.membership.id)
    membership.until = boston_today() - timedelta(days=1)


def test_from_what_is_left_to_what_was_read(
    database: Database, leaver: Post, successor: tuple[Post, TestClient]
) -> None:
    post, browser = successor
    page = browser.get(f"/tasks/rotation?leaver={leaver.user.id}").text
    for left in ("Send the calls", "Tides Ltd", "Would like to come back", "takase@example.org"):
        assert left in page, left
    assert "Done long ago" not in page
    assert re.search(r"Send the calls</a>\s*<span class=\"second\">[^<]* · 高瀬 真理", page)
    assert "…" in page and "And more was said. " * 9 not in page
    words = {"leaver": str(leaver.user.id), "successor": str(post.user.id), "note": "Call Dr Takase first."}
    answer = browser.post("/tasks/rotation", data=words)
    assert answer.status_code == 303
    with database.reading() as session:
        done = session.exec(select(HandOver)).one()
        promise = session.exec(select(Task).where(Task.title == "Send the calls")).one()
        kept = session.exec(select(Task).where(Task.title == "Done long ago")).one()
    assert (done.moved, promise.assignee_id, kept.assignee_id) == (2, post.user.id, leaver.user.id)
    assert "Reading lists for you" in browser.get("/").text
    reading = browser.get(answer.headers["location"]).text
    assert "Call Dr Takase first." in reading and "Send the calls" in reading
    assert browser.post(f"/tasks/rotation/{done.id}/read").status_code == 303
    assert "Reading lists for you" not in browser.get("/").text


@pytest.mark.parametrize("wrong", ["self", "stranger", "gone"])
def test_only_to_a_colleague_of_today(
    database: Database, leaver: Post, successor: tuple[Post, TestClient], wrong: str
) -> None:
    _, browser = successor
    with database.writing() as session:
        gone = a_post(session, "attache")
        end_post(session, gone)
        to = {"self": leaver.user.id, "stranger": a_post(session, "officer", "jp-univ").user.id, "gone": gone.user.id}
    answer = browser.post("/tasks/rotation", data={"leaver": str(leaver.user.id), "successor": str(to[wrong])})
    assert answer.status_code == 422
    with database.reading() as session:
        assert session.exec(select(HandOver)).first() is None


def test_another_office_cannot_look_at_a_desk(database: Database, leaver: Post, sign_in: SignIn) -> None:
    other = sign_in("officer", "jp-univ")
    page = other.get(f"/tasks/rotation?leaver={leaver.user.id}").text
    assert "Send the calls" not in page and "Tides Ltd" not in page
    answer = other.post("/tasks/rotation", data={"leaver": str(leaver.user.id), "successor": str(leaver.user.id)})
    assert answer.status_code == 422


def test_careful_contacts_are_read_only_by_who_may(
    database: Database, leaver: Post, successor: tuple[Post, TestClient], sign_in: SignIn
) -> None:
    with database.writing() as session:
        person = a_person(session, leaver.actor, full_name="Ono Ken", email="o@example.org", kanji="小野 健")
        a_contact(session, leaver.actor, person, text="Delicate matter", careful=True)
    address = f"/tasks/rotation?leaver={leaver.user.id}"
    assert "Delicate matter" in successor[1].get(address).text
    assert "Delicate matter" not in sign_in("local_staff").get(address).text


def test_the_doctor_names_what_nobody_owns(database: Database, settings: Settings, leaver: Post) -> None:
    def said() -> list[str]:
        return [sentence for kind, sentence in findings(settings) if kind == "missing" and "us-bos" in sentence]

    assert said() == []
    with database.writing() as session:
        end_post(session, leaver)
    assert said() == [
        "us-bos: 1 open follow-ups belong to somebody who has no post there now.",
        "us-bos holds people, but nobody has a post there.",
    ]
