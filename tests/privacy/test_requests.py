"""開示請求等窓口: each step in its order, each refusal with its ground, nothing of another office."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from crm.accounts.models import JournalEntry
from crm.core.db import Database
from crm.core.mail import OutboxLetter
from crm.core.settings import Settings
from crm.letters.delivery import deliver
from crm.people.models import ContactPoint, Person, Share
from crm.privacy.models import Channel, RequestKind, RightsRequest
from tests.conftest import SignIn
from tests.factories.accounts import an_actor, an_office, boston_today
from tests.factories.interactions import a_contact
from tests.factories.listings import a_public_listing
from tests.factories.people import a_person, a_share

pytestmark = pytest.mark.both
NOTED = {
    "kind": "disclosure",
    "channel": "paper",
    "requester": "高瀬 真理",
    "language": "ja",
    "reply_to": "t@example.org",
}


def note(browser: TestClient, **said: str) -> str:
    """The address of a request that came on paper today."""
    answer = browser.post("/privacy/requests", data={**NOTED, "received_on": boston_today().isoformat(), **said})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def stored(database: Database) -> RightsRequest:
    with database.reading() as session:
        return session.exec(select(RightsRequest)).one()


def step(browser: TestClient, address: str, name: str, database: Database, **said: Any) -> int:
    return browser.post(f"{address}/{name}", data={"version": stored(database).version, **said}).status_code


def kinds_of_letters(database: Database) -> list[str]:
    with database.reading() as session:
        return [letter.kind for letter in session.exec(select(OutboxLetter).order_by(OutboxLetter.id))]  # type: ignore[arg-type]


@pytest.fixture
def takase(database: Database) -> Person:
    with database.writing() as session:
        boston = an_actor(session)
        person = a_person(session, boston, note="Thinks of leaving")
        a_contact(session, boston, person, text="Would like to come back")
        tokyo = an_actor(session, "university_officer", "jp-univ")
        a_person(session, tokyo, full_name="Ono Ken", email="ono@example.org", kanji="小野 健")
        return person


def test_disclosure_from_paper_to_hand_over(sign_in: SignIn, database: Database, takase: Person) -> None:
    desk = sign_in()
    address = note(desk)
    assert "高瀬 真理" in desk.get(address).text
    assert step(desk, address, "decision", database, decision="granted") == 422
    assert step(desk, address, "identity", database, person_id=str(takase.id), identified_by="旅券", fee="300") == 303
    assert step(desk, address, "decision", database, decision="granted") == 422  # others have not been checked
    copy = desk.post(f"{address}/copy")
    assert "Would like to come back" in copy.text and "Thinks of leaving" in copy.text
    assert step(desk, address, "others", database, others_note="なし") == 303
    assert step(desk, address, "decision", database, decision="partly") == 422  # without a ground
    assert step(desk, address, "decision", database, decision="partly", grounds=["others"]) == 303
    assert step(desk, address, "carry-out", database) == 303
    request = stored(database)
    assert (request.step, request.fee, request.grounds) == ("done", 300, ["others"])
    assert kinds_of_letters(database) == ["rights_received", "rights_decided"]
    with database.reading() as session:
        letter = session.exec(select(OutboxLetter).where(OutboxLetter.kind == "rights_decided")).one()
        verbs = {line.verb for line in session.exec(select(JournalEntry).where(JournalEntry.subject_id == request.id))}
    assert "一部認容" in letter.text and "第78条" in letter.text
    assert verbs == {"received", "identified", "copied", "checked", "ruled", "carried_out"}


def test_the_clock(sign_in: SignIn, database: Database) -> None:
    desk = sign_in()
    received = boston_today() - timedelta(days=28)
    address = note(desk, received_on=received.isoformat())
    assert "in 2 days" in desk.get("/privacy/requests").text
    assert step(desk, address, "extension", database, extended_why="Many records") == 303
    assert stored(database).due == received + timedelta(days=60)
    assert step(desk, address, "extension", database, extended_why="Again") == 422
    tomorrow = (boston_today() + timedelta(days=2)).isoformat()
    assert desk.post("/privacy/requests", data={**NOTED, "received_on": tomorrow}).status_code == 422


def test_nobody_of_that_name(sign_in: SignIn, database: Database, takase: Person) -> None:
    desk = sign_in()
    address = note(desk, requester="Nobody Known")
    assert step(desk, address, "decision", database, decision="not_held") == 303
    assert stored(database).step == "done"


def test_another_office_sees_nothing_of_it(sign_in: SignIn, database: Database, takase: Person) -> None:
    address = note(sign_in())
    other = sign_in("officer", "jp-univ")
    assert other.get(address).status_code == 404
    assert other.post(f"{address}/decision", data={"decision": "refused", "version": 1}).status_code == 404
    assert "高瀬" not in other.get("/privacy/requests").text
    assert "Requests about personal data" not in other.get("/").text.split('<ul class="tiles">')[-1].split("</ul>")[0]
    assert sign_in("fellow").get("/privacy/requests").status_code == 403


def test_a_request_cannot_be_tied_to_a_person_of_another_office(
    sign_in: SignIn, database: Database, takase: Person
) -> None:
    desk = sign_in("officer", "jp-univ")
    address = note(desk)
    answer = desk.post(
        f"{address}/identity", data={"version": 1, "person_id": str(takase.id), "identified_by": "Passport"}
    )
    assert answer.status_code == 404


def test_two_at_the_desk(sign_in: SignIn, database: Database, takase: Person) -> None:
    first, second = sign_in(), sign_in()
    address = note(first)
    data = {"version": stored(database).version, "person_id": str(takase.id), "identified_by": "Passport"}
    assert first.post(f"{address}/identity", data=data).status_code == 303
    answer = second.post(f"{address}/identity", data={**data, "identified_by": "Licence"})
    assert answer.status_code == 422
    assert stored(database).identified_by == "Passport"


def by_link(database: Database, person: Person, kind: str, **said: Any) -> str:
    with database.writing() as session:
        today = boston_today()
        request = RightsRequest(
            office_id=an_office(session).id, person_id=person.id, kind=RequestKind(kind), channel=Channel.WEB,
            requester="高瀬 真理", received_on=today, identified_on=today, identified_by="link", **said,
        )  # fmt: skip
        session.add(request)
        session.flush()
        return f"/privacy/requests/{request.id}"


def person_now(database: Database, id: UUID) -> Person:
    with database.reading() as session:
        return session.get_one(Person, id)


def test_a_correction_goes_into_the_record(sign_in: SignIn, database: Database, takase: Person) -> None:
    desk = sign_in()
    address = by_link(database, takase, "correction", wishes={"kanji": "髙瀬 真理", "title": "Professor"})
    page = desk.get(address).text
    assert "髙瀬 真理" in page and "高瀬 真理" in page
    assert step(desk, address, "decision", database, decision="granted") == 303
    assert step(desk, address, "carry-out", database) == 303
    assert person_now(database, takase.id).kanji == "髙瀬 真理"
    assert "Professor" in desk.get(f"/people/{takase.id}").text
    assert desk.get("/people?q=髙瀬").text.count("髙瀬 真理") >= 1


def test_a_refused_correction_changes_nothing(sign_in: SignIn, database: Database, takase: Person) -> None:
    desk = sign_in()
    address = by_link(database, takase, "correction", wishes={"kanji": "髙瀬 真理"})
    assert step(desk, address, "decision", database, decision="refused", grounds=["law"]) == 303
    assert step(desk, address, "carry-out", database) == 422
    assert person_now(database, takase.id).kanji == "高瀬 真理"


def test_only_the_part_that_was_granted_is_carried_out(sign_in: SignIn, database: Database, takase: Person) -> None:
    desk = sign_in()

    def partly(kind: str, *parts: str, **said: Any) -> None:
        address = by_link(database, takase, kind, **said)
        data = {"decision": "partly", "grounds": ["law"]}

        def at(name: str, **more: Any) -> int:
            return desk.post(f"{address}/{name}", data={"version": more.pop("version"), **more}).status_code

        assert at("decision", version=1, **data) == 422  # what is granted?
        assert at("decision", version=1, **data, parts=list(parts)) == 303
        assert "only this is carried out" in desk.get(address).text
        assert at("carry-out", version=2) == 303

    partly("correction", "title", wishes={"kanji": "髙瀬 真理", "title": "Professor"})
    assert person_now(database, takase.id).kanji == "高瀬 真理"
    partly("suspension", "shares")
    with database.reading() as session:
        assert {point.state for point in session.exec(select(ContactPoint))} == {"ok"}
    partly("erasure", "note")
    text = desk.get(f"/people/{takase.id}").text
    assert "Professor" in text and "Would like to come back" in text and "Thinks of leaving" not in text
    partly("erasure", "interaction_participant")
    assert "Would like to come back" not in desk.get(f"/people/{takase.id}").text


def test_the_decision_on_an_erasure_leaves_before_it_is_forgotten(
    sign_in: SignIn, database: Database, takase: Person, settings: Settings, smtp: Any
) -> None:
    desk = sign_in()
    address = by_link(database, takase, "erasure", reply_to="t@example.org", language="ja")
    for name in ("decision", "carry-out"):
        assert step(desk, address, name, database, decision="granted") == 303
    assert kinds_of_letters(database) == ["rights_decided"]
    assert person_now(database, takase.id).full_name == ""
    assert deliver(database, replace(settings, smtp_url=smtp.url)) == 1
    assert [letter["To"] for letter in smtp.letters] and kinds_of_letters(database) == []


def test_suspension_stops_letters_shares_and_the_entry(sign_in: SignIn, database: Database, client: TestClient) -> None:
    with database.writing() as session:
        boston = an_actor(session)
        listing = a_public_listing(session, boston)
        person = session.get_one(Person, listing.person_id)
        a_share(session, person, boston, an_actor(session, "officer", "jp-univ"))
    desk, other = sign_in(), sign_in("officer", "jp-univ")
    assert other.get(f"/people/{person.id}").status_code == 200
    address = by_link(database, person, "suspension")
    assert step(desk, address, "decision", database, decision="granted") == 303
    assert step(desk, address, "carry-out", database) == 303
    with database.reading() as session:
        assert {point.state for point in session.exec(select(ContactPoint))} == {"do_not_use"}
        assert all(share.withdrawn_at for share in session.exec(select(Share)))
    assert "高瀬真理" not in client.get("/ja/map").text
    assert other.get(f"/people/{person.id}").status_code == 404
