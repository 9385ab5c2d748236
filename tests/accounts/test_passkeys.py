"""Passkeys: made, used alone and after a password, and every answer that must open nothing."""

import json
import re
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as some
from sqlalchemy import update
from sqlmodel import select
from starlette.testclient import TestClient

from crm.accounts.models import Challenge, JournalEntry, Passkey, User
from crm.accounts.passkeys import WrongPasskey, count_proved, options_for_new, read_new, who_answers
from crm.accounts.passwords import hash_password
from crm.core.columns import new_id, now
from crm.core.db import Database
from crm.core.mail import OutboxLetter
from crm.core.settings import read_settings
from tests.conftest import SignIn
from tests.factories.accounts import a_post, an_office
from tests.factories.authenticator import PRESENT, Key

pytestmark = pytest.mark.both
PASSWORD = "a long enough sentence"


def a_user(database: Database) -> User:
    with database.writing() as session:
        user = a_post(session, "attache").user
        user.password_hash = hash_password(PASSWORD)
        return user


@pytest.fixture
def user(database: Database) -> User:
    return a_user(database)


def password(client: TestClient, user: User) -> Any:
    return client.post("/sign-in", data={"email": user.email, "password": PASSWORD, "next": "/me"})


def begin(client: TestClient, name: str = "Laptop", typed: str = PASSWORD) -> Any:
    return client.post("/me/passkeys", data={"name": name, "password": typed})


def options_on(page: str) -> dict[str, Any]:
    found = re.search(r'data-passkey-new="([^"]+)"', page)
    assert found
    options: dict[str, Any] = json.loads(found[1].replace("&#34;", '"').replace("&quot;", '"'))
    return options


def confirm(client: TestClient, answer: str) -> Any:
    return client.post("/me/passkeys/confirm", data={"credential": answer})


def register(client: TestClient, key: Key, name: str = "Laptop") -> Any:
    return confirm(client, key.make(options_on(begin(client, name).text)))


def asked(client: TestClient, **more: str) -> dict[str, Any]:
    options: dict[str, Any] = client.post("/sign-in/passkey/options", data=more).json()
    return options


def answer(client: TestClient, credential: str, **more: str) -> Any:
    return client.post("/sign-in/passkey", data={"credential": credential, "next": "/me", **more})


@pytest.fixture
def key(client: TestClient, user: User) -> Key:
    """Of a user who has registered it and signed out again."""
    password(client, user)
    made = Key()
    assert register(client, made).status_code == 200
    client.post("/sign-out")
    return made


def opened(response: Any) -> bool:
    return (response.status_code, response.headers.get("location")) == (303, "/me")


def test_a_passkey_alone_opens(client: TestClient, key: Key, database: Database) -> None:
    options = asked(client)
    assert (options["userVerification"], options["allowCredentials"]) == ("required", [])
    assert opened(answer(client, key.sign(options)))
    page = client.get("/me/second-factor").text
    assert "Laptop" in page
    assert "Not used yet" not in page
    with database.reading() as session:
        [stored] = session.exec(select(Passkey)).all()
        [letter] = session.exec(select(OutboxLetter)).all()
        lines = {(line.verb, line.subject_kind) for line in session.exec(select(JournalEntry))}
    assert (stored.sign_count, stored.transports) == (1, ["usb"])
    assert letter.kind == "passkey_added"
    assert ("added", "passkey") in lines


def test_a_passkey_as_second_factor(client: TestClient, user: User, key: Key) -> None:
    assert password(client, user).headers["location"].startswith("/sign-in/code")
    assert client.get("/me").status_code == 303
    assert "data-passkey-ask" in client.get("/sign-in/code").text
    options = asked(client, second="true")
    assert len(options["allowCredentials"]) == 1
    assert opened(answer(client, key.sign(options, userHandle=None), second="true"))


def test_recovery_codes_come_with_the_first_passkey_and_open_without_javascript(client: TestClient, user: User) -> None:
    password(client, user)
    codes = re.findall(r"<code>([a-z0-9]{5}-[a-z0-9]{5})</code>", register(client, Key()).text)
    assert len(codes) == 10
    assert register(client, Key(), "Telephone").status_code == 303
    client.post("/sign-out")
    password(client, user)
    assert opened(client.post("/sign-in/code", data={"code": codes[0], "next": "/me"}))


