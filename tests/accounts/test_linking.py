"""Linking one's own account to a provider that really runs, and separating it: what is asked first, what is refused."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi import FastAPI
from sqlalchemy import update
from sqlmodel import select
from starlette.testclient import TestClient

from crm.accounts.models import JournalEntry, ProviderLink, User, UserSession
from crm.accounts.passwords import hash_password
from crm.core.columns import now
from crm.core.db import Database
from crm.core.mail import OutboxLetter
from crm.core.settings import Settings
from tests.accounts.test_provider import agree, come, configured, opened
from tests.conftest import make_app
from tests.factories.accounts import a_post, an_office
from tests.factories.provider import TestProvider, a_provider

PASSWORD = "a long enough sentence"
PROOF = {"password": PASSWORD}


@pytest.fixture(scope="module")
def running() -> Iterator[TestProvider]:
    with a_provider() as provider:
        yield provider


@pytest.fixture
def provider(running: TestProvider) -> TestProvider:
    running.person = {"sub": "0001", "email": "elsewhere@example.org", "email_verified": True}
    running.spoilt, running.in_token = {}, True
    return running


@pytest.fixture
def app(settings: Settings, database: Database, running: TestProvider) -> FastAPI:
    return make_app(configured(settings, running.url), database)


@pytest.fixture
def user(database: Database) -> User:
    with database.writing() as session:
        user = a_post(session, "attache").user
        user.password_hash = hash_password(PASSWORD)
        return user


@pytest.fixture
def inside(client: TestClient, user: User) -> TestClient:
    client.post("/sign-in", data={"email": user.email, **PROOF, "next": "/me"})
    return client


def begin(client: TestClient) -> dict[str, str]:
    sent = client.post("/me/provider/link", data=PROOF)
    assert sent.status_code == 303 and "/authorize" in sent.headers["location"], sent.text
    asked = {name: values[0] for name, values in parse_qs(urlsplit(sent.headers["location"]).query).items()}
    return {"address": sent.headers["location"], **asked}


def link(client: TestClient) -> str:
    """What the page says after the way to the provider and back."""
    assert client.get(agree(begin(client))).headers["location"] == "/me"
    return client.get("/me").text


def links(database: Database) -> list[tuple[Any, str]]:
    with database.reading() as session:
        return [(each.user_id, each.subject) for each in session.exec(select(ProviderLink))]


@pytest.mark.both
def test_a_user_links_and_separates(
    inside: TestClient, provider: TestProvider, user: User, database: Database, open_client: Any
) -> None:
    assert "Link your account to The ministry" in inside.get("/me").text
    assert "This is not your present password" in inside.post("/me/provider/link", data={"password": "wrong"}).text
    assert "has been linked to The ministry" in link(inside)
    assert "Linked to The ministry since" in inside.get("/me").text
    assert links(database) == [(user.id, "0001")]
    beside = open_client()
    assert opened(come(beside)), "whichever address it has"
    assert "linked already" in inside.get(inside.post("/me/provider/link", data=PROOF).headers["location"]).text
    assert inside.post("/me/provider/unlink", data={"password": "wrong"}).status_code == 422
    assert beside.get("/me").status_code == 200
    assert inside.post("/me/provider/unlink", data=PROOF).status_code == 303
    assert (inside.get("/me").status_code, beside.get("/me").status_code) == (200, 303)
    assert come(beside).status_code == 403
    assert inside.post("/me/provider/unlink", data=PROOF).status_code == 404
    with database.reading() as session:
        lines = [line.verb for line in session.exec(select(JournalEntry)) if line.subject_kind == "provider_link"]
        told = [letter.kind for letter in session.exec(select(OutboxLetter).where(OutboxLetter.to == user.email))]
    assert (lines, told) == (["linked", "unlinked"], ["provider_linked", "provider_unlinked"])


def test_an_identity_of_somebody_else_is_refused_without_a_name(
    inside: TestClient, provider: TestProvider, database: Database, open_client: Any
) -> None:
    with database.writing() as session:
        other = a_post(session, "attache").user
    provider.person["email"] = other.email
    assert opened(come(open_client()))
    said = link(inside)
    assert "cannot be linked to yours" in said
    assert other.email not in said
    assert links(database) == [(other.id, "0001")]


@pytest.mark.both
def test_what_was_begun_in_one_session_ends_in_no_other(
    inside: TestClient, provider: TestProvider, user: User, database: Database, open_client: Any
) -> None:
    """Neither the victim's browser with the attacker's answer, nor a session that has ended, nor twice."""
    other = open_client()
    other.post("/sign-in", data={"email": user.email, **PROOF, "next": "/me"})
    back = agree(begin(other))
    assert inside.get(back).status_code == 422
    inside.cookies.set("meguri_asked", other.cookies["meguri_asked"])
    assert "could not be accepted" in inside.get(inside.get(back).headers["location"]).text
    assert other.get(back).status_code == 422
    back = agree(begin(inside))
    inside.post("/sign-out")
    assert inside.get(back).status_code == 303 and inside.get("/me").status_code == 303
    assert links(database) == []


def test_an_office_that_asks_for_the_provider_keeps_it(
    inside: TestClient, provider: TestProvider, user: User, database: Database
) -> None:
    """And a password of a second office, which does not ask, is no way to bring in an identity of one's own."""
    with database.writing() as session:
        an_office(session).provider_required = True
    assert inside.get("/me/provider/link").headers["location"] == "/me/provider"
    assert inside.post("/me/provider/link", data=PROOF).status_code == 403
    provider.person["email"] = user.email
    assert opened(come(inside))
    kept = inside.post("/me/provider/unlink", data=PROOF)
    assert kept.status_code == 422 and "asks its members to sign in through" in kept.text
    assert links(database) == [(user.id, "0001")]


def test_the_only_way_in_stays_and_an_old_session_proves_nothing(
    client: TestClient, provider: TestProvider, database: Database
) -> None:
    with database.writing() as session:
        user = a_post(session, "attache").user
    provider.person["email"] = user.email
    assert opened(come(client))
    assert "This is your only way in" in client.post("/me/provider/unlink").text
    with database.writing() as session:
        session.execute(update(UserSession).values(created_at=now() - timedelta(minutes=11)))
    assert "Please sign out and in again first" in client.post("/me/provider/unlink").text
    assert links(database) == [(user.id, "0001")]


def test_only_addresses_of_its_own_domains(
    inside: TestClient, provider: TestProvider, app: FastAPI, settings: Settings, database: Database
) -> None:
    app.state.settings = configured(settings, provider.url, domains=("mofa.example",))
    assert "does not speak for addresses of example.org" in link(inside)
    assert links(database) == []
