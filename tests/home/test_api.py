"""Programs see what their office sees on the pages, no more; what they write obeys the same rules."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from crm.accounts.models import ProgramReply
from crm.core.api import MEDIA
from crm.core.db import Database
from crm.core.paging import encode_cursor
from crm.interactions.models import Interaction
from crm.listings.models import Listing
from crm.people.models import Person
from tests.conftest import SignIn
from tests.factories.accounts import a_post, a_token, an_actor, boston_today
from tests.factories.interactions import a_contact, a_task
from tests.factories.listings import a_public_listing
from tests.factories.people import a_person, a_share, people_called

pytestmark = pytest.mark.both
ROOT = "/api/v1"
NUL = "a\x00"


class Program:
    """A program of somebody in an office."""

    def __init__(self, client: TestClient, secret: str) -> None:
        self.client = client
        self.headers = {"Authorization": f"Bearer {secret}"}

    def __call__(self, method: str, path: str, **more: Any) -> Any:
        headers = {**self.headers, **more.pop("headers", {})}
        return self.client.request(method, f"{ROOT}{path}", headers=headers, **more)


@pytest.fixture
def boston(client: TestClient, database: Database) -> Program:
    with database.writing() as session:
        return Program(client, a_token(session, a_post(session, "attache")))


@pytest.fixture
def tokyo(client: TestClient, database: Database) -> Program:
    with database.writing() as session:
        return Program(client, a_token(session, a_post(session, "university_officer", "jp-univ")))


@pytest.fixture
def takase(database: Database) -> Person:
    """Boston's, with a contact, a follow-up and a public entry of somebody else."""
    with database.writing() as session:
        actor = an_actor(session)
        person = a_person(session, actor)
        a_contact(session, actor, person, text="Would like to come back")
        a_task(session, actor, person, title="Send the calls")
        a_public_listing(session, actor)
        return person


def test_a_record_is_read_and_read_again_only_when_it_has_changed(boston: Program, takase: Person) -> None:
    answer = boston("GET", f"/people/{takase.id}")
    said = answer.json()
    assert (said["kanji"], said["emails"], said["institution"]) == (
        "高瀬 真理", ["takase@example.org"], "Northbridge University",
    )  # fmt: skip
    again = boston("GET", f"/people/{takase.id}", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_only_what_is_sent_is_changed_and_only_by_who_has_read_it(boston: Program, takase: Person) -> None:
    path = f"/people/{takase.id}"
    etag = boston("GET", path).headers["etag"]
    assert boston("PATCH", path, json={"title": "Professor"}).status_code == 428
    stale = boston("PATCH", path, json={"title": "Professor"}, headers={"If-Match": '"99"'})
    assert (stale.status_code, stale.headers["content-type"]) == (412, MEDIA)
    changed = boston("PATCH", path, json={"title": "Professor"}, headers={"If-Match": etag})
    assert changed.status_code == 200, changed.text
    said = changed.json()
    assert (said["title"], said["kanji"], said["emails"]) == ("Professor", "高瀬 真理", ["takase@example.org"])
    assert changed.headers["etag"] != etag
    assert boston("PATCH", path, json={"title": "Again"}, headers={"If-Match": etag}).status_code == 412


def test_a_person_is_added_once_under_one_key(boston: Program, database: Database) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    first, second = (boston("POST", "/people", json={"full_name": "Ono Ken"}, headers=key) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert first.headers["etag"] == second.headers["etag"]
    other = boston("POST", "/people", json={"full_name": "Sato Emi"}, headers=key)
    assert other.status_code == 422
    with database.reading() as session:
        assert len(session.exec(select(Person)).all()) == 1
        assert len(session.exec(select(ProgramReply)).all()) == 1


def test_a_key_is_its_tokens_own(boston: Program, tokyo: Program) -> None:
    key = {"Idempotency-Key": "the same"}
    mine = boston("POST", "/people", json={"full_name": "Ono Ken"}, headers=key).json()
    theirs = tokyo("POST", "/people", json={"full_name": "Ono Ken"}, headers=key).json()
    assert mine["id"] != theirs["id"]


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/people", {}, "full_name"),
        ("/people", {"full_name": "x", "country": "Atlantis"}, "country"),
        ("/tasks", {"title": "x", "due": "soon"}, "due"),
        ("/interactions", {"day": "2026-11-02"}, "who"),
    ],
)
def test_what_is_wrong_names_its_field(boston: Program, path: str, body: dict[str, Any], field: str) -> None:
    answer = boston("POST", path, json=body)
    assert (answer.status_code, answer.headers["content-type"]) == (422, MEDIA)
    assert any(field in error["field"] for error in answer.json()["errors"]), answer.text


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nothing", 404), ("DELETE", "/people", 405), ("GET", "/people/not-an-id", 422)],
)
def test_every_error_is_a_problem(boston: Program, method: str, path: str, status: int) -> None:
    answer = boston(method, path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, MEDIA)
    assert answer.json()["status"] == status


def test_lists_go_on_by_cursor(boston: Program, database: Database) -> None:
    with database.writing() as session:
        people_called(session, an_actor(session), *(f"Example Person {number:03}" for number in range(60)))
    assert len(list(everybody(boston))) == 60


def everybody(program: Program) -> Iterator[str]:
    after: str | None = ""
    while after is not None:
        page = program("GET", "/people", params={"after": after} if after else {}).json()
        yield from (line["id"] for line in page["items"])
        after = page["next"]