def test_an_answer_opens_once(client: TestClient, key: Key, open_client: Any) -> None:
    """Not even with the cookie that went with what was asked."""
    signed = key.sign(asked(client))
    thief = open_client()
    thief.cookies.set("meguri_asked", client.cookies["meguri_asked"])
    assert opened(answer(client, signed))
    assert answer(thief, signed).status_code == 422
    assert thief.get("/me").status_code == 303


def test_an_answer_to_another_question(client: TestClient, key: Key) -> None:
    signed = key.sign(asked(client))
    asked(client)
    assert answer(client, signed).status_code == 422


def test_a_failed_answer_uses_up_what_was_asked(client: TestClient, key: Key) -> None:
    options = asked(client)
    assert answer(client, "{}").status_code == 422
    assert answer(client, key.sign(options)).status_code == 422


def test_too_late(client: TestClient, key: Key, database: Database) -> None:
    signed = key.sign(asked(client))
    with database.writing() as session:
        session.execute(update(Challenge).values(expires_at=now() - timedelta(seconds=1)))
    late = answer(client, signed)
    assert late.status_code == 422
    assert "Too much time has passed" in late.text


@pytest.mark.parametrize("origin", ["https://testserver", "http://testserver.evil.example", "http://testserver:8443"])
def test_a_foreign_origin(client: TestClient, key: Key, origin: str) -> None:
    key.origin = origin
    assert answer(client, key.sign(asked(client))).status_code == 422


def test_another_site(client: TestClient, key: Key) -> None:
    options = asked(client)
    assert answer(client, key.sign({**options, "rpId": "evil.example"})).status_code == 422


def test_without_the_user_being_verified(client: TestClient, key: Key) -> None:
    key.flags = PRESENT
    assert answer(client, key.sign(asked(client))).status_code == 422


def test_a_count_that_does_not_go_up(client: TestClient, key: Key, database: Database) -> None:
    key.count = 6
    assert opened(answer(client, key.sign(asked(client))))
    client.post("/sign-out")
    copied = key
    copied.count = 5
    assert answer(client, copied.sign(asked(client))).status_code == 422
    with database.reading() as session:
        assert session.exec(select(Passkey)).one().sign_count == 7


def test_keys_that_do_not_count(client: TestClient, user: User) -> None:
    password(client, user)
    key = Key(counts=False)
    register(client, key)
    for _ in range(2):
        client.post("/sign-out")
        assert opened(answer(client, key.sign(asked(client))))


def test_a_count_as_high_as_a_key_can_say(client: TestClient, key: Key) -> None:
    key.count = 2**32 - 2
    assert opened(answer(client, key.sign(asked(client))))


def test_somebody_elses_key(client: TestClient, user: User, key: Key, database: Database, open_client: Any) -> None:
    """It opens its owner's account, and is no second factor for another's password."""
    other, browser = a_user(database), open_client()
    password(browser, other)
    theirs = Key()
    register(browser, theirs)
    password(client, user)
    assert answer(client, theirs.sign(asked(client, second="true")), second="true").status_code == 422
    assert client.get("/me").status_code == 303
    theirs.id = key.id
    assert answer(client, theirs.sign(asked(client))).status_code == 422
    key.handle = other.id.bytes
    assert answer(client, key.sign(asked(client))).status_code == 422


def test_a_key_is_registered_once(client: TestClient, user: User, key: Key, database: Database) -> None:
    answer(client, key.sign(asked(client)))
    again = register(client, key)
    assert again.status_code == 422
    assert "registered already" in again.text
    other = Key(id=key.id)
    assert register(client, other).status_code == 422
    with database.reading() as session:
        assert len(session.exec(select(Passkey)).all()) == 1


def test_registering_is_for_who_has_begun_it(
    client: TestClient, user: User, database: Database, sign_in: SignIn
) -> None:
    password(client, user)
    begun = key = Key()
    signed = begun.make(options_on(begin(client).text))
    thief = sign_in()
    thief.cookies.set("meguri_asked", client.cookies["meguri_asked"])
    assert confirm(thief, signed).status_code == 422
    assert confirm(client, signed).status_code == 422
    for fault in ({"origin": "https://evil.example"}, {"flags": PRESENT}):
        wrong = Key(**fault)
        assert register(client, wrong).status_code == 422
    assert answer(client, key.sign(asked(client))).status_code == 422
    with database.reading() as session:
        assert session.exec(select(Passkey)).all() == []


