from uuid import UUID

from sqlmodel import select

from crm.accounts.models import Office
from crm.core.db import Database
from crm.imports.models import ImportFile, ImportRow, Outcome
from crm.listings.models import Listing
from crm.people.models import Basis
from tests.conftest import SignIn
from tests.factories.accounts import an_actor
from tests.factories.people import a_person


def an_import(database: Database) -> tuple[UUID, UUID]:
    """An applied import of Boston that brought one person: ids of the file and the person."""
    with database.writing() as session:
        actor = an_actor(session, "attache", "us-bos")
        person = a_person(session, actor, basis=Basis.PUBLIC_LIST)
        office = session.exec(select(Office).where(Office.code == "us-bos")).one()
        file = ImportFile(office_id=office.id, name="list.csv", digest="-", size=1)
        session.add(file)
        session.flush()
        session.add(ImportRow(file_id=file.id, position=1, row=2, outcome=Outcome.NEW, person_id=person.id))
        return file.id, person.id


def test_everybody_of_an_import_gets_an_entry_once(sign_in: SignIn, database: Database) -> None:
    file_id, person_id = an_import(database)
    browser = sign_in("attache", "us-bos")
    for _ in range(2):
        assert browser.post(f"/listings/from-import/{file_id}").status_code == 303
    with database.reading() as session:
        assert [listing.person_id for listing in session.exec(select(Listing))] == [person_id]


def test_an_import_of_another_office_drafts_nothing(sign_in: SignIn, database: Database) -> None:
    file_id, _ = an_import(database)
    sign_in("attache", "us-sf").post(f"/listings/from-import/{file_id}")
    with database.reading() as session:
        assert session.exec(select(Listing)).all() == []