def test_contacts_and_follow_ups_are_written(boston: Program, takase: Person, database: Database) -> None:
    today = boston_today().isoformat()
    logged = boston("POST", "/interactions", json={"people": [str(takase.id)], "day": today, "text": "Called"})
    assert (logged.status_code, logged.json()["people"]) == (201, [str(takase.id)])
    promised = boston("POST", "/tasks", json={"title": "Write", "due": today, "person": str(takase.id)})
    assert (promised.status_code, promised.json()["person_id"]) == (201, str(takase.id))
    titles = {one["title"] for one in boston("GET", "/tasks?of=office").json()["items"]}
    assert titles == {"Write", "Send the calls"}
    assert {one["text"] for one in boston("GET", "/interactions").json()["items"]} == {
        "Called", "Would like to come back",
    }  # fmt: skip
    assert len(boston("GET", "/listings").json()["items"]) == 1
    assert boston("GET", "/organisations?q=university").status_code == 200


def test_nothing_of_another_office_leaks(boston: Program, tokyo: Program, takase: Person, database: Database) -> None:
    with database.reading() as session:
        contact = session.exec(select(Interaction)).one()
        listing = session.exec(select(Listing)).one()
    tasks = boston("GET", "/tasks?of=office").json()["items"]
    ours = [f"/people/{takase.id}", f"/interactions/{contact.id}", f"/tasks/{tasks[0]['id']}"]
    for path in ours:
        etag = boston("GET", path).headers["etag"]
        for headers in ({}, {"If-None-Match": etag}):
            answer = tokyo("GET", path, headers=headers)
            assert (answer.status_code, "Takase" in answer.text) == (404, False), path
    assert tokyo("GET", f"/listings/{listing.id}").status_code == 403
    for path in ("/people", "/people?q=takase", "/interactions", "/tasks?of=office"):
        assert tokyo("GET", path).json() == {"items": [], "next": None}, path
    patch = tokyo("PATCH", f"/people/{takase.id}", json={"title": "x"}, headers={"If-Match": "*"})
    assert patch.status_code == 404
    today = boston_today().isoformat()
    stranger = tokyo("POST", "/interactions", json={"people": [str(takase.id)], "day": today})
    assert stranger.status_code in (404, 422)
    assert tokyo("POST", "/tasks", json={"title": "x", "due": today, "person": str(takase.id)}).status_code == 404


def test_what_another_office_keeps_for_itself_does_not_show_in_the_tag(
    boston: Program, tokyo: Program, takase: Person, database: Database
) -> None:
    with database.writing() as session:
        a_share(session, takase, an_actor(session), an_actor(session, "university_officer", "jp-univ"))
    path = f"/people/{takase.id}"
    before = tokyo("GET", path)
    assert (before.status_code, before.json()["emails"]) == (200, [])
    etag = boston("GET", path).headers["etag"]
    changed = boston("PATCH", path, json={"email": "new@example.org"}, headers={"If-Match": etag})
    assert changed.status_code == 200
    assert tokyo("GET", path).headers["etag"] == before.headers["etag"]


def test_a_repeated_answer_is_of_today(boston: Program, database: Database) -> None:
    key = {"Idempotency-Key": "the same"}
    made = boston("POST", "/people", json={"full_name": "Ono Ken"}, headers=key).json()["id"]
    with database.writing() as session:
        session.get_one(Person, UUID(made)).kanji = "小野 健"
    assert boston("POST", "/people", json={"full_name": "Ono Ken"}, headers=key).json()["kanji"] == "小野 健"
    with database.reading() as session:
        assert "Ono" not in str(session.exec(select(ProgramReply)).all())


def crafted(*values: str) -> str:
    return encode_cursor(values)


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/people?country=%00", "/people?country=%00&q=%00",
        f"/api/v1/people?after={crafted(NUL, str(UUID(int=7)))}", f"/people?after={crafted(NUL, str(UUID(int=7)))}",
        f"/api/v1/interactions?after={crafted('2026-01-01T00:00:00', str(UUID(int=7)))}",
        f"/interactions?after={crafted('2026-01-01T00:00:00', str(UUID(int=7)))}",
        f"/tasks?state=done&after={crafted('2026-01-01T00:00:00', str(UUID(int=7)))}",
        f"/people/{{id}}/story?after={crafted('2026-01-01T00:00:00', str(UUID(int=7)))}",
    ],
)  # fmt: skip
def test_no_address_that_somebody_makes_up_is_a_fault_of_ours(
    boston: Program, takase: Person, sign_in: SignIn, path: str
) -> None:
    path = path.replace("{id}", str(takase.id))
    answer = boston("GET", path.removeprefix(ROOT)) if path.startswith(ROOT) else sign_in().get(path)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/people", "GET, POST"),
        ("/people/01900000-0000-7000-8000-000000000000", "GET, PATCH"),
        ("/listings", "GET"),
        ("/openapi.json", "GET"),
    ],
)
def test_a_method_that_is_not_there_is_answered_with_those_that_are(boston: Program, path: str, allowed: str) -> None:
    answer = boston("DELETE", path)
    assert answer.status_code == 405
    assert answer.headers["allow"].replace("HEAD, ", "") == allowed
    assert answer.headers["content-type"] == MEDIA
