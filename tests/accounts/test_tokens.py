"""Programs at the door: tokens made by hand, shown once, opening no more than their scopes, dying with the post."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from crm.accounts.access import token_hash
from crm.accounts.models import AccessToken, Membership
from crm.core.columns import now
from crm.core.db import Database
from tests.conftest import SignIn
from tests.factories.accounts import Post, a_post, a_token

pytestmark = pytest.mark.both
PEOPLE = "/api/v1/people"


@pytest.fixture
def post(database: Database) -> Post:
    with database.writing() as session:
        return a_post(session, "attache")


def bearer(database: Database, post: Post, *scopes: str) -> dict[str, str]:
    with database.writing() as session:
        return {"Authorization": f"Bearer {a_token(session, post, *scopes)}"}


def test_a_token_is_made_shown_once_and_revoked(sign_in: SignIn, client: TestClient, database: Database) -> None:
    owner = sign_in()
    made = owner.post("/me/tokens", data={"name": "Nightly", "scopes": ["people:read"], "days": "30"})
    found = re.search(r"meguri_[\w-]{40,}", made.text)
    assert found
    secret = found[0]
    assert secret not in owner.get("/me/tokens").text
    with database.reading() as session:
        [token] = session.exec(select(AccessToken)).all()
    assert token.token_hash == token_hash(secret)
    headers = {"Authorization": f"Bearer {secret}"}
    assert client.get(PEOPLE, headers=headers).status_code == 200
    with database.reading() as session:
        assert session.exec(select(AccessToken)).one().last_used_on == now().date()
    assert sign_in().post(f"/me/tokens/{token.id}/revoke").status_code == 404  # somebody else's
    assert owner.post(f"/me/tokens/{token.id}/revoke").status_code == 303
    assert client.get(PEOPLE, headers=headers).status_code == 401


@pytest.mark.parametrize("wrong", [{"name": ""}, {"scopes": []}, {"scopes": ["everything"]}, {"days": "4000"}])
def test_what_is_wrong_is_said(sign_in: SignIn, wrong: dict[str, Any]) -> None:
    answer = sign_in().post("/me/tokens", data={"name": "x", "scopes": ["people:read"], "days": "30", **wrong})
    assert answer.status_code == 422


def test_without_a_valid_token_nothing_opens(
    client: TestClient, sign_in: SignIn, database: Database, post: Post
) -> None:
    for headers in ({}, {"Authorization": "Bearer meguri_no"}, {"Authorization": "Basic eDp5"}):
        answer = client.get(PEOPLE, headers=headers)
        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["www-authenticate"] == "Bearer"
    assert sign_in().get(PEOPLE).status_code == 401  # a cookie opens nothing here


def test_a_token_ends(client: TestClient, database: Database, post: Post) -> None:
    headers = bearer(database, post, "people:read")
    assert client.get(PEOPLE, headers=headers).status_code == 200
    with database.writing() as session:
        token = session.exec(select(AccessToken)).one()
        token.expires_at = now() - timedelta(minutes=1)
    assert client.get(PEOPLE, headers=headers).status_code == 401


def test_a_token_dies_with_the_post(client: TestClient, database: Database, post: Post) -> None:
    headers = bearer(database, post, "people:read")
    with database.writing() as session:
        session.get_one(Membership, post.membership.id).until = now().date() - timedelta(days=1)
    assert client.get(PEOPLE, headers=headers).status_code == 401


def test_a_scope_is_not_enough_without_the_role_and_the_role_not_without_the_scope(
    client: TestClient, database: Database, post: Post
) -> None:
    assert client.get(PEOPLE, headers=bearer(database, post, "tasks:read")).status_code == 403
    with database.writing() as session:
        reader = a_post(session, "fellow")
    headers = bearer(database, reader, "people:write")
    assert client.post(PEOPLE, headers=headers, json={"full_name": "x"}).status_code == 403
