"""Erased is erased: in every table, file and search key, for this office alone, and no list brings them back."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import String, cast, or_, select
from sqlmodel import Session, col

from crm.accounts.actions.sealing import seal_journal
from crm.accounts.queries.seals import verify_journal
from crm.app import ROOMS
from crm.core.columns import now
from crm.core.db import Base, Database
from crm.core.errors import Forbidden
from crm.core.mail import Letter, post
from crm.core.settings import read_settings
from crm.core.work import Worker
from crm.imports.models import ImportFile, ImportRow
from crm.interactions.models import IncomingMail, Interaction
from crm.listings.models import Listing
from crm.people.actions.erase import erase_person
from crm.people.actions.merge import merge_people, undo_merge
from crm.people.merging import MergeForm
from crm.people.models import Holding, Person, PersonMerge
from crm.people.tombstones import tombstone_key
from crm.privacy.actions.consents import end_consents
from tests.conftest import SignIn
from tests.factories.accounts import an_actor
from tests.factories.interactions import a_contact, a_task
from tests.factories.listings import a_public_listing
from tests.factories.people import a_person

pytestmark = pytest.mark.both
ERASURE = [rule for room in ROOMS for rule in room.erasure_rules]
WITHDRAWAL = [rule for room in ROOMS for rule in room.withdrawal_rules]
TRACES = ("takase", "高瀬", "たかせ", "タカセ", "tidal")
LIST = (
    "Name,氏名,Institution,E-mail\n"
    "Mari Takase,高瀬真理,Invented Institute of Tides,mari.takase@example.org\n"
    "Ono Ken,小野健,Other Institute,ono@example.org\n"
)


@pytest.fixture(autouse=True)
def _installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Background work reads the settings of its process."""
    monkeypatch.setenv("CRM_DATA_DIR", str(tmp_path / "var"))


def erase(session: Session, actor: Any, person: Person) -> list[str]:
    end_consents(session, actor, person.id, actor.office_id, WITHDRAWAL)
    return erase_person(session, actor, person, tombstone_key(read_settings()), ERASURE)


def merged(session: Session, actor: Any, kept: Person, lost: Person) -> PersonMerge:
    form = MergeForm(other=lost.id, version=kept.version, other_version=lost.version)
    return merge_people(session, actor, kept, lost, [], form)


def traces_in(database: Database, *kept: str) -> list[str]:
    """``table: row`` for everything that still names her; ``kept``: tables that may."""
    found = []
    with database.reading() as session:
        for table in Base.metadata.sorted_tables:
            if table.name in kept:
                continue
            named = [cast(column, String).ilike(f"%{word}%") for column in table.columns for word in TRACES]
            for row in session.execute(select(table).where(or_(*named))):
                found.append(f"{table.name}: {row}")
    return found


def test_nothing_is_left_of_who_only_this_office_knew(database: Database) -> None:
    with database.writing() as session:
        boston = an_actor(session)
        listing = a_public_listing(session, boston)
        person = session.get_one(Person, listing.person_id)
        a_contact(session, boston, person, text="Takase would like to come back")
        a_task(session, boston, person, title="Send Takase the calls")
        letter = Letter("listing_request", "mari.takase@example.org", "Takase", "To Takase", "Takase", "en")
        post(session, letter, office_id=boston.office_id, person_id=person.id)
    assert len(traces_in(database)) > 15
    with database.writing() as session:
        named = [{"name": "Mari Takase", "email": "mari.takase@example.org"}]
        waiting: dict[str, Any] = {"office_id": boston.office_id, "user_id": boston.user_id}
        session.add(IncomingMail(**waiting, subject="Takase in May", addresses=named))
        session.add(IncomingMail(**waiting, subject="Another", addresses=[{"name": "", "email": "ono@example.org"}]))
        session.flush()
        assert erase(session, boston, session.get_one(Person, person.id)) == []
    assert traces_in(database) == []
    with database.reading() as session:
        assert [mail.subject for mail in session.execute(select(IncomingMail)).scalars()] == ["Another"]


@pytest.mark.parametrize("asked_for", [0, 1, 2])
def test_everybody_who_was_merged_into_a_record_goes_with_it(database: Database, asked_for: int) -> None:
    """Y into X into W, with a merge that was undone beside them: whichever id is asked for."""
    with database.writing() as session:
        boston = an_actor(session)
        people = [a_person(session, boston, full_name=f"Takase {n}", email=f"takase{n}@example.org") for n in "YXWV"]
        beside = a_person(session, boston, full_name="Ono Ken", kanji="小野 健", kana=None, latin=None, email=None,
                          family=None, given=None, institution="Elsewhere", links=())  # fmt: skip
        undo_merge(session, boston, merged(session, boston, people[2], beside).id)
        undo_merge(session, boston, merged(session, boston, beside, people[2]).id)
        for kept, lost in ((1, 0), (2, 1), (2, 3)):
            merged(session, boston, people[kept], people[lost])
        a_contact(session, boston, people[2], text="Takase")
        id, other = people[asked_for].id, beside.id
    with database.writing() as session:
        erase(session, boston, session.get_one(Person, id))
    assert traces_in(database) == []
    with database.reading() as session:
        assert session.get_one(Person, other).kanji == "小野 健"


