"""The public finds people in every spelling, and reads a mission's list in the mission's own order."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlmodel import col, select
from starlette.testclient import TestClient

from crm.accounts.models import Office
from crm.core.columns import new_id, now
from crm.core.db import Database
from crm.listings.models import Listing, ListingSettings, Snapshot
from crm.listings.public.index import PublicRow, index_of
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


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("", ["ABE", "Brandt", "ONO"]),
        ("nonsense", ["ABE", "Brandt", "ONO"]),
        ("institution", ["Brandt", "ABE", "ONO"]),
        ("city", ["ONO", "Brandt", "ABE"]),
        ("newest", ["Brandt", "ONO", "ABE"]),
    ],
)
def test_a_visitor_chooses_the_order(client: TestClient, database: Database, sort: str, expected: list[str]) -> None:
    """In the address, without a script, and kept like every other page."""
    with database.writing() as session:
        for slug, city, days in (("abe", None, 30), ("zoe", "Zagreb", 1), ("ono", "Aarhus", 9)):
            row = session.exec(select(Snapshot).where(col(Snapshot.slug).startswith(slug))).one()
            row.city, row.confirmed_at = city, now() - timedelta(days=days)
    page = client.get("/en/map", params={"sort": sort})
    names = re.findall(r"(?:ONO|ABE|Brandt)(?= Taro| Jiro|<)", page.text)
    assert list(dict.fromkeys(names)) == expected
    again = client.get("/en/map", params={"sort": sort}, headers={"if-none-match": page.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("sort", ["name", "institution", "city", "newest"])
def test_pages_in_any_order_show_everybody_once(sort: str) -> None:
    rows = [
        PublicRow(new_id(), f"n{n % 7}", "us-bos", "US", f"C{n % 3}" if n % 4 else None, f"I{n % 5}", None, None, "",
                  now() - timedelta(days=n % 6))
        for n in range(60)
    ]  # fmt: skip
    index = index_of(rows)
    some, order = index.matching({}), index.orders[sort]
    seen: list[UUID] = []
    key: tuple[str, ...] = ()
    while listed := some.listed(order, order.start(key) if key else 0, 7):
        seen += [id for _, id in listed]
        key = listed[-1][0]
    assert len(seen) == 60
    assert set(seen) == {row.id for row in rows}
