"""Choosing guests by language and past attendance, and putting everybody on the list whom a choice finds."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from crm.core.columns import now
from crm.core.db import Database
from crm.events.actions.guests import guests_from
from crm.events.actions.receiving import Arrival, check_in
from crm.events.models import Event, Guest, Objection, Reserve
from crm.people.models import Person
from tests.conftest import SignIn
from tests.factories.accounts import an_actor
from tests.factories.events import an_event
from tests.factories.people import a_person, people_called

pytestmark = pytest.mark.both


def invited(session: Session, *people: Person, came: tuple[Person, ...] = (), initiative: str | None = None) -> Event:
    """Last year's; whoever came."""
    actor = an_actor(session)
    event = an_event(session, actor, title={"en": f"Evening {initiative or ''}"}, initiative=initiative)
    for guest in guests_from(session, actor, event, [one.id for one in people]):
        guest.invited_at = now() - timedelta(days=300)
        session.add(guest)
    session.flush()
    event.starts_at, event.ends_at = now() - timedelta(days=299, hours=2), now() - timedelta(days=299)
    by_person = {guest.person_id: guest for guest in session.exec(select(Guest).where(Guest.event_id == event.id))}
    check_in(session, actor, event, [Arrival(by_person[one.id].id, 0, event.starts_at) for one in came])
    return event


def test_by_language_and_by_what_they_came_to(sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        actor = an_actor(session)
        event = an_event(session, actor)
        ann, bea, cid = people_called(session, actor, "Ann Example", "Bea Example", "Cid Example")
        ann.preferred_language, bea.spoken_languages = "fr", ["de", "en"]
        a_person(session, actor)
        caravan = invited(session, ann, bea, came=(ann,), initiative="J-RISE")
        invited(session, bea, cid, came=(bea,))
        strangers = an_event(session, an_actor(session, "university_officer", "jp-univ"))
    desk, address = sign_in(), f"/events/{event.id}/guests/choose"
    names = {"Ann Example": "A", "Bea Example": "B", "Cid Example": "C", "高瀬 真理": "T"}

    def found(query: str) -> str:
        page = desk.get(f"{address}?{query}").text.partition('<fieldset class="field">')[2]
        return "".join(letter for name, letter in names.items() if name in page)

    assert found("letters=fr") == "A" and found("letters=ja") == "T" and found("letters=en&letters=ja") == "BCT"
    assert found("speaks=de") == "B" and found("speaks=de&letters=fr") == ""
    for where in (f"at={caravan.id}", "at=series:J-RISE"):
        assert found(f"attendance=came&{where}") == "A" and found(f"attendance=missed&{where}") == "B"
        assert found(f"attendance=never&{where}") == "CT"
    assert found("attendance=came") == "AB" and found("attendance=missed") == "C" and found("attendance=never") == "T"
    page = desk.get(f"{address}?attendance=came&at={caravan.id}").text
    assert f'value="{caravan.id}" selected' in page and "series:J-RISE" in page and str(strangers.id) not in page


def test_everybody_found_is_put_on_the_list_after_a_look_at_the_number(sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        actor = an_actor(session)
        event = an_event(session, actor)
        ann, bea, _cid, _dan = people_called(
            session, actor, *(f"{name} Example" for name in ("Ann", "Bea", "Cid", "Dan"))
        )
        session.add(Objection(office_id=event.office_id, person_id=ann.id))
        lately = invited(session, bea)
        for guest in session.exec(select(Guest).where(Guest.event_id == lately.id)):
            guest.invited_at = now()
    desk, address = sign_in(), f"/events/{event.id}/guests"
    chosen = desk.get(f"{address}/choose?q=example").text
    assert f'href="{address}/everybody?q=example"' in chosen and "Put all 4 people found" in chosen
    assert 'name="ids"' in chosen and " checked><span><span" not in chosen
    page = desk.get(f"{address}/everybody?q=example").text
    assert "2 people will be put on the list." in page and "wants no further invitations" in page
    assert "Also 1 person whom your office has invited" in page
    sent = {"query": "q=example", "expected": "3", "reserve": "b"}
    assert desk.post(f"{address}/everybody", data=sent).status_code == 422
    assert desk.post(f"{address}/everybody", data={**sent, "expected": "2", "recent": "true"}).status_code == 303
    with database.reading() as session:
        listed = session.exec(select(Guest).where(Guest.event_id == event.id)).all()
    assert sorted(guest.name[:3] for guest in listed) == ["Bea", "Cid", "Dan"]
    assert {guest.reserve for guest in listed} == {Reserve.B}
    other = sign_in("university_officer", "jp-univ")
    assert other.get(f"{address}/everybody").status_code == 404
