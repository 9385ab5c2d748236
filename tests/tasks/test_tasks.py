"""Follow-ups: one tap completes, puts off, hands over; nobody sees those of another office."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select
from starlette.testclient import TestClient

from crm.accounts.models import JournalEntry
from crm.core.db import Database
from crm.core.errors import Missing, WrongField
from crm.people.models import Holding
from crm.tasks.actions import complete_task, hand_over_task, put_off_task, reopen_task
from crm.tasks.forms import HandOverForm, LaterForm, TaskSearch
from crm.tasks.models import Task
from crm.tasks.queries import agenda_of, list_tasks, task_of, tasks_about
from tests.conftest import SignIn
from tests.factories.accounts import an_actor
from tests.factories.interactions import a_task
from tests.factories.people import a_person, a_share

pytestmark = pytest.mark.both


def titles(lines: object) -> list[str]:
    return [line.task.title for line in lines]  # type: ignore[attr-defined]


def test_the_day_holds_what_is_overdue_due_and_coming(session: Session) -> None:
    actor = an_actor(session)
    for title, days in [("late", -3), ("now", 0), ("soon", 7), ("far", 8)]:
        a_task(session, actor, in_days=days, title=title)
    agenda = agenda_of(session, actor)
    assert (titles(agenda.due), titles(agenda.later)) == (["late", "now"], ["soon"])
    assert [line.days for line in agenda.due] == [-3, 0]


def test_a_colleagues_follow_up_is_not_on_my_day(session: Session) -> None:
    me, colleague = an_actor(session), an_actor(session)
    a_task(session, me, title="theirs", assignee=colleague.user_id)
    a_task(session, me, title="anybody's")
    assert titles(agenda_of(session, me).due) == ["anybody's"]
    assert titles(list_tasks(session, me, TaskSearch(of="office"))[0]) == ["theirs", "anybody's"]


def test_done_twice_is_done_once_and_can_be_opened_again(session: Session) -> None:
    actor = an_actor(session)
    task = a_task(session, actor)
    first = complete_task(session, actor, task.id).done_at
    assert complete_task(session, actor, task.id).done_at == first
    assert titles(agenda_of(session, actor).done) == [task.title]
    reopen_task(session, actor, task.id)
    assert titles(agenda_of(session, actor).due) == [task.title]


@pytest.mark.parametrize(("in_days", "later"), [(-5, 1), (0, 1), (3, 4)])
def test_putting_off_counts_from_today_where_the_day_has_passed(session: Session, in_days: int, later: int) -> None:
    actor = an_actor(session)
    task = a_task(session, actor, in_days=in_days)
    put_off_task(session, actor, task.id, LaterForm(days=1))
    assert task.due == actor.today + timedelta(days=later)


def test_a_follow_up_is_handed_to_colleagues_alone(session: Session) -> None:
    me, colleague, stranger = an_actor(session), an_actor(session), an_actor(session, office_code="de-ber-test")
    task = a_task(session, me, assignee=me.user_id)
    hand_over_task(session, me, task.id, HandOverForm(assignee=colleague.user_id))
    assert titles(agenda_of(session, colleague).due) == [task.title]
    with pytest.raises(WrongField):
        hand_over_task(session, me, task.id, HandOverForm(assignee=stranger.user_id))


def test_another_office_sees_no_follow_up_even_of_a_person_it_was_shown(session: Session) -> None:
    boston, berlin = an_actor(session), an_actor(session, office_code="de-ber-test")
    person = a_person(session, boston)
    a_share(session, person, boston, berlin)
    task = a_task(session, boston, person)
    assert titles(tasks_about(session, boston, person.id).lines) == [task.title]
    assert not tasks_about(session, berlin, person.id).lines
    assert not list_tasks(session, berlin, TaskSearch(of="office"))[0]
    for act in (task_of, complete_task, reopen_task):
        with pytest.raises(Missing):
            act(session, berlin, task.id)


def test_pages_follow_each_other_without_gaps(session: Session) -> None:
    actor = an_actor(session)
    for number in range(120):
        task = a_task(session, actor, in_days=number % 7, title=f"Task {number}")
        if number % 2:
            complete_task(session, actor, task.id)
    for state in ("open", "done"):
        seen: list[str] = []
        after = None
        while not seen or after:
            lines, after = list_tasks(session, actor, TaskSearch.model_validate({"state": state, "after": after}))
            seen += titles(lines)
        assert (len(seen), len(set(seen))) == (60, 60)
    assert len(list_tasks(session, actor, TaskSearch(after="nonsense"))[0]) == 50


@pytest.fixture
def desk(sign_in: SignIn) -> TestClient:
    return sign_in("attache", "us-bos")


def test_a_follow_up_is_noted_changed_and_done_on_its_pages(desk: TestClient, database: Database) -> None:
    with database.writing() as session:
        person = a_person(session, an_actor(session))
    assert "TAKASE" in desk.get(f"/tasks/new?person={person.id}").text
    fields = {"title": "Send the <calls>", "due": "2026-12-24", "person": str(person.id)}
    assert desk.post("/tasks", data=fields).headers["location"] == f"/people/{person.id}"
    with database.reading() as session:
        task = session.exec(select(Task)).one()
    assert "Send the &lt;calls&gt;" in desk.get(f"/people/{person.id}").text
    address = f"/tasks/{task.id}"
    desk.post(address, data={**fields, "title": "Call back"})
    assert "Call back" in desk.get("/tasks?of=office").text
    assert desk.post(f"{address}/done", data={"next": "/tasks"}).headers["location"] == "/tasks"
    assert "Call back" in desk.get("/tasks?state=done").text
    assert desk.post(f"{address}/done", data={"next": "https://elsewhere.example"}).headers["location"] == "/"
    with database.reading() as session:
        lines = session.exec(select(JournalEntry).where(JournalEntry.subject_kind == "task")).all()
    assert [entry.verb for entry in lines] == ["added", "changed", "changed"]


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"title": "", "due": "2026-12-24"}, "Please fill this in."),
        ({"title": "Call", "due": "soon"}, "Please give a date"),
        ({"title": "Call", "due": "9999-12-31"}, "Please give a date"),
        ({"title": "Call", "due": "0001-01-01"}, "Please give a date"),
        ({"title": "x" * 301, "due": "2026-12-24"}, "300 characters"),
        ({"title": "Call", "due": "2026-12-24", "assignee": "me"}, "choose one of the options"),
    ],
)
def test_bad_input_is_said_and_nothing_is_kept(
    desk: TestClient, database: Database, fields: dict[str, str], problem: str
) -> None:
    answer = desk.post("/tasks", data=fields)
    assert (answer.status_code, problem in answer.text) == (422, True)
    with database.reading() as session:
        assert not session.exec(select(Task)).all()


def test_a_follow_up_about_somebody_who_is_no_longer_seen_is_still_worked_on(
    desk: TestClient, database: Database
) -> None:
    with database.writing() as session:
        actor = an_actor(session)
        person = a_person(session, actor)
        task = a_task(session, actor, person, title="Send the calls")
        holding = session.exec(select(Holding)).one()
        holding.since, holding.until = actor.today - timedelta(days=9), actor.today - timedelta(days=1)
    assert desk.get(f"/people/{person.id}").status_code == 404
    page = desk.get(f"/tasks/{task.id}")
    assert (page.status_code, "Send the calls" in page.text, "TAKASE" in page.text) == (200, True, False)
    saved = desk.post(f"/tasks/{task.id}", data={"title": "Ask again", "due": "2026-12-24"}, follow_redirects=False)
    assert (saved.status_code, saved.headers["location"]) == (303, "/tasks")
