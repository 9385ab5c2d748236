"""The databases of the tests are what they say."""

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from crm.accounts.models import Office
from crm.core.db import Database
from tests.factories.accounts import an_office

pytestmark = pytest.mark.both


def test_a_test_starts_with_a_database_of_its_own(database: Database, request: pytest.FixtureRequest) -> None:
    assert database.engine.dialect.name in request.node.name
    with database.writing() as session:
        an_office(session, "xx-mine")
        session.execute(text("select 1"))


def test_what_another_test_wrote_is_not_there(session: Session) -> None:
    assert session.exec(select(Office).where(Office.code == "xx-mine")).first() is None
