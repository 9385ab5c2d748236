"""One follow-up about many people at once: only about those whom the office sees, and back again."""

from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, col, select

from crm.accounts.models import JournalEntry
from crm.core.db import Database
from crm.core.errors import Missing, Refused, WrongField
from crm.tasks.actions import complete_task
from crm.tasks.actions.many import give_follow_ups, take_follow_ups_back
from crm.tasks.forms import ManyForm
from crm.tasks.models import Task
from crm.tasks.queries import tasks_about, tasks_of_batch
from tests.conftest import SignIn
from tests.factories.accounts import an_actor, boston_today
from tests.factories.people import people_called

pytestmark = pytest.mark.both
NAMES = ("ADAMS Ann", "BAKER Ben", "CLARK Cai")


def wish(*ids: UUID, assignee: UUID | None = None) -> ManyForm:
    return ManyForm(title="Ask for the new address", due=boston_today(), ids=list(ids), assignee=assignee)


def test_each_chosen_person_gets_a_follow_up_and_nobody_unseen(session: Session) -> None:
    boston, colleague = an_actor(session), an_actor(session)
    berlin = an_actor(session, office_code="de-ber-test")
    people = people_called(session, boston, *NAMES)
    [hidden] = people_called(session, berlin, "HIDDEN Person")
    chosen = [people[0].id, people[1].id, people[0].id, hidden.id, uuid4()]
    batch = give_follow_ups(session, boston, wish(*chosen, assignee=colleague.user_id))
    lines = tasks_of_batch(session, boston, batch)
    assert [line.person and line.person.full_name for line in lines] == ["ADAMS Ann", "BAKER Ben"]
    assert {line.task.assignee_id for line in lines} == {colleague.user_id}
    assert not tasks_about(session, berlin, hidden.id).lines
    with pytest.raises(Missing):
        tasks_of_batch(session, berlin, batch)
    with pytest.raises(Missing):
        take_follow_ups_back(session, berlin, batch)


def test_nobody_chosen_or_a_stranger_asked_is_refused(session: Session) -> None:
    boston, berlin = an_actor(session), an_actor(session, office_code="de-ber-test")
    people = people_called(session, boston, *NAMES)
    with pytest.raises(WrongField, match="at least one"):
        give_follow_ups(session, berlin, wish(people[0].id))
    with pytest.raises(WrongField, match="works in your office"):
        give_follow_ups(session, boston, wish(people[0].id, assignee=berlin.user_id))


def test_what_was_done_since_stays(session: Session) -> None:
    boston = an_actor(session)
    people = people_called(session, boston, *NAMES)
    batch = give_follow_ups(session, boston, wish(*(person.id for person in people)))
    done = tasks_of_batch(session, boston, batch)[0].task
    complete_task(session, boston, done.id)
    assert take_follow_ups_back(session, boston, batch) == (2, 1)
    assert [task.id for task in session.exec(select(Task))] == [done.id]
    with pytest.raises(Refused):
        take_follow_ups_back(session, boston, batch)
    verbs = session.exec(select(JournalEntry.verb).where(col(JournalEntry.subject_kind) == "task")).all()
    assert sorted(verbs) == ["added"] * 3 + ["changed"] + ["undone"] * 2


def test_from_the_list_to_the_follow_ups_and_back(sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        people = people_called(session, an_actor(session), *NAMES)
    desk = sign_in("attache")
    assert "/tasks/many?q=baker" in desk.get("/people?q=baker").text
    shown = desk.get("/tasks/many?q=baker").text
    assert str(people[1].id) in shown and str(people[0].id) not in shown
    fields = {"title": "Ask", "due": boston_today().isoformat(), "query": "q=baker"}
    refused = desk.post("/tasks/many", data=fields)
    assert refused.status_code == 422 and 'value="Ask"' in refused.text and str(people[1].id) in refused.text
    address = desk.post("/tasks/many", data={**fields, "ids": [str(people[1].id)]}).headers["location"]
    assert "Noted about 1 person." in desk.get(address).text
    assert "Ask" in desk.get(f"/people/{people[1].id}").text
    assert sign_in("attache", "de-ber-test").post(f"{address}/undo").status_code == 404
    assert desk.post(f"{address}/undo").headers["location"] == "/tasks"
    assert desk.get(address).status_code == 404
    assert sign_in("hq_reader").get("/tasks/many").status_code == 403
