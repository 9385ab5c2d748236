"""Saved views: a question under a name, one's own or the office's."""

import pytest
from sqlmodel import select

from crm.core.db import Database
from crm.people.models import SavedView
from tests.conftest import SignIn

pytestmark = pytest.mark.both
QUESTION = "country=US&country=DE&sort=-new&q=%E9%AB%98%E7%80%AC"


def test_a_view_leads_back_to_the_same_question(sign_in: SignIn, database: Database) -> None:
    desk = sign_in()
    assert "%E9%AB%98" in desk.get(f"/people?{QUESTION}").text
    page = desk.get(f"/people/views?{QUESTION}&after=xyz").text
    assert "after" not in page.split('name="query" value="')[1].split('"')[0]
    answer = desk.post("/people/views", data={"name": "Mine", "query": QUESTION})
    assert answer.status_code == 303
    with database.reading() as session:
        view = session.exec(select(SavedView)).one()
    assert sorted(view.query.split("&")) == sorted(QUESTION.split("&"))
    assert answer.headers["location"] == f"/people?{view.query}"
    assert view.name in desk.get("/people/views").text


def test_what_is_shared_is_the_offices_and_nobody_elses(sign_in: SignIn, database: Database) -> None:
    desk = sign_in()
    desk.post("/people/views", data={"name": "My own", "query": QUESTION})
    desk.post("/people/views", data={"name": "Our common", "query": QUESTION, "shared": "true"})
    colleague = sign_in().get("/people/views").text
    assert "Our common" in colleague and "My own" not in colleague
    assert "Our common" not in sign_in("officer", "jp-univ").get("/people/views").text
    with database.reading() as session:
        shared = session.exec(select(SavedView).where(SavedView.shared)).one()
    assert sign_in().post(f"/people/views/{shared.id}/remove").status_code == 404
    assert desk.post(f"/people/views/{shared.id}/remove").status_code == 303


@pytest.mark.parametrize("wrong", [{"name": ""}, {"query": ""}, {"query": "sort=sideways"}, {"name": "Twice"}])
def test_what_cannot_be_saved(sign_in: SignIn, wrong: dict[str, str]) -> None:
    desk = sign_in()
    desk.post("/people/views", data={"name": "Twice", "query": QUESTION})
    answer = desk.post("/people/views", data={"name": "Once", "query": QUESTION, **wrong})
    assert answer.status_code in (404, 422)
