"""The public finds people in every spelling, and reads a mission's list in the mission's own order."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import select
from starlette.testclient import TestClient

from crm.accounts.models import Office
from crm.core.columns import now
from crm.core.db import Database
from crm.listings.models import Listing, ListingSettings
from tests.factories.accounts import an_actor
from tests.factories.listings import a_public_listing

pytestmark = pytest.mark.both
PEOPLE: list[dict[str, Any]] = [
    {"full_name": "ONO Taro", "family": "Ono", "given": "Taro", "kanji": "大野 太郎", "kana": "オオノ タロウ",
     "latin": "ONO Taro", "institution": "Zeta College", "research_fields": ("cancer immunology",)},
    {"full_name": "ABE Jiro", "family": "Abe", "given": "Jiro", "kanji": "阿部 次郎", "kana": "アベ ジロウ",
     "latin": "ABE Jiro", "institution": "Mu College", "research_fields": ("robotics",)},
    {"full_name": "Zoë Brandt", "family": "Brandt", "given": "Zoë", "kanji": None, "kana": None,
     "latin": "Zoë Brandt", "institution": "Alpha College", "research_fields": ("zoology",)},
]  # fmt: skip


@pytest.fixture(autouse=True)
def listed(database: Database) -> None:
    with database.writing() as session:
        actor = an_actor(session)
        for number, said in enumerate(PEOPLE):
            a_public_listing(session, actor, **said, email=f"p{number}@example.org", links=())


@pytest.mark.parametrize("typed", ["大野", "おおの", "オオノ", "Ohno", "Ono", "Ōno", "がん免疫", "cancer", "zeta"])
def test_every_spelling_finds_the_entry_and_nobody_else(client: TestClient, typed: str) -> None:
    page = client.get("/en/map", params={"q": typed}).text
    assert "ONO Taro" in page
    assert "ABE Jiro" not in page


@pytest.mark.parametrize("typed", ["p0@example.org", "Tide Laboratory secret", "!?"])
def test_what_is_not_public_finds_nobody(client: TestClient, typed: str) -> None:
    page = client.get("/en/map", params={"q": typed}).text
    assert not any(said["full_name"] in page for said in PEOPLE)


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("institution", ["Brandt", "ABE", "ONO"]),
        ("field", ["ONO", "ABE", "Brandt"]),
        ("kana", ["ABE", "ONO", "Brandt"]),
        ("latin", ["ABE", "Brandt", "ONO"]),
    ],
)
def test_the_missions_own_order(client: TestClient, database: Database, order: str, expected: list[str]) -> None:
    client.get("/en/missions/us-bos")
    with database.writing() as session:
        office = session.exec(select(Office.id).where(Office.code == "us-bos")).one()
        kept = session.exec(select(ListingSettings).where(ListingSettings.office_id == office)).first()
        kept = kept or ListingSettings(office_id=office)
        kept.order = order
        session.add(kept)
    for address in ("/en/missions/us-bos", "/en/embed/us-bos"):
        page = client.get(address).text
        names = re.findall(r"(?:ONO|ABE|Brandt)(?= Taro| Jiro|<)", page)
        assert list(dict.fromkeys(names)) == expected, address
    assert client.get("/en/missions/us-bos/list.pdf").content.startswith(b"%PDF")


@pytest.mark.parametrize(("grace", "late", "shown"), [(90, 60, True), (90, 91, False), (7, 6, True), (7, 8, False)])
def test_an_entry_stays_for_its_missions_own_days_of_grace(
    client: TestClient, database: Database, grace: int, late: int, shown: bool
) -> None:
    assert "ONO Taro" in client.get("/en/map").text
    with database.writing() as session:
        office = session.exec(select(Office.id).where(Office.code == "us-bos")).one()
        session.add(ListingSettings(office_id=office, grace_days=grace))
        session.execute(update(Listing).values(confirm_by=now() - timedelta(days=late)))
    assert ("ONO Taro" in client.get("/en/map").text) is shown
