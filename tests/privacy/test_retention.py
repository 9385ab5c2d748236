"""Nothing is deleted by the clock alone: proposed by night, approved by a person, kept where anybody needs it."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlmodel import Session, col

from crm.accounts.journal import record
from crm.accounts.models import JournalEntry
from crm.app import keeping
from crm.core.columns import now
from crm.core.db import Database
from crm.core.work import Worker
from crm.imports.models import ImportFile, ImportRow
from crm.people.models import Basis, Holding, Person
from crm.privacy.actions.retention import propose_all
from crm.privacy.models import LegalHold, RetentionItem, RetentionProposal
from crm.privacy.register import APART, KINDS, kinds_in_schema
from tests.conftest import SignIn
from tests.factories.accounts import an_actor
from tests.factories.interactions import a_contact, a_task
from tests.factories.listings import a_listing
from tests.factories.people import a_person

pytestmark = pytest.mark.both
LONG_AGO = now().date() - timedelta(days=500)


@pytest.fixture(autouse=True)
def _installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Background work reads the settings of its process."""
    monkeypatch.setenv("CRM_DATA_DIR", str(tmp_path / "var"))


def a_lead(session: Session, name: str, office: str = "us-bos", since: date = LONG_AGO, **said: Any) -> Person:
    """Held since long ago; nobody has touched the record lately."""
    actor = an_actor(session, office_code=office)
    email = f"{name.split(maxsplit=1)[0].lower()}@example.org"
    words: dict[str, Any] = {"kanji": None, "kana": None, "latin": None, "email": email}
    person = a_person(session, actor, said.get("basis", Basis.PUBLIC_LIST), full_name=name, **words)
    session.execute(update(Holding).where(col(Holding.person_id) == person.id).values(since=since))
    return person


def proposed(database: Database) -> list[str]:
    propose_all(keeping(), database)
    with database.reading() as session:
        ids = select(col(RetentionItem.subject_id))
        return sorted(session.execute(select(col(Person.full_name)).where(col(Person.id).in_(ids))).scalars())


def forget_the_journal(session: Session) -> None:
    """As if the records had been made long ago."""
    session.execute(update(JournalEntry).values(created_at=now() - timedelta(days=500)))


@pytest.fixture
def leads(database: Database) -> None:
    """One who may go, and each reason to stay."""
    with database.writing() as session:
        boston = an_actor(session)
        a_lead(session, "Gone Lead")
        a_lead(session, "Fresh Lead", since=now().date())
        a_lead(session, "Own Contact", basis=Basis.OWN_CONTACT)
        a_contact(session, boston, a_lead(session, "Met Lead"))
        a_task(session, boston, a_lead(session, "Promised Lead"))
        held = a_lead(session, "Held Lead")
        session.add(LegalHold(office_id=boston.office_id, person_id=held.id, reason="A dispute"))
        listing = a_listing(session, boston, full_name="Listed Lead", email="listed@example.org")
        mine = col(Holding.person_id) == listing.person_id
        session.execute(update(Holding).where(mine).values(since=LONG_AGO, basis=Basis.PUBLIC_LIST))
        forget_the_journal(session)
        touched = a_lead(session, "Touched Lead")
        record(session, boston, "changed", touched)


def test_only_what_nobody_needs_is_proposed(database: Database, leads: None) -> None:
    assert proposed(database) == ["Gone Lead"]
    assert proposed(database) == ["Gone Lead"]  # the next night adds nothing to what waits


def decide(desk: Any, database: Database, keep: bool = False) -> str:
    with database.reading() as session:
        proposal = session.execute(select(RetentionProposal)).scalars().one()
        items = [str(item.id) for item in session.execute(select(RetentionItem)).scalars()]
    address = f"/privacy/retention/{proposal.id}"
    answer = desk.post(address, data={"version": proposal.version, "items": [] if keep else items})
    assert answer.status_code == 303, answer.text
    return address


def test_approved_is_deleted_and_reported(database: Database, leads: None, sign_in: SignIn, worker: Worker) -> None:
    proposed(database)
    desk = sign_in()
    assert (
        "Gone Lead" in desk.get("/privacy/retention").text
        or "waits for your word" in desk.get("/privacy/retention").text
    )
    address = decide(desk, database)
    assert "Gone Lead" in desk.get("/people?q=gone").text  # not before the worker has run
    worker.run_all()
    assert "Gone Lead" not in desk.get("/people?q=gone").text
    assert "Gone Lead" not in desk.get(address).text
    assert "1 deleted" in desk.get("/privacy/retention").text
    with database.reading() as session:
        assert session.execute(select(Person).where(col(Person.full_name) == "Met Lead")).first()


