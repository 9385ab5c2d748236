"""Lists of business cards: read as Eight and Sansan write them, and each exchange a contact of its day, if wanted."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from crm.accounts.journal import record
from crm.core.dates import day_in
from crm.core.db import Database
from crm.core.work import Worker
from crm.imports.models import ImportFile, ImportState, Outcome
from crm.interactions.models import Interaction, InteractionKind, Participant
from crm.people.models import Basis, ContactKind, ContactPoint, Holding, Interest, Person, PersonTag, Sector, Tag
from tests.factories.accounts import Post, a_post, a_session_cookie
from tests.factories.cards import EIGHT, SANSAN
from tests.factories.interactions import a_contact
from tests.factories.people import a_person
from tests.imports.reading_lists import entries_of, people_of, understand, written


def test_what_eight_writes_is_read_as_eight_means_it(tmp_path: Path) -> None:
    guess, found = understand(written(tmp_path, "eight.csv", EIGHT))
    assert [column.field for column in guess.columns][-6:] == ["met_on", *["ignore"] * 3, "tags", "tags"]
    first, abroad, ministry, university, again = people_of(found)
    assert (first.full_name, first.institution, first.title) == ("篠崎 遥", "株式会社みなと計測", "部長")
    assert first.unit == "研究開発本部 計測第二部"
    assert (first.phone, first.more_phones) == ("03-0000-1111", ["090-0000-2222"])
    assert (first.city, first.country) == ("港区", "JP")
    assert first.address == "〒105-0001 東京都港区架空町1-2-3 みなとビル5F"
    assert (first.met_on, again.met_on) == ("2026-05-26", "2026-09-03")
    assert (abroad.institution, abroad.city, abroad.country) == ("Harbor Optics, Inc.", "Cambridge", "US")
    assert abroad.tags == ["ボストン交流会", "大学関係者"]
    said = [one.sector for one in (first, abroad, ministry, university)]
    assert said == ["industry", "industry", "government", "academia"]
    assert not any(one.research_fields for one in people_of(found))
    assert university.met_on is None and entries_of(found)[3].doubts == ["day_unclear"]


def test_what_sansan_writes_is_read_with_its_parts_put_together(tmp_path: Path) -> None:
    _guess, found = understand(written(tmp_path, "名刺.csv", SANSAN))
    [card] = people_of(found)
    assert (card.family, card.given, card.kana) == ("有馬", "千尋", "アリマ チヒロ")
    assert (card.institution, card.unit, card.title) == ("㈱北浜量子", "量子計算部", "主任研究員")
    assert (card.city, card.country) == ("大阪市中央区", "JP")
    assert card.address == "〒541-0041 大阪府大阪市中央区架空1-1北浜ビル"
    assert [card.phone, *card.more_phones] == ["06-0000-0001", "06-0000-0002", "080-0000-0003"]
    assert (card.met_on, card.tags, card.sector) == ("2026-06-02", ["量子", "共同研究"], "industry")
    assert card.note == "展示会で面談。\n来年度の共同研究を希望"


def test_a_list_without_such_a_day_is_no_list_of_cards(tmp_path: Path) -> None:
    text = "氏名,会社名,TEL,交流会\n篠崎 遥,株式会社みなと計測,03-0000-1111,1\n大河内 望,株式会社みなと計測,,1\n"
    guess, found = understand(written(tmp_path, "list.csv", text))
    assert "tags" not in [column.field for column in guess.columns]
    assert {one.sector for one in people_of(found)} == {None}


@pytest.fixture
def boston(database: Database, open_client: Callable[[], TestClient]) -> tuple[Post, TestClient]:
    with database.writing() as session:
        post = a_post(session)
        cookie = a_session_cookie(session, post)
    browser = open_client()
    browser.cookies.set("meguri_session", cookie)
    browser.cookies.set("meguri_language", "en")
    return post, browser


def send(browser: TestClient, worker: Worker, data: bytes = EIGHT) -> str:
    where = str(browser.post("/imports", files={"file": ("cards.csv", data)}, data={}).headers["location"])
    worker.run_all()
    return where


def applied(browser: TestClient, worker: Worker, where: str, *, meetings: bool = True) -> str:
    browser.post(f"{where}/apply", data={"meetings": "true"} if meetings else {})
    worker.run_all()
    return browser.get(where).text


def meetings(session: Session) -> list[tuple[str, date, str]]:
    rows = session.execute(
        select(col(Person.full_name), col(Interaction.day), col(Interaction.text))
        .join(Participant, col(Participant.person_id) == col(Person.id))
        .join(Interaction, col(Interaction.id) == col(Participant.interaction_id))
        .where(col(Interaction.kind) == InteractionKind.MET)
        .order_by(col(Interaction.day))
    )
    return [(name, day, text) for name, day, text in rows]


@pytest.mark.both
def test_an_exchange_becomes_a_contact_the_same_file_changes_nothing_and_all_of_it_is_undone(
    boston: tuple[Post, TestClient], worker: Worker, database: Database
) -> None:
    browser = boston[1]
    where = send(browser, worker)
    preview = browser.get(where).text
    assert "Note each exchange of cards as a contact of that day" in preview and "checked" in preview
    assert day_in(date(2026, 5, 26), "en") in preview and "Industry" in preview
    applied(browser, worker, where)
    said = "Business cards were exchanged."
    with database.reading() as session:
        assert meetings(session) == [
            ("篠崎 遥", date(2026, 5, 26), said),
            ("Emi Larsen", date(2026, 5, 27), said),
            ("大河内 望", date(2026, 6, 7), said),
            ("篠崎 遥", date(2026, 9, 3), said),
        ]
        [person] = session.exec(select(Person).where(Person.full_name == "篠崎 遥"))
        assert person.sector is Sector.INDUSTRY
        assert {held.basis for held in session.exec(select(Holding))} == {Basis.OWN_CONTACT}
        points = session.exec(select(ContactPoint).where(ContactPoint.person_id == person.id))
        kinds = sorted(point.kind for point in points)
        assert kinds == [ContactKind.EMAIL, ContactKind.PHONE, ContactKind.PHONE, ContactKind.POST]
        assert sorted(session.exec(select(Tag.name))) == ["ボストン交流会", "大学関係者"]
        assert len(list(session.exec(select(PersonTag)))) == 4
        assert list(session.exec(select(Interest))) == []
    again = send(browser, worker)
    applied(browser, worker, again)
    with database.reading() as session:
        assert len(meetings(session)) == 4 and len(list(session.exec(select(PersonTag)))) == 4
    assert browser.post(f"{again}/undo").status_code == 303
    assert browser.post(f"{where}/undo").status_code == 303
    with database.reading() as session:
        for model in (Person, Interaction, Participant, PersonTag, Tag, ContactPoint):
            assert list(session.exec(select(model))) == [], model


@pytest.mark.both
def test_contacts_are_noted_for_known_people_once_and_stay_when_somebody_has_written_on_them(
    boston: tuple[Post, TestClient], worker: Worker, database: Database
) -> None:
    post, browser = boston
    with database.writing() as session:
        known = a_person(session, post.actor, full_name="篠崎 遥", email="haruka.shinozaki@example.org")
        contact = a_contact(session, post.actor, known)
        contact.kind, contact.day = InteractionKind.MET, date(2026, 5, 26)
    where = send(browser, worker)
    applied(browser, worker, where)
    with database.reading() as session:
        ours = [(day, text) for name, day, text in meetings(session) if name == "篠崎 遥"]
        assert [day for day, _text in ours] == [date(2026, 5, 26), date(2026, 9, 3)]
        assert ours[0][1] != "Business cards were exchanged."
    with database.writing() as session:
        [noted] = session.exec(select(Interaction).where(Interaction.day == date(2026, 9, 3)))
        record(session, post.actor, "changed", noted, {"text": "What was said"})
    assert "contacts that were changed since (1)" in browser.get(f"{where}/undo").text
    assert browser.post(f"{where}/undo").status_code == 409
    with database.reading() as session:
        [file] = session.exec(select(ImportFile))
        assert file.state is ImportState.APPLIED
        assert file.counts[Outcome.SAME] == 2


def test_without_the_tick_nobody_was_met(boston: tuple[Post, TestClient], worker: Worker, database: Database) -> None:
    where = send(boston[1], worker, SANSAN)
    applied(boston[1], worker, where, meetings=False)
    with database.reading() as session:
        assert meetings(session) == []
        assert [person.full_name for person in session.exec(select(Person))] == ["有馬 千尋"]