def test_another_office_keeps_what_was_merged_into_a_record_erased_here(database: Database) -> None:
    with database.writing() as session:
        boston, tokyo = an_actor(session), an_actor(session, "university_officer", "jp-univ")
        kept, lost = a_person(session, boston), a_person(session, boston, full_name="Takase Y", email="y@example.org")
        session.add(Holding(person_id=lost.id, office_id=tokyo.office_id, since=now().date()))
        merged(session, boston, kept, lost)
    with database.writing() as session:
        erase(session, boston, session.get_one(Person, kept.id))
    with database.reading() as session:
        assert session.get_one(Person, lost.id).full_name == "Takase Y"
        assert session.get_one(Person, kept.id).full_name == ""
    with database.writing() as session:
        erase(session, tokyo, session.get_one(Person, lost.id))
    assert traces_in(database) == []


def test_the_journal_is_emptied_and_its_seals_hold(database: Database) -> None:
    key = b"a key"
    with database.writing() as session:
        boston = an_actor(session)
        person = a_person(session, boston)
    seal_journal(database, key, now() + timedelta(days=2))
    with database.writing() as session:
        erase(session, boston, session.get_one(Person, person.id))
    with database.reading() as session:
        verdict = verify_journal(session, key)
    assert (verdict.broken, verdict.emptied > 0) == (None, True)


def test_what_other_offices_hold_is_theirs(database: Database, sign_in: SignIn) -> None:
    with database.writing() as session:
        boston = an_actor(session)
        tokyo = an_actor(session, "university_officer", "jp-univ")
        person = a_person(session, boston, note="A private note")
        session.add(Holding(person_id=person.id, office_id=tokyo.office_id, since=now().date()))
        ours = a_contact(session, boston, person, text="Ours alone")
        theirs = a_contact(session, tokyo, person, text="Theirs")
    with database.writing() as session:
        erase(session, boston, session.get_one(Person, person.id))
    with database.reading() as session:
        assert session.get_one(Person, person.id).kanji == "高瀬 真理"
        assert session.get(Interaction, ours.id) is None
        assert session.get_one(Interaction, theirs.id).text == "Theirs"
    assert sign_in().get(f"/people/{person.id}").status_code == 404
    assert str(person.id) not in sign_in().get("/people?q=高瀬").text
    page = sign_in("university_officer", "jp-univ").get(f"/people/{person.id}")
    assert page.status_code == 200
    assert "A private note" not in page.text


def test_a_contact_with_others_is_left_to_be_looked_through(database: Database) -> None:
    with database.writing() as session:
        boston = an_actor(session)
        person = a_person(session, boston)
        other = a_person(
            session, boston, full_name="Ono Ken", kanji="小野 健", kana=None, latin=None, email="o@example.org"
        )
        both = a_contact(session, boston, person, other, text="Both of them")
    with database.writing() as session:
        assert erase(session, boston, session.get_one(Person, person.id)) == [f"interaction:{both.id}"]
    with database.reading() as session:
        assert session.get_one(Interaction, both.id).text == "Both of them"


def test_only_who_holds_may_erase(database: Database) -> None:
    with database.writing() as session:
        person = a_person(session, an_actor(session))
        stranger = an_actor(session, "officer", "jp-univ")
        with pytest.raises(Forbidden):
            erase(session, stranger, person)


def upload(browser: Any, worker: Worker) -> str:
    answer = browser.post(
        "/imports", files={"file": ("list.csv", BytesIO(LIST.encode()), "text/csv")}, data={"language": "en"}
    )
    assert answer.status_code == 303, answer.text
    worker.run_all()
    return str(answer.headers["location"])


def test_no_list_brings_them_back(database: Database, sign_in: SignIn, worker: Worker, settings: Any) -> None:
    desk = sign_in()
    first = upload(desk, worker)
    desk.post(f"{first}/apply")
    worker.run_all()
    with database.reading() as session:
        person = session.execute(select(Person).where(col(Person.kanji) == "高瀬真理")).scalars().one()
        [file] = session.execute(select(ImportFile)).scalars()
        kept = settings.data_dir / "imports" / str(file.id)
    assert kept.exists()
    with database.writing() as session:
        erase(session, an_actor(session), session.get_one(Person, person.id))
    worker.run_all()
    assert not kept.exists()
    assert traces_in(database) == []
    by_hand = {"full_name": "高瀬真理", "institution": "Invented Institute of Tides"}
    assert "Ask them before adding" in desk.get("/people/alike", params=by_hand).text
    page = desk.get(upload(desk, worker)).text
    assert "not taken in again" in page
    with database.reading() as session:
        rows = session.execute(select(ImportRow).order_by(col(ImportRow.id).desc()).limit(2)).scalars().all()
    assert {(row.reason, str(row.outcome)) for row in rows} == {("erased", "unreadable"), ("applied_before", "same")}
    assert traces_in(database) == []


def test_another_office_may_know_them(database: Database, sign_in: SignIn, worker: Worker) -> None:
    with database.writing() as session:
        boston = an_actor(session)
        listing = a_public_listing(session, boston)
        listing_id = listing.id
        erase(session, boston, session.get_one(Person, listing.person_id))
        session.expunge_all()
        assert session.get(Listing, listing_id) is None
    upload(sign_in("officer", "jp-univ"), worker)
    with database.reading() as session:
        assert {str(row.outcome) for row in session.execute(select(ImportRow)).scalars()} == {"new"}
