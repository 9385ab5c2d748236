"""The first page names the lists that wait for somebody, to their own office."""

from pathlib import Path

import pytest

from crm.core.db import Database
from crm.imports.models import Decision, Outcome
from crm.imports.queries.open_rows import unfinished_imports
from tests.conftest import SignIn
from tests.factories.accounts import an_actor
from tests.factories.imports import a_list, a_read_list, an_applied_list, rows_in
from tests.factories.people import a_person

pytestmark = pytest.mark.both
ALIKE = a_list("Mari Takase,,Northbridge University,,Boston,US,,,", "Daniel Okafor,,Valta Institute,,Oslo,NO,,,")


def test_a_list_waits_until_it_is_applied_and_decided(database: Database, tmp_path: Path) -> None:
    with database.writing() as session:
        boston, berlin = an_actor(session), an_actor(session, office_code="de-ber-test")
        a_person(session, boston, email=None)
    read = a_read_list(database, boston, tmp_path, a_list("Ann Lee,,Example Institute,,Oslo,NO,,,"), "new.csv")
    applied = an_applied_list(database, boston, tmp_path, ALIKE)
    with database.writing() as session:
        waiting = unfinished_imports(session, boston)
        assert {(one.file.id, one.is_new, one.rows) for one in waiting} == {(read.id, True, 0), (applied.id, False, 1)}
        assert unfinished_imports(session, berlin) == []
        [row] = [row for row in rows_in(session, applied) if row.outcome is Outcome.PERHAPS]
        row.decision = Decision.SKIP
    with database.reading() as session:
        assert [one.file.id for one in unfinished_imports(session, boston)] == [read.id]


def test_the_first_page_leads_to_it(sign_in: SignIn, database: Database, tmp_path: Path) -> None:
    desk = sign_in("attache", "us-bos")
    assert "Imports to finish" not in desk.get("/").text
    with database.writing() as session:
        actor = an_actor(session)
    file = a_read_list(database, actor, tmp_path, ALIKE, "spring.csv")
    assert f'/imports/{file.id}">spring.csv' in desk.get("/").text
