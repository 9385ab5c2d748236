"""The second factor: set up with a real app's codes, asked for, never accepted twice, required by an office."""

import re
from typing import Any

import pyotp
import pytest
from sqlmodel import Session, select
from starlette.testclient import TestClient

from crm.accounts.actions.factors import accept
from crm.accounts.codes import STEP, Vault, step_of
from crm.accounts.models import JournalEntry, Office, RecoveryCode, SecondFactor, User
from crm.accounts.passwords import hash_password
from crm.core.columns import now
from crm.core.db import Database
from crm.core.mail import OutboxLetter
from crm.core.settings import Settings, read_settings
from crm.doctor import findings
from tests.conftest import SignIn
from tests.factories.accounts import a_post, an_office

pytestmark = pytest.mark.both
PASSWORD = "a long enough sentence"


@pytest.fixture
def user(database: Database) -> User:
    with database.writing() as session:
        user = a_post(session, "attache").user
        user.password_hash = hash_password(PASSWORD)
        return user


def password(client: TestClient, user: User) -> Any:
    return client.post("/sign-in", data={"email": user.email, "password": PASSWORD, "next": "/me"})


def code(client: TestClient, typed: str) -> Any:
    return client.post("/sign-in/code", data={"code": typed, "next": "/me"})


def app_of(page: str) -> pyotp.TOTP:
    """The app that has read the key from the page."""
    found = re.search(r'<code class="key">([A-Z2-7 ]+)</code>', page)
    assert found
    return pyotp.TOTP(found[1].replace(" ", ""))


def set_up(client: TestClient) -> tuple[pyotp.TOTP, list[str]]:
    assert client.post("/me/second-factor").status_code == 303
    app = app_of(client.get("/me/second-factor").text)
    page = client.post("/me/second-factor/confirm", data={"code": app.now()})
    assert page.status_code == 200, page.text
    return app, re.findall(r"<code>([a-z0-9]{5}-[a-z0-9]{5})</code>", page.text)


def a_later_code(app: pyotp.TOTP) -> str:
    """Of the next half minute, which is accepted as a drift of the clock; the present one has been used."""
    return app.at(int(now().timestamp()) + STEP)


@pytest.fixture
def secured(client: TestClient, user: User) -> tuple[pyotp.TOTP, list[str]]:
    """Signed in once, set up, signed out again."""
    password(client, user)
    found = set_up(client)
    client.post("/sign-out")
    return found


def test_the_code_opens_what_the_password_alone_does_not(
    client: TestClient, user: User, secured: tuple[pyotp.TOTP, list[str]]
) -> None:
    answer = password(client, user)
    assert answer.headers["location"].startswith("/sign-in/code")
    assert "meguri_session" not in answer.headers["set-cookie"]
    assert client.get("/me").status_code == 303
    assert code(client, "000000").status_code == 422
    opened = code(client, a_later_code(secured[0]))
    assert (opened.status_code, opened.headers["location"]) == (303, "/me")
    assert client.get("/me").status_code == 200


def test_no_code_is_accepted_twice(
    client: TestClient, user: User, secured: tuple[pyotp.TOTP, list[str]], open_client: Any
) -> None:
    password(client, user)
    once = a_later_code(secured[0])
    assert code(client, once).status_code == 303
    thief = open_client()
    password(thief, user)
    assert code(thief, once).status_code == 422


def test_a_recovery_code_opens_once(
    client: TestClient, user: User, secured: tuple[pyotp.TOTP, list[str]], database: Database
) -> None:
    codes = secured[1]
    assert len(set(codes)) == 10
    password(client, user)
    assert code(client, codes[0].upper().replace("-", " ")).status_code == 303
    client.post("/sign-out")
    password(client, user)
    assert code(client, codes[0]).status_code == 422
    assert code(client, codes[1]).status_code == 303
    assert "8 recovery codes left" in client.get("/me/second-factor").text
    with database.reading() as session:
        assert codes[2] not in str(session.exec(select(RecoveryCode)).all())


def test_the_secret_is_sealed_in_the_database(
    database: Database, settings: Settings, secured: tuple[pyotp.TOTP, list[str]]
) -> None:
    with database.reading() as session:
        stored = session.exec(select(SecondFactor)).one()
    assert secured[0].secret not in stored.secret
    assert Vault(settings).open(stored.secret) == secured[0].secret


def test_half_signed_in_opens_nothing_and_ends(
    client: TestClient, user: User, secured: tuple[pyotp.TOTP, list[str]], database: Database, open_client: Any
) -> None:
    answer = password(client, user)
    half = answer.cookies["meguri_half"]
    stolen = open_client()
    stolen.cookies.set("meguri_session", half)
    assert stolen.get("/me").status_code == 303
    with database.writing() as session:
        session.get_one(User, user.id).password_changed_at = now()
    assert code(client, a_later_code(secured[0])).status_code == 422
    assert code(open_client(), a_later_code(secured[0])).status_code == 422


