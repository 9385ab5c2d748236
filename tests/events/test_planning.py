"""Planning: dates where the event is, languages, co-hosts, programme, copies, follow-ups."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import col, select
from starlette.testclient import TestClient

from crm.accounts.models import Jurisdiction, Office
from crm.core.db import Database
from crm.events.models import Event, EventHost, Guest, GuestNeeds, HostRole, LetterText, ProgrammeItem
from crm.tasks.models import Task
from tests.conftest import SignIn
from tests.factories.accounts import an_actor
from tests.factories.events import a_guest, an_event, event_form, in_days, write_texts

pytestmark = pytest.mark.both


def boxes(**said: Any) -> dict[str, Any]:
    """As a browser sends the form."""
    sent: dict[str, Any] = {}
    for name, value in event_form(**said).items():
        if isinstance(value, dict):
            sent |= {f"{name}.{code}": text for code, text in value.items()}
        elif value is not False:
            sent[name] = value.isoformat()[:16] if isinstance(value, datetime) else value
    return sent


def plan(desk: TestClient, **said: Any) -> str:
    answer = desk.post("/events", data=boxes(**said))
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def only_event(database: Database) -> Event:
    with database.reading() as session:
        return session.exec(select(Event)).one()


def test_an_event_is_planned_where_it_takes_place(sign_in: SignIn, database: Database) -> None:
    desk = sign_in()
    address = plan(desk, starts=datetime.fromisoformat("2027-01-20T18:30"))
    event = only_event(database)
    assert event.starts_at == datetime(2027, 1, 20, 23, 30, tzinfo=UTC)
    page = desk.get(address).text
    assert "Reception for researchers" in page and "20 Jan 2027 18:30" in page
    assert "Reception for researchers" in desk.get("/events").text
    desk.cookies.set("meguri_language", "ja")
    assert "研究者交流会" in desk.get(address).text


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"title": {}}, "Please give a title in at least one language."),
        ({"ends": in_days(19)}, "The end must come after the beginning."),
        ({"starts": datetime.fromisoformat("2027-03-14T02:30")}, "this time does not exist there"),
        ({"answer_by": "2099-01-01"}, "Answers must come before the event."),
        ({"languages": []}, "Please choose at least one language."),
        ({"zone": "Mars/Olympus"}, "Please choose one of the options."),
        ({"venue_capacity": "0"}, "Please give a number in the allowed range."),
        ({"questions": {"en": "One\nTwo", "ja": "一"}}, "the same number of questions in each language"),
        ({"online_address": "javascript:alert(1)"}, "Please check this."),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(
    sign_in: SignIn, database: Database, said: dict[str, Any], sentence: str
) -> None:
    answer = sign_in().post("/events", data=boxes(**said))
    assert answer.status_code == 422
    assert sentence in answer.text.replace("&#39;", "'")
    assert "架空会館" in answer.text  # what was typed is still there
    with database.reading() as session:
        assert session.exec(select(Event)).all() == []


def test_the_night_of_a_clock_change_keeps_its_length(sign_in: SignIn, database: Database) -> None:
    """In the night of 7 November 2027 the clock in Boston goes back at two."""
    plan(sign_in(), starts=datetime.fromisoformat("2027-11-06T23:30"), ends=datetime.fromisoformat("2027-11-07T03:00"))
    event = only_event(database)
    assert event.ends_at - event.starts_at == timedelta(hours=4, minutes=30)
    assert (event.starts_here.hour, event.ends_here.hour) == (23, 3)


def test_two_who_edit_do_not_overwrite_each_other(sign_in: SignIn, database: Database) -> None:
    desk = sign_in()
    address = plan(desk)
    version = only_event(database).version
    first = desk.post(f"{address}/edit", data={**boxes(companions=1), "version": version})
    second = desk.post(f"{address}/edit", data={**boxes(companions=2), "version": version})
    assert (first.status_code, second.status_code) == (303, 422)
    assert "Somebody else changed this record" in second.text
    assert only_event(database).companions == 1


def test_a_co_host_sees_it_and_works_on_it_where_it_may(sign_in: SignIn, database: Database) -> None:
    desk, other = sign_in(), sign_in("university_officer", "jp-univ")
    address = plan(desk)
    assert other.get(address).status_code == 404
    with database.reading() as session:
        university = session.exec(select(Office).where(Office.code == "jp-univ")).one()
    assert desk.post(f"{address}/hosts", data={"office": str(university.id), "role": "co_host"}).status_code == 303
    assert "Reception for researchers" in other.get("/events").text
    assert other.get(address).status_code == 200
    assert other.get(f"{address}/edit").status_code == 403
    assert other.post(f"{address}/guests/new", data={"name": "X"}).status_code == 403
    with database.writing() as session:
        session.exec(select(EventHost)).one().may_edit = True
    assert other.post(f"{address}/guests/new", data={"name": "X", "language": "en"}).status_code == 303
    # To write to the guests, to cancel and to choose the hosts stay with whose event it is.
    assert other.get(f"{address}/letters").status_code == 403
    assert other.post(f"{address}/cancel").status_code == 403


def test_what_a_guest_needs_is_read_by_those_who_prepare_it(sign_in: SignIn, database: Database) -> None:
    desk, other = sign_in(), sign_in("university_officer", "jp-univ")
    address = plan(desk)
    desk.post(f"{address}/guests/new", data={"name": "Ann Example", "language": "en"})
    with database.writing() as session:
        event, guest = session.exec(select(Event)).one(), session.exec(select(Guest)).one()
        session.add(GuestNeeds(guest_id=guest.id, words="No nuts", language="en"))
        university = session.exec(select(Office).where(Office.code == "jp-univ")).one()
        session.add(EventHost(event_id=event.id, office_id=university.id, name={"en": "Invented University"}))
    page = f"{address}/guests/{guest.id}"
    assert "No nuts" in desk.get(page).text
    seen = other.get(page)
    assert seen.status_code == 200 and "Ann Example" in seen.text and "No nuts" not in seen.text
    assert other.get(f"{address}/guards.pdf").status_code == 403


def test_only_languages_that_exist_are_spoken(sign_in: SignIn) -> None:
    desk = sign_in()
    answer = desk.post("/events", data=boxes(languages=["ja", "xx-nonsense"]))
    assert answer.status_code == 422


def test_hosts_need_a_name(sign_in: SignIn) -> None:
    desk = sign_in()
    address = plan(desk)
    assert "Please choose an office" in desk.post(f"{address}/hosts", data={"role": "supporter"}).text
    assert desk.post(f"{address}/hosts", data={"role": "supporter", "name.en": "Invented Chamber"}).status_code == 303
    assert "Invented Chamber" in desk.get(address).text


def test_the_programme_is_put_in_order(sign_in: SignIn, database: Database) -> None:
    desk = sign_in()
    address = plan(desk)
    for starts, title in (("19:00", "Toast"), ("9:05", "Welcome")):
        assert desk.post(f"{address}/programme", data={"starts": starts, "title.en": title}).status_code == 303
    assert "Please check this." in desk.post(f"{address}/programme", data={"starts": "25:00", "title.en": "X"}).text
    with database.reading() as session:
        [first, second] = session.exec(select(ProgrammeItem).order_by(col(ProgrammeItem.place)))
    assert (first.title["en"], second.starts) == ("Toast", "09:05")
    desk.post(f"{address}/programme/{second.id}/up")
    page = desk.get(address).text
    assert page.index("Welcome") < page.index("Toast")
    desk.post(f"{address}/programme/{first.id}/remove")
    assert "Toast" not in desk.get(address).text


def test_programme_and_hosts_are_changed_where_they_stand(sign_in: SignIn, database: Database) -> None:
    desk = sign_in()
    address = plan(desk, mode="hybrid", online_capacity=40)
    desk.post(f"{address}/programme", data={"starts": "19:00", "title.en": "Toast", "speaker.en": "Ann Example"})
    desk.post(f"{address}/hosts", data={"role": "supporter", "name.en": "Invented Chamber"})
    with database.reading() as session:
        item, host = session.exec(select(ProgrammeItem)).one(), session.exec(select(EventHost)).one()
    opened = desk.get(f"{address}?item={item.id}").text
    assert 'value="Toast"' in opened and 'value="19:00"' in opened and "Add an item" not in opened
    change = f"{address}/programme/{item.id}"
    wrong = desk.post(change, data={"starts": "19:15", "speaker.en": "Bea Example"})
    assert wrong.status_code == 422 and 'value="Bea Example"' in wrong.text and f'action="{change}"' in wrong.text
    assert desk.post(change, data={"starts": "9:15", "title.en": "A toast"}).status_code == 303
    assert 'value="Invented Chamber"' in desk.get(f"{address}?host={host.id}").text
    sent = {"role": "co_host", "name.en": "Invented Chamber of Trade", "may_edit": "true"}
    assert desk.post(f"{address}/hosts/{host.id}", data=sent).status_code == 303
    page = desk.get(address).text
    assert "A toast" in page and "09:15" in page and "Ann Example" not in page and "Invented Chamber of Trade" in page
    assert "Places online" in page and ">40<" in page
    with database.reading() as session:
        host = session.exec(select(EventHost)).one()
        assert (host.role, host.may_edit) == (HostRole.CO_HOST, False)  # a body outside has nobody here
    elsewhere = plan(desk)
    assert desk.get(f"{elsewhere}?item={item.id}").status_code == 404
    assert desk.post(f"{elsewhere}/hosts/{host.id}", data=sent).status_code == 404


def test_an_event_can_be_in_any_zone_that_the_mission_covers(sign_in: SignIn, database: Database) -> None:
    desk = sign_in(language="ja")
    page = desk.get("/events/new").text
    assert "シカゴ（America/Chicago）" in page and 'value="America/New_York" selected' in page
    assert page.index("America/Los_Angeles") < page.index("America/Chicago") < page.index("Asia/Tokyo")
    assert "Europe/Berlin" not in page
    with database.writing() as session:
        office = session.exec(select(Office).where(Office.code == "us-bos")).one()
        session.add(Jurisdiction(office_id=office.id, country="DE"))
    assert "ベルリン（Europe/Berlin）" in desk.get("/events/new").text
    plan(desk, zone="America/Chicago", starts=datetime.fromisoformat("2027-01-20T18:30"))
    assert only_event(database).starts_at == datetime(2027, 1, 21, 0, 30, tzinfo=UTC)


def test_last_years_is_copied_with_guests_but_without_their_answers(sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        actor = an_actor(session)
        event = an_event(session, actor, answer_by=in_days(10).date())
        guest = a_guest(session, actor, event)
        guest.reply, guest.places = "in_person", 1  # type: ignore[assignment]
        write_texts(session, actor, event)
    desk = sign_in()
    day = (event.starts_here + timedelta(days=364)).date()
    answer = desk.post(f"/events/{event.id}/copy", data={"day": day.isoformat(), "guests": "true"})
    assert answer.status_code == 303
    with database.reading() as session:
        copy = session.exec(select(Event).where(Event.id != event.id)).one()
        theirs = session.exec(select(Guest).where(Guest.event_id == copy.id)).one()
        texts = session.exec(select(LetterText).where(LetterText.event_id == copy.id)).all()
    assert copy.starts_here.date() == day and copy.starts_here.time() == event.starts_here.time()
    assert copy.answer_by == event.answer_by + timedelta(days=364)  # type: ignore[operator]
    assert (theirs.name, theirs.reply, theirs.invited_at) == ("Ann Example", None, None)
    assert theirs.code != guest.code and len(texts) == 2
    assert desk.post(f"/events/{event.id}/copy", data={"day": "tomorrow"}).status_code == 422


def test_follow_ups_are_counted_back_from_the_day(sign_in: SignIn, database: Database) -> None:
    desk = sign_in()
    address = plan(desk)
    page = desk.get(f"{address}/preparations").text
    assert page.count('name="wanted"') == 10 and "has passed" in page
    assert desk.post(f"{address}/preparations", data={"wanted": ["3", "8"]}).status_code == 303
    with database.reading() as session:
        tasks = session.exec(select(Task).order_by(col(Task.due))).all()
    day = only_event(database).starts_here.date()
    assert [(task.due - day).days for task in tasks] == [-14, 7]
    assert "Write the event report" in tasks[1].title


def test_the_calendar_keeps_the_day_and_the_last_day_to_answer(sign_in: SignIn, database: Database) -> None:
    from crm.events.story import dates_of

    with database.writing() as session:
        actor = an_actor(session)
        event = an_event(session, actor, answer_by=in_days(10).date())
        assert [one.day for one in dates_of(session, actor)] == [event.starts_here.date(), event.answer_by]


def test_whoever_may_not_plan_does_not(sign_in: SignIn) -> None:
    for role, office in (("hq_reader", "mofa"), ("administrator", "meguri")):
        desk = sign_in(role, office)
        assert desk.get("/events").status_code == 403
        assert desk.post("/events", data=boxes()).status_code == 403
