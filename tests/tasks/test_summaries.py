"""The morning mail: once a day, in the user's language, of their own office, only when something is due."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session, select

from crm.accounts.access import Actor
from crm.accounts.models import Membership, User
from crm.core.columns import now
from crm.core.db import Database
from crm.core.mail import OutboxLetter
from crm.tasks.models import DailySummary
from crm.tasks.summaries import send_summaries, wish
from tests.conftest import SignIn
from tests.factories.accounts import a_post, an_actor
from tests.factories.interactions import a_task
from tests.factories.people import a_person

pytestmark = pytest.mark.both
BASE = "https://meguri.example"


def an_early_riser(session: Session, language: str = "en") -> Actor:
    actor = a_post(session, "attache", "us-bos", language).actor
    wish(session, actor, True)
    return actor


def at(actor: Actor, hour: int, days: int = 1) -> datetime:
    return datetime.combine(actor.today + timedelta(days=days), time(hour), ZoneInfo(actor.zone))


def letters(database: Database) -> list[OutboxLetter]:
    with database.reading() as session:
        return list(session.exec(select(OutboxLetter)))


def test_it_comes_once_in_the_morning_of_the_office(database: Database) -> None:
    with database.writing() as session:
        actor = an_early_riser(session)
        a_task(session, actor, a_person(session, actor), in_days=-1, title="Send the calls", assignee=actor.user_id)
        a_task(session, actor, in_days=2, title="Call back")
        a_task(session, an_actor(session, office_code="de-ber-test"), title="Berlin's own")
    assert send_summaries(database, BASE, at(actor, 23, days=0)) == 0
    assert send_summaries(database, BASE, at(actor, 6)) == 0
    assert send_summaries(database, BASE, at(actor, 7)) == 1
    assert send_summaries(database, BASE, at(actor, 9)) == 0
    [letter] = letters(database)
    assert letter.to == actor.email and letter.office_id is None
    assert "- Send the calls: 高瀬 真理 (by" in letter.text and "- Call back (by" in letter.text
    assert f"{BASE}/tasks/calendar" in letter.text and "Berlin" not in letter.text
    assert send_summaries(database, BASE, at(actor, 8, days=2)) == 1


def test_it_is_in_the_users_language(database: Database) -> None:
    with database.writing() as session:
        actor = an_early_riser(session, "ja")
        a_task(session, actor)
    send_summaries(database, BASE, at(actor, 8))
    [letter] = letters(database)
    assert "期限を迎えたフォロー事項が1件" in letter.text


def test_a_day_without_anything_due_brings_no_mail(database: Database) -> None:
    with database.writing() as session:
        actor = an_early_riser(session)
        a_task(session, actor, in_days=3)
    assert send_summaries(database, BASE, at(actor, 8)) == 0
    assert letters(database) == []


def test_it_stops_when_asked_and_with_the_post(database: Database) -> None:
    with database.writing() as session:
        actor, leaver = an_early_riser(session), an_early_riser(session)
        for one in (actor, leaver):
            a_task(session, one)
        wish(session, actor, False)
        post = session.exec(select(Membership).where(Membership.user_id == leaver.user_id)).one()
        post.since, post.until = now().date() - timedelta(days=9), now().date() - timedelta(days=1)
    assert send_summaries(database, BASE, at(actor, 8)) == 0
    with database.reading() as session:
        assert all(each.ended_at for each in session.exec(select(DailySummary)))


def test_it_stops_with_the_account(database: Database) -> None:
    with database.writing() as session:
        actor = an_early_riser(session)
        a_task(session, actor)
        session.get_one(User, actor.user_id).closed_at = now()
    assert send_summaries(database, BASE, at(actor, 8)) == 0
    with database.reading() as session:
        assert session.exec(select(DailySummary)).one().ended_at


def test_the_wish_is_made_on_the_page(sign_in: SignIn, database: Database) -> None:
    desk = sign_in("attache", "us-bos")
    desk.post("/tasks/calendar/mail", data={"wanted": "true"})
    desk.post("/tasks/calendar/mail", data={"wanted": "true"})
    assert "Stop the morning mail" in desk.get("/tasks/calendar").text
    desk.post("/tasks/calendar/mail")
    assert "Send me the morning mail" in desk.get("/tasks/calendar").text
    with database.reading() as session:
        assert len(session.exec(select(DailySummary)).all()) == 1