def test_kept_is_not_proposed_again_for_a_year(
    database: Database, leads: None, sign_in: SignIn, worker: Worker
) -> None:
    proposed(database)
    decide(sign_in(), database, keep=True)
    worker.run_all()
    propose_all(keeping(), database)
    with database.reading() as session:
        assert len(session.execute(select(RetentionProposal)).all()) == 1
    with database.writing() as session:
        session.execute(update(RetentionProposal).values(decided_on=now().date() - timedelta(days=400)))
    propose_all(keeping(), database)
    with database.reading() as session:
        assert len(session.execute(select(RetentionProposal)).all()) == 2


def test_what_has_come_into_use_since_stays(database: Database, leads: None, sign_in: SignIn, worker: Worker) -> None:
    proposed(database)
    with database.writing() as session:
        gone = session.execute(select(Person).where(col(Person.full_name) == "Gone Lead")).scalars().one()
        a_contact(session, an_actor(session), gone)
    decide(sign_in(), database)
    worker.run_all()
    assert "Gone Lead" in sign_in().get("/people?q=gone").text


def test_another_office_neither_sees_nor_decides(database: Database, leads: None, sign_in: SignIn) -> None:
    proposed(database)
    with database.reading() as session:
        proposal = session.execute(select(RetentionProposal)).scalars().one()
    other = sign_in("officer", "jp-univ")
    assert "Leads without a reply" not in other.get("/privacy/retention").text.split("Rules of your office")[0]
    assert other.get(f"/privacy/retention/{proposal.id}").status_code == 404
    answer = other.post(f"/privacy/retention/{proposal.id}", data={"version": proposal.version, "items": []})
    assert answer.status_code == 404
    assert sign_in("local_staff").get("/privacy/retention").status_code == 403


def test_two_decide_at_once(database: Database, leads: None, sign_in: SignIn) -> None:
    proposed(database)
    address = decide(sign_in(), database)
    assert sign_in().post(address, data={"version": 1, "items": []}).status_code == 422


def test_an_office_sets_its_own_months(database: Database, leads: None, sign_in: SignIn) -> None:
    desk = sign_in()
    assert desk.post("/privacy/retention", data={"kind": "lead", "months": "700"}).status_code == 422
    assert desk.post("/privacy/retention", data={"kind": "lead", "months": "0"}).status_code == 303
    assert proposed(database) == []
    desk.post("/privacy/retention", data={"kind": "lead", "months": "12", "classification": "国際-1"})
    assert "国際-1" in desk.get("/privacy/retention").text
    assert proposed(database) == ["Gone Lead"]


def test_a_hold_keeps_a_record_from_erasure(database: Database, sign_in: SignIn) -> None:
    with database.writing() as session:
        person = a_person(session, an_actor(session))
    desk = sign_in()
    assert desk.post(f"/privacy/of/{person.id}/hold", data={"reason": ""}).status_code == 422
    assert desk.post(f"/privacy/of/{person.id}/hold", data={"reason": "An inquiry"}).status_code == 303
    assert "An inquiry" in desk.get("/privacy/retention").text
    assert desk.post(f"/privacy/of/{person.id}/hold", data={"reason": "Again"}).status_code == 422
    other = sign_in("officer", "jp-univ")
    assert other.get(f"/privacy/of/{person.id}").status_code == 404
    assert desk.post(f"/privacy/of/{person.id}/lift").status_code == 303
    assert "An inquiry" not in desk.get("/privacy/retention").text


def test_old_lists_lose_their_copies_and_the_people_stay(
    database: Database, sign_in: SignIn, worker: Worker, settings: Any
) -> None:
    desk = sign_in()
    files = {"file": ("old.csv", b"Name,Institution\nOno Ken,Other Institute\n", "text/csv")}
    address = desk.post("/imports", files=files, data={"language": "en"}).headers["location"]
    worker.run_all()
    desk.post(f"{address}/apply")
    worker.run_all()
    with database.writing() as session:
        session.execute(update(ImportFile).values(created_at=now() - timedelta(days=500)))
        [file] = session.execute(select(ImportFile)).scalars()
    kept = settings.data_dir / "imports" / str(file.id)
    assert kept.exists()
    propose_all(keeping(), database)
    decide(desk, database)
    worker.run_all()
    assert not kept.exists()
    assert desk.get(address).status_code == 200
    assert "Ono Ken" in desk.get("/people?q=ono").text
    with database.reading() as session:
        [row] = session.execute(select(ImportRow)).scalars()
    assert (row.original, row.fields, row.person_id is not None) == ({}, {}, True)


def test_the_register_has_words_for_every_kind_of_data_in_the_schema(sign_in: SignIn) -> None:
    assert kinds_in_schema() - KINDS.keys() - APART == set()
    page = sign_in(language="ja").get("/privacy/register").text
    assert "個人情報ファイル簿" in page and "要配慮個人情報" in page
    assert sign_in().get("/privacy/register.pdf").content.startswith(b"%PDF")
