"""Answers that came in stand on the first page of whoever carries the event, and nowhere else."""

from datetime import timedelta
from typing import Any

import pytest

from crm.core.columns import now
from crm.core.db import Database
from crm.events.models import Reply
from tests.conftest import SignIn
from tests.factories.accounts import an_actor
from tests.factories.events import a_guest, an_event

pytestmark = pytest.mark.both


def test_answers_of_this_week_lead_to_the_guests_who_gave_them(
    sign_in: SignIn, database: Database, count_queries: Any
) -> None:
    desk = sign_in()
    with count_queries(database) as before:
        assert "Answers to your events this week" not in desk.get("/").text
    with database.writing() as session:
        actor = an_actor(session)
        for title in ("Tea for two", "Coffee for three"):
            event = an_event(session, actor, title={"en": title})
            for name, reply, days in (("Ann", Reply.VENUE, 1), ("Bea", Reply.NO, 2), ("Cid", Reply.ONLINE, 9)):
                guest = a_guest(session, actor, event, f"{name} Example")
                guest.reply, guest.replied_at = reply, now() - timedelta(days=days)
            a_guest(session, actor, event, "Dan Example")
        over = an_event(session, actor, title={"en": "Long ago"})
        a_guest(session, actor, over, "Eve Example").replied_at = now()
        over.starts_at, over.ends_at = now() - timedelta(days=2), now() - timedelta(days=1)
    with count_queries(database) as statements:
        page = desk.get("/").text
    assert len(statements) <= len(before) <= 12
    assert "Tea for two" in page and "Coffee for three" in page and "Long ago" not in page
    assert page.count("2 answers") == 2
    answered = desk.get(f"/events/{event.id}/guests?state=answered").text
    assert "Ann Example" in answered and "Bea Example" in answered
    assert "Cid Example" not in answered and "Dan Example" not in answered
    assert "Tea for two" not in sign_in("university_officer", "jp-univ").get("/").text
