"""The organiser's own questions: written, answered without an account, counted, taken out, and told in the report."""

import csv
import io
import re
from datetime import timedelta
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sqlmodel import Session, select
from starlette.testclient import TestClient

from crm.accounts.access import Actor
from crm.core.columns import now
from crm.core.db import Database
from crm.events.actions.planning import copy_event
from crm.events.actions.surveying import add_question
from crm.events.forms import CopyForm
from crm.events.models import Event, Guest, SurveyAnswer, SurveyQuestion
from crm.events.queries.surveys import questions_of
from crm.events.questionnaire import QuestionForm, name_of
from tests.conftest import SignIn
from tests.events.test_after import yesterday
from tests.events.test_papers import text_of
from tests.factories.events import a_door

pytestmark = pytest.mark.both

QUESTIONS: list[dict[str, Any]] = [
    {"kind": "one_choice", "text": {"en": "With whom?", "ja": "誰と"}, "required": True,
     "choices": {"en": "Peers\nHosts", "ja": "同僚\n主催者"}},
    {"kind": "several_choices", "text": {"en": "What was good?", "ja": "良かった点"},
     "choices": {"en": "Food\nTalks\nRoom", "ja": "食事\n講演\n会場"}},
    {"kind": "rating", "text": {"en": "The venue?", "ja": "会場は"}},
    {"kind": "short_text", "text": {"en": "One word?", "ja": "一言で"}},
    {"kind": "long_text", "text": {"en": "Next topic?", "ja": "次の題目"}},
]  # fmt: skip


def with_questions(session: Session) -> tuple[Actor, Event, Guest, list[str]]:
    """An event that was, a guest who came, and the names of the boxes."""
    actor, event, came = yesterday(session)
    for each in QUESTIONS:
        add_question(session, actor, event, QuestionForm.model_validate(each))
    return actor, event, came, [name_of(one) for one in questions_of(session, event)]


def sent(text: dict[str, str], **more: Any) -> dict[str, Any]:
    """As a browser sends a question."""
    return {**{f"text.{code}": said for code, said in text.items()}, **more}


