"""A fuzzer that knows nothing but the OpenAPI document finds no fault of ours and no answer that is not declared."""

import warnings
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from crm.core.db import Database
from tests.factories.accounts import a_post, a_token, an_actor
from tests.factories.interactions import a_contact, a_task
from tests.factories.listings import a_public_listing
from tests.factories.people import a_person

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import schemathesis
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi.checks import (
        content_type_conformance,
        response_schema_conformance,
        status_code_conformance,
    )

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
pytestmark = [pytest.mark.both, pytest.mark.long]
EXAMPLES = 20
"""On each database: together they cost as much as 40 on one."""
NEGATIVE = schemathesis.GenerationMode.NEGATIVE


@pytest.fixture
def program(app: FastAPI, database: Database) -> Iterator[tuple[TestClient, dict[str, str]]]:
    """With a token of every scope, among rows of its own office and of another."""
    with database.writing() as session:
        secret = a_token(session, a_post(session, "attache"))
        for office in ("us-bos", "jp-univ"):
            actor = an_actor(session, office_code=office)
            person = a_person(session, actor, email=f"{office}@example.org")
            a_contact(session, actor, person)
            a_task(session, actor, person)
        a_public_listing(session, an_actor(session))
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client, {"Authorization": f"Bearer {secret}"}


def operations(client: TestClient) -> list[Any]:
    document = client.get("/api/v1/openapi.json").json()
    schema = schemathesis.openapi.from_dict(document)
    found: list[Any] = list(schema.get_all_operations())
    return [one.ok() for one in found]


def test_every_operation_keeps_its_word(program: tuple[TestClient, dict[str, str]]) -> None:
    client, headers = program
    asked = operations(client)
    assert len(asked) == 18
    statuses: set[int] = set()

    def hold(case: Any) -> None:
        asked_with = case.as_transport_kwargs(base_url="http://testserver", headers=headers)
        asked_with.pop("cookies", None)
        if "data" in asked_with:
            asked_with["content"] = asked_with.pop("data")
        answer = client.request(**asked_with)
        statuses.add(answer.status_code)
        case.validate_response(schemathesis.Response.from_any(answer), checks=CHECKS)

    for operation in asked:

        @hypothesis.settings(
            max_examples=EXAMPLES, derandomize=True, database=None, deadline=None,
            suppress_health_check=list(hypothesis.HealthCheck),
        )  # fmt: skip
        @hypothesis.given(case=operation.as_strategy() | operation.as_strategy(generation_mode=NEGATIVE))
        def keeps_its_word(case: Any) -> None:
            hold(case)

        keeps_its_word()
    add = next(one for one in asked if one.label == "POST /api/v1/people")
    hold(add.Case(body={"full_name": "Ono Ken"}, media_type="application/json"))  # what is right is rarely drawn
    assert {200, 201, 404, 422} <= statuses
    assert max(statuses) < 500
