"""Programs see what their office sees on the pages, no more; what they write obeys the same rules."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from crm.accounts.models import JournalEntry, ProgramReply, Scope
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
from tests.factories.organisations import an_organisation
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


def patched(program: Program, path: str, body: dict[str, Any]) -> Any:
    etag = program("GET", path).headers["etag"]
    assert program("PATCH", path, json=body).status_code == 428
    stale = program("PATCH", path, json=body, headers={"If-Match": '"99"'})
    assert (stale.status_code, stale.headers["content-type"]) == (412, MEDIA)
    answer = program("PATCH", path, json=body, headers={"If-Match": etag})
    if answer.status_code == 200:
        assert answer.headers["etag"] != etag
        assert program("PATCH", path, json=body, headers={"If-Match": etag}).status_code == 412
        assert program("GET", path).json() == answer.json()
    return answer


def refused(program: Program, path: str, body: dict[str, Any]) -> list[str]:
    """The fields that are wrong by themselves, whichever version was read."""
    answer = program("PATCH", path, json=body, headers={"If-Match": "*"})
    assert (answer.status_code, answer.headers["content-type"]) == (422, MEDIA), answer.text
    return sorted(each["field"] for each in answer.json()["errors"])


def test_contacts_and_follow_ups_are_changed_in_part(boston: Program, takase: Person) -> None:
    contact, task = (boston("GET", f"{path}?of=office").json()["items"][0] for path in ("/interactions", "/tasks"))
    said = patched(boston, f"/interactions/{contact['id']}", {"kind": "call", "place": "Geneva"}).json()
    assert (said["kind"], said["place"], said["text"], said["people"]) == (
        "call", "Geneva", "Would like to come back", [str(takase.id)],
    )  # fmt: skip
    wrong = patched(boston, f"/interactions/{contact['id']}", {"day": "2999-01-01"})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "day")
    said = patched(boston, f"/tasks/{task['id']}", {"due": "2026-12-24", "done": True}).json()
    assert (said["due"], said["title"], said["person_id"]) == ("2026-12-24", "Send the calls", str(takase.id))
    assert said["done_at"] and said["version"] == task["version"] + 2
    assert patched(boston, f"/tasks/{task['id']}", {"done": False}).json()["done_at"] is None
    assert patched(boston, f"/tasks/{task['id']}", {"assignee": str(uuid4())}).status_code == 422
    assert patched(boston, f"/tasks/{task['id']}", {"assignee": None, "title": "Send"}).json()["assignee_id"] is None
    assert refused(boston, f"/tasks/{task['id']}", {"title": None}) == ["title"]


def test_null_empties_what_may_be_empty_and_is_refused_elsewhere(boston: Program, takase: Person) -> None:
    path, contact = f"/people/{takase.id}", boston("GET", "/interactions").json()["items"][0]["id"]
    told = {
        "kanji": None,
        "unit": "",
        "links": None,
        "languages": ["en"],
        "research_fields": "Optics",
        "city": "Boston",
    }
    patched(boston, path, {**told, "links": "https://example.org/takase"})
    said = patched(boston, path, {**told, "languages": [], "research_fields": None}).json()
    assert [said[name] for name in ("kanji", "unit", "links", "languages", "research_fields", "city")] == [
        None, None, [], [], [], "Boston",
    ]  # fmt: skip
    said = patched(boston, f"/interactions/{contact}", {"text": None, "place": None}).json()
    assert (said["text"], said["place"], said["people"]) == ("", None, [str(takase.id)])
    fields = ("kind", "day", "people", "audience", "careful")
    for where, wrong in ((path, ("full_name", "sector", "basis")), (f"/interactions/{contact}", fields)):
        assert refused(boston, where, dict.fromkeys(wrong)) == sorted(wrong)
    schemas = boston("GET", "/openapi.json").json()["components"]["schemas"]["InteractionPatch"]["properties"]
    nullable = {name for name, schema in schemas.items() if {"type": "null"} in schema.get("anyOf", ())}
    assert {"text", "place", "staff"} <= nullable and not nullable & set(fields)


def test_what_is_to_be_handled_with_care_is_read_by_name(boston: Program, takase: Person, database: Database) -> None:
    """One line for each reading; a list writes one for all; what is ordinary writes none."""
    with database.writing() as session:
        actor = an_actor(session)
        ids = {str(a_contact(session, actor, takase, careful=True, text=f"Delicate {n}").id) for n in range(2)}

    def lines() -> list[Any]:
        with database.reading() as session:
            read = JournalEntry.verb.in_(["opened", "read_careful"])  # type: ignore[attr-defined]
            return list(session.exec(select(JournalEntry).where(read).order_by(JournalEntry.id)))  # type: ignore[arg-type]

    for one in boston("GET", "/interactions").json()["items"]:
        boston("GET", f"/interactions/{one['id']}")
    listed, *alone = lines()
    assert (listed.subject_kind, listed.changes["rows"], set(listed.changes["contacts"])) == ("access_token", 2, ids)
    assert {str(line.subject_id) for line in alone} == ids and len(alone) == 2
    one = ids.pop()
    boston("PATCH", f"/interactions/{one}", json={}, headers={"If-Match": "*"})
    assert [str(line.subject_id) for line in lines()[3:]] == [one]
    boston("GET", "/interactions?kind=call")
    assert len(lines()) == 4


def test_organisations_and_entries_are_changed_in_part(boston: Program, takase: Person, database: Database) -> None:
    with database.writing() as session:
        institute = an_organisation(session, "Valta Institute", country="FI")
    path = f"/organisations/{institute.id}"
    before = boston("GET", path).json()
    said = patched(boston, path, {"name_ja": "ヴァルタ研究所", "website": "https://valta.example.org"}).json()
    assert said == {**before, "name_ja": "ヴァルタ研究所", "website": "https://valta.example.org"}
    assert refused(boston, path, {"country": "Atlantis"}) == ["country"]
    entry = boston("GET", "/listings").json()["items"][0]
    said = patched(boston, f"/listings/{entry['id']}", {"fields": ["title"]}).json()
    assert said["state"] == entry["state"] and said["fields"] != entry["fields"]
    unknown = boston("PATCH", f"/listings/{entry['id']}", json={"fields": ["password"]}, headers={"If-Match": "*"})
    assert unknown.status_code == 422


def test_a_list_holds_as_many_as_asked(boston: Program, takase: Person, database: Database) -> None:
    with database.writing() as session:
        actor = an_actor(session)
        for person in people_called(session, actor, *(f"Example Person {number}" for number in range(4))):
            a_contact(session, actor, person)
            a_task(session, actor, person)
    for path in ("/people", "/people?q=example", "/interactions", "/tasks?of=office", "/organisations"):
        join = "&" if "?" in path else "?"
        page = boston("GET", f"{path}{join}limit=2").json()
        assert len(page["items"]) == 2 and page["next"], path
        following = boston("GET", f"{path}{join}limit=2&after={page['next']}").json()["items"]
        assert following and not {one["id"] for one in following} & {one["id"] for one in page["items"]}
        for limit in (0, 201, "many"):
            assert boston("GET", f"{path}{join}limit={limit}").status_code == 422
    assert len(boston("GET", "/listings?limit=1").json()["items"]) == 1


def test_a_token_opens_from_anywhere_and_a_cookie_does_not(
    boston: Program, takase: Person, sign_in: SignIn, database: Database
) -> None:
    foreign = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
    assert boston("POST", "/people", json={"full_name": "Ono Ken"}, headers=foreign).status_code == 201
    cookie = sign_in()
    assert cookie.post(f"{ROOT}/people", json={"full_name": "Ono Emi"}, headers=foreign).status_code == 403
    bearer = {**foreign, **boston.headers}
    assert cookie.post("/people", data={"full_name": "Ono Emi"}, headers=bearer).status_code == 403
    wrong = {**foreign, "Authorization": "Bearer meguri_wrong"}
    assert cookie.post(f"{ROOT}/people", json={"full_name": "Ono Emi"}, headers=wrong).status_code == 401


def test_scopes_to_write_are_asked_for(client: TestClient, takase: Person, database: Database) -> None:
    with database.writing() as session:
        reads = [scope.value for scope in Scope if scope.value.endswith(":read")]
        reader = Program(client, a_token(session, a_post(session, "attache"), *reads))
        fellow = Program(client, a_token(session, a_post(session, "fellow")))
        institute = an_organisation(session, "Valta Institute", country="FI")
    for program in (reader, fellow):
        for path in (f"/organisations/{institute.id}", f"/people/{takase.id}"):
            answer = program("PATCH", path, json={}, headers={"If-Match": "*"})
            assert answer.status_code == 403, path


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
    for path in ours:
        patch = tokyo("PATCH", path, json={"title": "x"}, headers={"If-Match": "*"})
        assert patch.status_code == 404, path
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
        ("/organisations/01900000-0000-7000-8000-000000000000", "GET, PATCH"),
        ("/openapi.json", "GET"),
    ],
)
def test_a_method_that_is_not_there_is_answered_with_those_that_are(boston: Program, path: str, allowed: str) -> None:
    answer = boston("DELETE", path)
    assert answer.status_code == 405
    assert answer.headers["allow"].replace("HEAD, ", "") == allowed
    assert answer.headers["content-type"] == MEDIA