def test_questions_are_written_put_in_order_and_changed(sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        _actor, event, _came = yesterday(session)
    desk, address = sign_in(), f"/events/{event.id}/survey"
    both = {"en": "With whom?", "ja": "誰と"}
    only = desk.post(f"{address}/questions", data=sent({"en": "With whom?"}, kind="rating"))
    assert only.status_code == 422 and "in every language" in only.text and "With whom?" in only.text
    short = sent(both, kind="one_choice", **{"choices.en": "Peers\nHosts", "choices.ja": "同僚"})
    answer = desk.post(f"{address}/questions", data=short)
    assert answer.status_code == 422 and "same number of answers" in answer.text and "同僚" in answer.text
    lonely = sent(both, kind="one_choice", **{"choices.en": "Peers", "choices.ja": "同僚"})
    assert "between two and twenty" in desk.post(f"{address}/questions", data=lonely).text
    for text in (both, {"en": "Second", "ja": "二"}):
        assert desk.post(f"{address}/questions", data=sent(text, kind="long_text")).status_code == 303
    with database.reading() as session:
        first, second = questions_of(session, event)
    desk.post(f"{address}/questions/{second.id}/up")
    assert "With whom?" in desk.get(f"{address}/questions/{first.id}").text
    changed = sent({"en": "Who?", "ja": "誰"}, kind="short_text", required="true")
    assert desk.post(f"{address}/questions/{first.id}", data=changed).status_code == 303
    with database.reading() as session:
        asked = questions_of(session, event)
        assert [(one.text["en"], one.required) for one in asked] == [("Second", False), ("Who?", True)]
    assert desk.post(f"{address}/questions/{second.id}/remove").status_code == 303
    assert "Second" not in desk.get(address).text


def test_a_guest_answers_in_their_language_and_changes_it(client: TestClient, database: Database) -> None:
    with database.writing() as session:
        _actor, event, came, boxes = with_questions(session)
        door = a_door(session, came, event)
    whom, good, venue, word, topic = boxes
    assert "With whom?" in client.get(door).text and "誰と" in client.get(door.replace("/en/", "/ja/")).text
    open_one = client.post(f"{door}/feedback", data={"rating": "5", topic: "Robots"})
    assert open_one.status_code == 422 and "Please fill this in." in open_one.text and "Robots" in open_one.text
    for wrong in (
        {whom: "2"},
        {whom: "-1"},
        {whom: "0", venue: "6"},
        {whom: "0", good: "9"},
        {whom: "0", word: "x" * 301},
    ):
        assert client.post(f"{door}/feedback", data={"rating": "5", **wrong}).status_code == 422
    first = {"rating": "5", whom: "0", good: ["0", "2"], venue: "4", word: "Warm", topic: "Robots"}
    assert client.post(f"{door}/feedback", data=first).status_code == 303
    page = client.get(door).text
    assert re.search(rf'name="{good}" type="checkbox" value="2" checked', page) and "Robots" in page
    assert client.post(f"{door}/feedback", data={"rating": "3", whom: "1"}).status_code == 303
    with database.reading() as session:
        [answer] = session.exec(select(SurveyAnswer)).all()
        assert answer.said == {str(questions_of(session, event)[0].id): 1}


def test_the_closing_day_is_the_last(client: TestClient, sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        _actor, event, came = yesterday(session, days=9)
        door = a_door(session, came, event)
        today = now().astimezone(event.starts_here.tzinfo).date()
    desk, address = sign_in(), f"/events/{event.id}/survey"
    early = desk.post(address, data={"survey_until": str(today - timedelta(days=30))})
    assert early.status_code == 422 and "cannot close before the event is over" in early.text
    assert desk.post(address, data={"survey_until": str(today)}).status_code == 303
    assert client.post(f"{door}/feedback", data={"rating": "5"}).status_code == 303
    assert desk.post(address, data={"survey_until": str(today - timedelta(days=2))}).status_code == 303
    assert "no longer taken" in client.get(door).text
    assert client.post(f"{door}/feedback", data={"rating": "1"}).status_code == 422


def test_after_the_first_answer_the_questions_stand(client: TestClient, sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        _actor, event, came, boxes = with_questions(session)
        door = a_door(session, came, event)
        question = questions_of(session, event)[0]
    assert client.post(f"{door}/feedback", data={"rating": "5", boxes[0]: "0"}).status_code == 303
    desk, address = sign_in(), f"/events/{event.id}/survey"
    late = sent({"en": "Late?", "ja": "遅い"}, kind="rating")
    for path in (f"{address}/questions", f"{address}/questions/{question.id}"):
        answer = desk.post(path, data=late)
        assert answer.status_code == 422 and "Somebody has answered already" in answer.text
    for act in ("remove", "up"):
        assert desk.post(f"{address}/questions/{question.id}/{act}").status_code == 409


def test_answers_are_counted_taken_out_and_told_in_the_report(
    client: TestClient, sign_in: SignIn, database: Database
) -> None:
    with database.writing() as session:
        actor, event, came, boxes = with_questions(session)
        other = session.exec(select(Guest).where(Guest.name == "Bea Example")).one()
        from crm.events.actions.receiving import Arrival, check_in

        check_in(session, actor, event, [Arrival(other.id, 0, event.starts_at)])
        doors = [a_door(session, guest, event) for guest in (came, other)]
    whom, good, venue, word, _topic = boxes
    client.post(f"{doors[0]}/feedback", data={"rating": "5", whom: "0", good: ["0", "1"], venue: "4", word: "=1+1"})
    client.post(f"{doors[1]}/feedback", data={"rating": "4", whom: "0", good: "1", venue: "5"})
    desk, address = sign_in(), f"/events/{event.id}/survey"
    page = desk.get(address).text
    assert "2 of 2 guests who were there have answered" in page and "Ann Example" not in page
    for said in ("Peers (100%)", "Hosts (0%)", "Food (50%)", "Talks (100%)", "on average 4.5 of 5", "=1+1"):
        assert said in page
    rows = list(csv.reader(io.StringIO(desk.post(f"{address}/answers?kind=csv").text.lstrip("\ufeff"))))
    assert rows[0][:4] == ["Rating", "Words", "With whom?", "What was good?"]
    assert rows[1] == ["5", "", "Peers", "Food; Talks", "4", "'=1+1", ""]
    book = CalamineWorkbook.from_filelike(io.BytesIO(desk.post(f"{address}/answers?kind=xlsx").content))
    assert book.get_sheet_by_index(0).to_python()[1][5] == "=1+1"  # as text
    for language, said in (("en", "Peers: 2 (100%)"), ("ja", "同僚")):
        assert said in text_of(desk.get(f"/events/{event.id}/report.pdf?language={language}").content)


def test_answers_are_nobody_elses_and_go_with_the_guest(
    sign_in: SignIn, client: TestClient, database: Database
) -> None:
    with database.writing() as session:
        _actor, event, came, boxes = with_questions(session)
        door = a_door(session, came, event)
    client.post(f"{door}/feedback", data={"rating": "5", boxes[0]: "0"})
    other = sign_in("university_officer", "jp-univ")
    assert other.get(f"/events/{event.id}/survey").status_code == 404
    assert other.post(f"/events/{event.id}/survey/answers").status_code == 404
    with database.writing() as session:
        session.delete(session.get_one(Guest, came.id))
        session.flush()
        assert session.exec(select(SurveyAnswer)).all() == []


def test_another_year_asks_the_same(database: Database) -> None:
    with database.writing() as session:
        actor, event, _came, _boxes = with_questions(session)
        day = (now() + timedelta(days=300)).date()
        new = copy_event(session, actor, event, CopyForm(day=day))
        assert [one.text for one in questions_of(session, new)] == [each["text"] for each in QUESTIONS]
        assert len(session.exec(select(SurveyQuestion)).all()) == 2 * len(QUESTIONS)
