"""Somebody of the mission in Boston at a browser, and the person whose record that office keeps."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from crm.core.db import Database
from crm.people.models import Person
from tests.factories.accounts import Post, a_post, a_session_cookie
from tests.factories.people import a_person


@pytest.fixture
def boston(database: Database, open_client: Callable[[], TestClient]) -> tuple[Post, TestClient]:
    with database.writing() as session:
        post = a_post(session)
        cookie = a_session_cookie(session, post)
    browser = open_client()
    browser.cookies.set("meguri_session", cookie)
    browser.cookies.set("meguri_language", "en")
    return post, browser


@pytest.fixture
def takase(database: Database, boston: tuple[Post, TestClient]) -> Person:
    with database.writing() as session:
        return a_person(session, boston[0].actor, email="mari.takase@example.org")
