from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from crm.accounts.links import issue_link
from crm.accounts.models import LinkPurpose, Membership, SignedLink, User, UserSession
from crm.accounts.passwords import hash_password
from crm.core.columns import now
from crm.core.db import Database
from crm.core.mail import OutboxLetter
from tests.factories.accounts import a_post

PASSWORD = "a long enough sentence"


@pytest.fixture
def user(database: Database) -> User:
    with database.writing() as session:
        user = a_post(session, "attache", "us-bos", "en").user
        user.password_hash = hash_password(PASSWORD)
    return user


def sign_in(client: TestClient, email: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post("/sign-in", data={"email": email, "password": password, **more})


@pytest.mark.both
def test_the_right_password_opens_a_session_whose_secret_is_not_stored(
    client: TestClient, database: Database, user: User
) -> None:
    answer = sign_in(client, user.email.upper(), next="/me")
    assert (answer.status_code, answer.headers["location"]) == (303, "/me")
    assert client.get("/me").status_code == 200
    with database.reading() as session:
        stored = session.exec(select(UserSession)).one()
        assert stored.token_hash not in answer.headers["set-cookie"]


@pytest.mark.parametrize("email", ["known", "nobody@example.org"])
def test_a_wrong_password_says_the_same_for_known_and_unknown_addresses(
    client: TestClient, user: User, email: str
) -> None:
    answer = sign_in(client, user.email if email == "known" else email, "not the password")
    assert answer.status_code == 422
    assert "The e-mail address or the password is not right." in answer.text
    assert "not the password" not in answer.text


def test_the_eleventh_attempt_in_a_quarter_of_an_hour_is_refused_clearly(client: TestClient, user: User) -> None:
    for _ in range(10):
        assert sign_in(client, user.email, "wrong").status_code == 422
    answer = sign_in(client, user.email)
    assert answer.status_code == 429
    assert "Too many attempts" in answer.text


def test_a_session_ends_with_the_membership(client: TestClient, database: Database, user: User) -> None:
    sign_in(client, user.email)
    with database.writing() as session:
        membership = session.exec(select(Membership).where(Membership.user_id == user.id)).one()
        membership.since, membership.until = now().date() - timedelta(9), now().date() - timedelta(1)
    answer = client.get("/me")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/me")


def test_an_ended_session_opens_nothing_even_with_the_old_cookie(client: TestClient, user: User) -> None:
    cookie = sign_in(client, user.email).cookies["meguri_session"]
    client.post("/sign-out")
    client.cookies.set("meguri_session", cookie)
    assert client.get("/me").status_code == 303


@pytest.mark.parametrize("next", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_nobody_is_sent_to_another_site_after_signing_in(client: TestClient, user: User, next: str) -> None:
    assert sign_in(client, user.email, next=next).headers["location"] == "/"


def test_a_write_from_another_site_is_refused(client: TestClient, user: User) -> None:
    answer = client.post("/sign-in", data={"email": user.email}, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403


def test_a_reset_link_works_once_and_ends_all_sessions(client: TestClient, database: Database, user: User) -> None:
    sign_in(client, user.email)
    with database.writing() as session:
        token = issue_link(session, LinkPurpose.PASSWORD_RESET, user.id, days=1)
    new = {"password": "another long sentence", "repeated": "another long sentence"}
    assert client.get(f"/new-password/{token}").status_code == 200
    assert client.post(f"/new-password/{token}", data=new).status_code == 303
    assert client.get("/me").status_code == 303
    assert client.post(f"/new-password/{token}", data=new).status_code == 404
    assert sign_in(client, user.email, "another long sentence").status_code == 303


def test_an_expired_link_says_so_and_a_tampered_one_is_not_found(
    client: TestClient, database: Database, user: User
) -> None:
    with database.writing() as session:
        token = issue_link(session, LinkPurpose.PASSWORD_RESET, user.id, days=-1)
    assert client.get(f"/new-password/{token}").status_code == 410
    assert client.get(f"/new-password/{token}x").status_code == 404
    assert client.get(f"/welcome/{token}").status_code == 404


def test_asking_for_a_reset_answers_the_same_but_writes_only_to_known_addresses(
    client: TestClient, database: Database, user: User
) -> None:
    known = client.post("/forgotten", data={"email": user.email})
    unknown = client.post("/forgotten", data={"email": "nobody@example.org"})
    assert (known.status_code, known.headers["location"]) == (unknown.status_code, unknown.headers["location"])
    with database.reading() as session:
        assert [letter.to for letter in session.exec(select(OutboxLetter))] == [user.email]
        assert len(session.exec(select(SignedLink)).all()) == 1


def test_a_short_password_is_explained_beside_its_field(client: TestClient, database: Database, user: User) -> None:
    with database.writing() as session:
        token = issue_link(session, LinkPurpose.INVITATION, user.id, days=1)
    answer = client.post(f"/welcome/{token}", data={"password": "short", "repeated": "short"})
    assert answer.status_code == 422
    assert "Please choose a password of at least 12 characters." in answer.text


def test_only_failures_count_against_an_address(client: TestClient, user: User) -> None:
    for _ in range(12):
        assert sign_in(client, user.email).status_code == 303
        client.cookies.clear()


@pytest.mark.both
def test_a_password_is_changed_and_other_devices_are_signed_out(
    client: TestClient, user: User, open_client: Any
) -> None:
    other = open_client()
    for browser in (client, other):
        sign_in(browser, user.email)
    new = "another long sentence"
    wrong = client.post("/me/password", data={"current": "no", "password": new, "repeated": new})
    assert wrong.status_code == 422
    answer = client.post("/me/password", data={"current": PASSWORD, "password": new, "repeated": new})
    assert answer.status_code == 303
    assert client.get("/me").status_code == 200
    assert other.get("/me").status_code == 303
    assert sign_in(open_client(), user.email, new).status_code == 303
