"""Filling in from ORCID, against a real server that answers as the public API does (format: API 3.0)."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, ClassVar

import pytest
from lxml import html
from sqlmodel import select
from starlette.testclient import TestClient

from crm.core.db import Database
from crm.people.models import Affiliation, Identifier, Interest, Person
from tests.conftest import SignIn
from tests.factories.accounts import an_actor
from tests.factories.people import a_person

pytestmark = pytest.mark.both
NUMBER = "0000-0002-1825-0097"
"""The example number of ORCID's own documentation."""
RECORD = {
    "orcid-identifier": {"path": NUMBER},
    "person": {
        "name": {"given-names": {"value": "Mari"}, "family-name": {"value": "Takase"}, "credit-name": None},
        "other-names": {"other-name": [{"content": "高瀬 真理"}, {"content": None}]},
        "researcher-urls": {"researcher-url": [{"url-name": "Lab", "url": {"value": "https://tides.example.org"}}]},
        "keywords": {"keyword": [{"content": "tidal energy"}, {"content": "ocean waves"}]},
    },
    "activities-summary": {
        "employments": {
            "affiliation-group": [
                {"summaries": [{"employment-summary": _ended}]}
                for _ended in [
                    {"organization": {"name": "Past Institute"}, "end-date": {"year": {"value": "2019"}}},
                    {
                        "role-title": "Professor",
                        "department-name": "Tides",
                        "end-date": None,
                        "organization": {
                            "name": "Invented Ocean Institute",
                            "address": {"city": "Woods Hole", "region": "MA", "country": "US"},
                        },
                    },
                ]
            ]
        }
    },
}


class Orcid(BaseHTTPRequestHandler):
    body = json.dumps(RECORD).encode()
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        known = self.path == f"/v3.0/{NUMBER}/record"
        self.send_response(200 if known else 404)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(self.body if known else b"{}")

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def orcid(app: Any) -> Iterator[type[Orcid]]:
    """A server of the public record; ``orcid.body`` is what it answers."""
    handler = type("Handler", (Orcid,), {"asked": []})
    server = HTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    app.state.settings = replace(app.state.settings, orcid_url=f"http://127.0.0.1:{server.server_port}/v3.0")
    yield handler
    server.shutdown()
    server.server_close()


@pytest.fixture
def desk(sign_in: SignIn) -> TestClient:
    return sign_in("attache", "us-bos")


def typed_in(text: str) -> dict[str, str]:
    page: Any = html.fromstring(text)
    return dict(page.xpath("//form[@data-guard]")[0].form_values())


def people(database: Database) -> list[Person]:
    with database.reading() as session:
        return list(session.exec(select(Person)))


def test_a_new_record_is_filled_in_and_not_stored(desk: TestClient, database: Database, orcid: type[Orcid]) -> None:
    form = typed_in(desk.get(f"/people/new?orcid=https://orcid.org/{NUMBER}").text)
    assert {name: form[name] for name in ("full_name", "kanji", "institution", "city", "country", "orcid")} == {
        "full_name": "Mari Takase", "kanji": "高瀬 真理", "institution": "Invented Ocean Institute",
        "city": "Woods Hole", "country": "US", "orcid": NUMBER,
    }  # fmt: skip
    assert form["research_fields"].split("\n")[-2:] == ["tidal energy", "ocean waves"]
    for pasted in (NUMBER, f"https://orcid.org/{NUMBER}"):
        answer = desk.post("/people/new/paste", data={"text": pasted})
        assert (answer.status_code, answer.headers["location"]) == (303, f"/people/new?orcid={NUMBER}")
    assert people(database) == []
    assert desk.post("/people", data=form).status_code == 303
    assert [person.full_name for person in people(database)] == ["Mari Takase"]


@pytest.mark.parametrize(
    ("typed", "problem"),
    [("0000-0002-1825-0098", "check"), ("0000-0001-5109-3700", "does not know this number")],
)
def test_a_wrong_or_unknown_number_is_told(desk: TestClient, orcid: type[Orcid], typed: str, problem: str) -> None:
    answer = desk.get(f"/people/new?orcid={typed}")
    assert answer.status_code == 422
    assert problem in answer.text
    assert typed in answer.text


@pytest.mark.parametrize("body", [b"<html>busy</html>", b"{" + b" " * 2_100_000 + b"}", b"[]", b'{"person": null}'])
def test_an_answer_that_is_none_leaves_an_empty_form(desk: TestClient, orcid: type[Orcid], body: bytes) -> None:
    orcid.body = body
    answer = desk.get(f"/people/new?orcid={NUMBER}")
    assert answer.status_code in (200, 422)
    assert typed_in(answer.text)["orcid"] == NUMBER


def test_a_service_that_is_away_is_told(desk: TestClient, app: Any) -> None:
    app.state.settings = replace(app.state.settings, orcid_url="http://127.0.0.1:9/v3.0")
    answer = desk.get(f"/people/new?orcid={NUMBER}")
    assert answer.status_code == 422
    assert "did not answer" in answer.text


def test_only_what_is_chosen_is_taken_over(desk: TestClient, database: Database, orcid: type[Orcid]) -> None:
    with database.writing() as session:
        mari = a_person(session, an_actor(session), orcid=NUMBER, research_fields=("Tidal Energy",))
    page: Any = html.fromstring(desk.get(f"/people/{mari.id}/orcid").text)
    offered = page.xpath("//input[@name='take']/@value")
    assert {"institution", "research_fields", "links"} <= set(offered)
    version = page.xpath("//input[@name='version']/@value")[0]
    chosen = {"version": version, "take": ["institution", "research_fields"]}
    assert desk.post(f"/people/{mari.id}/orcid", data=chosen).status_code == 303
    with database.reading() as session:
        posts = session.exec(select(Affiliation.institution).where(Affiliation.person_id == mari.id)).all()
        fields = session.exec(select(Interest.value).where(Interest.scheme == "keyword")).all()
        assert session.exec(select(Identifier.value)).all() == [NUMBER]
    assert list(posts) == ["Invented Ocean Institute"]
    assert sorted(fields) == ["Tidal Energy", "ocean waves"]
    assert people(database)[0].full_name == mari.full_name


def test_another_offices_person_is_not_asked_about(desk: TestClient, database: Database, orcid: type[Orcid]) -> None:
    with database.writing() as session:
        hidden = a_person(session, an_actor(session, office_code="uk"), orcid=NUMBER)
    assert desk.get(f"/people/{hidden.id}/orcid").status_code == 404
    assert orcid.asked == []
