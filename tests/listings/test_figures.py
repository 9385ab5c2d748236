"""Headquarters read figures of what is public, and nothing of anybody."""

import re

import pytest

from crm.core.db import Database
from tests.conftest import SignIn
from tests.factories.accounts import an_actor
from tests.factories.listings import a_listing, a_public_listing

pytestmark = pytest.mark.both


def test_headquarters_see_how_many_are_public_by_which_rule(sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        actor = an_actor(session)
        a_public_listing(session, actor, full_name="Ann Shown", email="ann@example.org")
        a_public_listing(session, actor, full_name="Bo Shown", email="bo@example.org")
        a_listing(session, actor, full_name="Cy Hidden", email="cy@example.org")
    page = sign_in("hq_reader", "mofa").get("/").text
    figures = re.findall(r'<span class="strong">(\d+)</span>', page)
    assert figures == ["2", "2", "1", "1"]
    assert "Nothing waits here" not in page and "Source: the public PI Map" in page and "Shown" not in page
    assert "in figures" not in sign_in("attache", "us-bos").get("/").text
