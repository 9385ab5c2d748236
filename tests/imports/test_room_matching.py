"""Who the rows of a list are found to be, and what nobody may learn from it."""

from pathlib import Path

import pytest
from sqlmodel import Session, select

from crm.accounts.access import Actor
from crm.core.db import Database
from crm.imports.models import ImportFile, ImportRow, Outcome
from crm.people.actions.batch import add_people
from crm.people.entries import PersonEntry
from crm.people.models import Basis, Person
from tests.factories.accounts import an_actor
from tests.factories.imports import a_list, a_read_list, an_applied_list, rows_in

pytestmark = pytest.mark.both
ORCID = "0000-0002-1825-0097"


@pytest.fixture
def boston(database: Database) -> Actor:
    with database.writing() as session:
        return an_actor(session, "attache", "us-bos")


@pytest.fixture
def paris(database: Database) -> Actor:
    with database.writing() as session:
        return an_actor(session, "attache", "fr-emb")


def known(database: Database, actor: Actor, *entries: PersonEntry) -> list[Person]:
    with database.writing() as session:
        ids = add_people(session, actor, entries, Basis.PUBLIC_LIST)
        return [session.get_one(Person, person_id) for person_id in ids]


def read_rows(database: Database, actor: Actor, folder: Path, *lines: str) -> list[ImportRow]:
    file = a_read_list(database, actor, folder, a_list(*lines))
    with database.reading() as session:
        return rows_in(session, file)


def test_an_identifier_proves_the_person_and_shows_the_differences(
    database: Database, boston: Actor, tmp_path: Path
) -> None:
    person = PersonEntry("Haruka Minase", institution="Boston University", city="Boston", orcid=ORCID)
    [stored] = known(database, boston, person)
    [row] = read_rows(
        database, boston, tmp_path, f"Haruka Minase,水瀬 遥,Tufts University,Professor,Boston,US,physics,,{ORCID}"
    )
    assert (row.outcome, row.reason, row.match_id) == (Outcome.SAME, "by_identifier", stored.id)
    assert row.differences["institution"] == ["Boston University", "Tufts University"]
    assert row.differences["title"] == [None, "Professor"]
    assert "city" not in row.differences


def test_an_address_that_the_office_knows_proves_the_person(database: Database, boston: Actor, tmp_path: Path) -> None:
    [stored] = known(database, boston, PersonEntry("Haruka Minase", email="minase@example.org"))
    [row] = read_rows(database, boston, tmp_path, "MINASE Haruka,,Tufts University,,,,,Minase@Example.org,")
    assert (row.outcome, row.reason, row.match_id) == (Outcome.SAME, "by_email", stored.id)


def test_an_address_of_another_person_waits_for_a_decision(database: Database, boston: Actor, tmp_path: Path) -> None:
    [stored] = known(database, boston, PersonEntry("Haruka Minase", email="lab@example.org"))
    [row] = read_rows(database, boston, tmp_path, "Genji Kurokawa,,Tufts University,,,,,lab@example.org,")
    assert (row.outcome, row.reason, row.match_id) == (Outcome.PERHAPS, "email_other_name", stored.id)


def test_name_and_institution_only_suggest_the_person(database: Database, boston: Actor, tmp_path: Path) -> None:
    [stored] = known(database, boston, PersonEntry("Yuuki Oono", institution="Tufts University"))
    [row, other] = read_rows(
        database, boston, tmp_path, "ONO Yuki,,Tufts University,,,,,,", "ONO Yuki,,Brown University,,,,,,"
    )
    assert (row.outcome, row.match_id) == (Outcome.PERHAPS, stored.id)
    assert row.reason
    assert "institution" in row.reason
    assert other.outcome is Outcome.NEW


def test_somebody_known_to_another_office_shows_as_known_elsewhere_and_nothing_more(
    database: Database, boston: Actor, paris: Actor, tmp_path: Path
) -> None:
    known(database, paris, PersonEntry("Haruka Minase", institution="Sorbonne Université", orcid=ORCID, email="h@x.fr"))
    [row] = read_rows(database, boston, tmp_path, f"Minase Haruka,,Tufts University,,,,,,{ORCID}")
    assert (row.outcome, row.known_elsewhere, row.match_id, row.differences) == (Outcome.NEW, True, None, {})
    assert row.reason is None
    [row] = read_rows(database, boston, tmp_path, "Minase Haruka,,Sorbonne Université,,,,,h@x.fr,")
    assert (row.outcome, row.known_elsewhere, row.match_id) == (Outcome.NEW, False, None)


def test_a_row_twice_in_a_file_makes_one_person(database: Database, boston: Actor, tmp_path: Path) -> None:
    line = "Haruka Minase,水瀬 遥,Tufts University,Professor,Medford,US,physics,,"
    file = an_applied_list(database, boston, tmp_path, a_list(line, "Genji Kurokawa,,Tufts University,,,,,,", line))
    with database.reading() as session:
        first, _, third = rows_in(session, file)
        assert (third.outcome, third.reason, third.made["first_row"]) == (Outcome.SAME, "twice_in_file", first.row)
        assert third.person_id == first.person_id
        assert len(list(session.exec(select(Person)))) == 2


def test_one_identifier_with_two_names_in_a_file_waits_for_a_decision(
    database: Database, boston: Actor, tmp_path: Path
) -> None:
    lines = [f"Haruka Minase,,Tufts University,,,,,,{ORCID}", f"Genji Kurokawa,,Brown University,,,,,,{ORCID}"]
    file = an_applied_list(database, boston, tmp_path, a_list(*lines))
    with database.reading() as session:
        first, second = rows_in(session, file)
        assert (second.outcome, second.reason) == (Outcome.PERHAPS, "identifier_twice")
        assert first.person_id
        assert second.person_id is None


def test_the_same_list_again_changes_nothing_even_without_identifiers(
    database: Database, boston: Actor, paris: Actor, tmp_path: Path
) -> None:
    data = a_list("Haruka Minase,,Tufts University,,,,,,", "Genji Kurokawa,,Brown University,,,,,,")
    an_applied_list(database, boston, tmp_path, data)
    before = content(database)
    file = an_applied_list(database, boston, tmp_path, data)
    assert content(database) == before
    assert file.counts == {"new": 0, "same": 2, "perhaps": 0, "unreadable": 0}
    assert a_read_list(database, paris, tmp_path, data).counts["new"] == 2


def content(database: Database) -> list[str]:
    """Everything about people, as text."""
    names = ("person", "person_name", "affiliation", "interest", "person_link", "contact_point", "holding")
    with database.reading() as session:
        tables = [ImportFile.metadata.tables[name] for name in names]
        return [str(row) for table in tables for row in session.execute(table.select().order_by(table.c.id))]


def test_applying_fills_only_what_is_empty(database: Database, boston: Actor, tmp_path: Path) -> None:
    [stored] = known(database, boston, PersonEntry("Haruka Minase", institution="Tufts University", orcid=ORCID))
    an_applied_list(
        database,
        boston,
        tmp_path,
        a_list(f"Minase Haruka,水瀬 遥,Tufts University,Professor,,US,physics,m@x.org,{ORCID}"),
    )
    with database.reading() as session:
        person = session.get_one(Person, stored.id)
        assert (person.full_name, person.kanji) == ("Haruka Minase", "水瀬 遥")
        assert titles(session) == ["Professor"]


def titles(session: Session) -> list[str]:
    table = ImportFile.metadata.tables["affiliation"]
    return [row.title for row in session.execute(table.select())]