def test_adding_and_removing_need_the_password(client: TestClient, user: User, key: Key, sign_in: SignIn) -> None:
    answer(client, key.sign(asked(client)))
    wrong = begin(client, "Telephone", "wrong")
    assert wrong.status_code == 422
    assert 'value="Telephone"' in wrong.text
    found = re.search(r'href="(/me/passkeys/[0-9a-f-]+/remove)"', client.get("/me/second-factor").text)
    assert found
    remove = found[1]
    assert sign_in().get(remove).status_code == 404
    assert sign_in().post(remove, data={"password": PASSWORD}).status_code == 404
    assert client.post(remove, data={"password": "wrong"}).status_code == 422
    assert client.post(remove, data={"password": PASSWORD}).status_code == 303
    client.post("/sign-out")
    gone = answer(client, key.sign(asked(client)))
    assert gone.status_code == 422
    assert "It may have been removed" in gone.text
    assert opened(password(client, user))


def test_guessing_the_password_of_an_open_session_is_stopped(client: TestClient, user: User) -> None:
    password(client, user)
    assert [begin(client, typed="wrong").status_code for _ in range(11)] == [422] * 10 + [429]


def test_an_office_that_asks_for_a_second_factor_takes_a_passkey(
    client: TestClient, user: User, database: Database
) -> None:
    with database.writing() as session:
        an_office(session).factor_required = True
    password(client, user)
    assert client.get("/me").headers["location"] == "/me/second-factor"
    key = Key()
    register(client, key)
    assert client.get("/me").status_code == 200
    found = re.search(r'href="(/me/passkeys/[0-9a-f-]+/remove)"', client.get("/me/second-factor").text)
    assert found
    client.post(found[1], data={"password": PASSWORD})
    assert client.get("/me").headers["location"] == "/me/second-factor"


def test_a_closed_account_stays_closed(client: TestClient, user: User, key: Key, database: Database) -> None:
    with database.writing() as session:
        session.get_one(User, user.id).closed_at = now()
    assert answer(client, key.sign(asked(client))).status_code == 422


def test_an_administrator_takes_all_of_it_away(
    client: TestClient, user: User, key: Key, sign_in: SignIn, database: Database
) -> None:
    admin = sign_in("administrator", "us-bos")
    found = re.search(r'action="(/accounts/[0-9a-f-]+/reset-factor)"', admin.get("/accounts").text)
    assert found
    assert admin.post(found[1]).status_code == 303
    assert answer(client, key.sign(asked(client))).status_code == 422
    assert opened(password(client, user))


def test_the_options_of_a_second_step_need_the_first(client: TestClient, key: Key) -> None:
    assert client.post("/sign-in/passkey/options", data={"second": "true"}).status_code == 422


WORDS = some.sampled_from(["id", "rawId", "type", "response", "clientDataJSON", "authenticatorData", "signature"])
PARTS = ["clientDataJSON", "authenticatorData", "signature", "attestationObject"]
ANSWERS = some.recursive(
    some.none() | some.booleans() | some.integers() | some.text() | some.just("public-key"),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(WORDS, inner),
)


@limits(max_examples=200)
@given(said=ANSWERS.map(json.dumps) | some.text(), whole=some.booleans(), name=some.sampled_from(PARTS))
def test_no_answer_breaks_anything(said: str, whole: bool, name: str) -> None:
    """Whatever is sent, it is refused, and nothing else happens."""
    site = read_settings({"CRM_BASE_URL": "http://testserver", "CRM_DATA_DIR": "never-used"})
    made = options_for_new(site, User(email="a@example.org", name="A"), [])
    key = Key()
    new, signed = key.make(made), key.sign({"rpId": "testserver", "challenge": made["challenge"]})
    stored = read_new(site, made["challenge"], new)
    passkey = Passkey(user_id=new_id(), name="A", credential_id=stored.credential_id, public_key=stored.public_key)
    for right, read in ((new, read_new), (signed, partial(count_proved, passkey=passkey))):
        wrong = json.loads(right)
        if not whole and name not in wrong["response"]:
            continue
        wrong["response"][name] = said
        with pytest.raises(WrongPasskey):
            read(site, made["challenge"], answer=said if whole else json.dumps(wrong))


@limits(max_examples=200)
@given(said=ANSWERS.map(json.dumps) | some.text())
def test_nobody_is_found_behind_rubbish(said: str) -> None:
    with suppress(WrongPasskey):
        assert all(isinstance(part, str) for part in who_answers(said))