def test_guessing_is_stopped(client: TestClient, user: User, secured: tuple[pyotp.TOTP, list[str]]) -> None:
    password(client, user)
    answers = [code(client, f"{number:06}").status_code for number in range(11)]
    assert answers == [422] * 10 + [429]
    assert code(client, a_later_code(secured[0])).status_code == 429


@pytest.mark.parametrize(("drift", "accepted"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_one_step_of_drift(drift: int, accepted: bool) -> None:
    app, at = pyotp.TOTP(pyotp.random_base32()), now()
    moment = int(at.timestamp()) // STEP
    step = step_of(app.secret, app.at((moment + drift) * STEP), at, after=0)
    assert step == (moment + drift if accepted else None)


def test_a_secret_counts_only_once_it_is_confirmed(client: TestClient, user: User) -> None:
    password(client, user)
    client.post("/me/second-factor")
    wrong = client.post("/me/second-factor/confirm", data={"code": "123456"})
    assert wrong.status_code == 422
    drawn = re.search(r'<svg[^>]*viewBox="0 0 (\d+) \1"', wrong.text)
    assert drawn  # without it, a picture that is made smaller is cut off
    client.post("/sign-out")
    assert password(client, user).headers["location"] == "/me"


def test_taking_it_away_needs_password_and_code(
    client: TestClient, user: User, secured: tuple[pyotp.TOTP, list[str]]
) -> None:
    app, codes = secured
    password(client, user)
    code(client, codes[0])
    remove = "/me/second-factor/remove"
    assert client.post(remove, data={"password": "wrong", "code": a_later_code(app)}).status_code == 422
    assert client.post(remove, data={"password": PASSWORD, "code": "000000"}).status_code == 422
    assert client.post(remove, data={"password": PASSWORD, "code": a_later_code(app)}).status_code == 303
    client.post("/sign-out")
    assert password(client, user).headers["location"] == "/me"


def required(session: Session, code: str = "us-bos") -> Office:
    office = an_office(session, code)
    office.factor_required = True
    return office


def test_an_office_that_asks_for_it_opens_nothing_before(client: TestClient, user: User, database: Database) -> None:
    with database.writing() as session:
        required(session)
    assert password(client, user).status_code == 303
    for path in ("/", "/people", "/tasks", "/me"):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, "/me/second-factor"), path
    assert client.post("/people", data={"full_name": "Ono Ken"}).status_code == 403
    assert client.get("/language/ja?next=/me/second-factor").status_code == 303
    set_up(client)
    assert client.get("/people").status_code == 200


def test_an_administrator_asks_for_it_and_resets_it(
    sign_in: SignIn, client: TestClient, user: User, database: Database, secured: tuple[pyotp.TOTP, list[str]]
) -> None:
    admin = sign_in("administrator", "us-bos")
    page = admin.get("/accounts").text
    assert page.count("Reset the second factor") == 1
    membership = re.search(r'action="(/accounts/[0-9a-f-]+/reset-factor)"', page)
    assert membership
    assert sign_in("administrator", "jp-univ").post(membership[1]).status_code == 403
    assert admin.post(membership[1]).status_code == 303
    with database.reading() as session:
        [letter] = session.exec(select(OutboxLetter)).all()
        verbs = {line.verb for line in session.exec(select(JournalEntry))}
        office = an_office(session)
    assert (letter.kind, letter.to) == ("factor_removed", user.email)
    assert {"set_factor", "removed_factor"} <= verbs
    assert (
        admin.post("/accounts/require-factor", data={"office_id": str(office.id), "required": "true"}).status_code
        == 303
    )
    assert password(client, user).headers["location"] == "/me"
    assert client.get("/me").headers["location"] == "/me/second-factor"
    other = sign_in("administrator", "jp-univ")
    assert other.post("/accounts/require-factor", data={"office_id": str(office.id)}).status_code == 403


def test_the_doctor_refuses_public_serving_without_it(database: Database, settings: Settings, user: User) -> None:
    public = read_settings(
        {"CRM_BASE_URL": "https://meguri.example.org", "CRM_DATABASE_URL": settings.database_url,
         "CRM_DATA_DIR": str(settings.data_dir)}
    )  # fmt: skip

    def said(these: Settings) -> list[str]:
        return [sentence for severity, sentence in findings(these) if severity == "unsafe" and "second" in sentence]

    assert "us-bos" in said(public)[0]
    with database.writing() as session:
        required(session)
    assert said(public) == []


def test_two_requests_with_one_code(
    database: Database, settings: Settings, user: User, secured: tuple[pyotp.TOTP, list[str]]
) -> None:
    """The second waits for the first, and then finds the code used."""
    once = a_later_code(secured[0])
    with database.writing() as session:
        assert accept(session, user.id, Vault(settings), once)
    with database.writing() as session:
        assert not accept(session, user.id, Vault(settings), once)
