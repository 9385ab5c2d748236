"""What stands around every page: the cross-site check, headers, limits, and a log without secrets."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from sqlmodel import select
from starlette.testclient import TestClient

from crm.app import create_app
from crm.core.db import Database
from crm.core.settings import Settings, read_settings
from crm.people.models import Person
from tests.conftest import SignIn
from tests.factories.accounts import an_actor
from tests.factories.listings import a_door, a_listing

TYPED = {"full_name": "Ada Beispiel", "sector": "academia", "basis": "own_contact"}


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {},
    ],
)
def test_a_form_of_another_site_writes_nothing(sign_in: SignIn, database: Database, headers: dict[str, str]) -> None:
    desk = sign_in()
    desk.headers.pop("origin", None)
    desk.headers.pop("sec-fetch-site", None)
    answer = desk.post("/people", data=TYPED, headers=headers)
    assert answer.status_code == 403
    assert "from another site" in answer.text
    with database.reading() as session:
        assert session.exec(select(Person)).all() == []


def test_the_refusal_is_in_the_readers_language(client: TestClient) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Accept-Language": "ja", "Cookie": "x=1"}
    assert "別のサイト" in client.post("/sign-in", data={}, headers=headers).text


def test_a_body_that_is_too_large_is_refused_before_it_is_read(client: TestClient) -> None:
    headers = {"Content-Length": str(31 * 1024 * 1024), "Sec-Fetch-Site": "same-origin"}
    answer = client.post("/sign-in", content=b"x", headers=headers)
    assert answer.status_code == 413
    assert "30 MB" in answer.text


@pytest.mark.parametrize("path", ["/en/map", "/sign-in", "/nowhere", "/health"])
def test_every_answer_has_the_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_cookies_of_a_site_with_https_are_bound_to_it(settings: Settings, database: Database) -> None:
    app = create_app(replace(settings, base_url="https://meguri.example.org"))
    with TestClient(app, base_url="https://meguri.example.org") as client:
        assert "max-age=" in client.get("/en/map").headers["Strict-Transport-Security"]


def test_the_log_names_routes_and_no_secrets(
    client: TestClient, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    with database.writing() as session:
        door = a_door(session, a_listing(session, an_actor(session)).id)
    assert client.get(door).status_code == 200
    written = "".join(capsys.readouterr())
    assert "listings:door" in written
    assert door.rsplit("/", 1)[-1] not in written


def test_a_database_that_is_away_is_told_as_such(tmp_path: Path) -> None:
    gone = read_settings({"CRM_DATA_DIR": str(tmp_path), "CRM_DATABASE_URL": f"sqlite:///{tmp_path}/no/such/file"})
    app: FastAPI = create_app(gone)
    client: Any = TestClient(app, raise_server_exceptions=False)
    answer = client.get("/en/map")
    assert answer.status_code == 503
    assert "Nothing was changed" in answer.text
