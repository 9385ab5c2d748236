"""Whoever withdraws is gone from every output at the next request, also where it was kept a moment ago."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pdfplumber
import pytest
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from crm.core.columns import now
from crm.core.db import Database
from crm.listings.models import Listing, Snapshot
from tests.factories.snapshots import a_listed, an_entry, withdraw

NAME = "SHIRANUI Towako"
LATIN = "SHIRANUI"
OUTPUTS = [
    "/ja/map",
    "/en/map",
    "/en/map?q=shiranui",
    "/en/missions/us-bos",
    "/ja/embed/us-bos",
    "/en/shortlist?ids=towako",
    "/open/people.csv",
    "/open/people.json",
    "/open/people.geojson",
    "/open/changes.atom",
    "/sitemap.xml",
]


@pytest.fixture
def listed(database: Database) -> Snapshot:
    names = {"full_name": NAME, "latin": NAME}
    with database.writing() as session:
        a_listed(session, an_entry(), bulk_reuse=True)
        entry = an_entry(names=names)
        return a_listed(session, entry, slug="towako", bulk_reuse=True, search_engines=True)


def shown(client: TestClient, address: str) -> bool:
    text = client.get(address).text
    return LATIN in text.split("<main", 1)[-1].replace('value="shiranui"', "") or "/towako" in text


def printed(client: TestClient) -> str:
    with pdfplumber.open(BytesIO(client.get("/en/missions/us-bos/list.pdf").content)) as document:
        return "".join(page.extract_text() for page in document.pages)


def leave(database: Database, snapshot: Snapshot) -> None:
    with database.writing() as session:
        withdraw(session, snapshot)


def lapse(database: Database, snapshot: Snapshot) -> None:
    with database.writing() as session:
        listing = session.get_one(Listing, snapshot.listing_id)
        listing.confirm_by = now() - timedelta(days=31)


def hide(database: Database, snapshot: Snapshot) -> None:
    with database.writing() as session:
        kept = session.exec(select(Snapshot).where(col(Snapshot.id) == snapshot.id)).one()
        kept.public = False


def erase(database: Database, snapshot: Snapshot) -> None:
    with database.writing() as session:
        session.delete(session.get_one(Snapshot, snapshot.id))


@pytest.mark.both
@pytest.mark.parametrize("end", [leave, lapse, hide, erase])
def test_no_output_shows_somebody_who_has_left(
    client: TestClient, database: Database, listed: Snapshot, end: Callable[[Database, Snapshot], None]
) -> None:
    assert [address for address in OUTPUTS if not shown(client, address)] == []
    etag = client.get("/en/map").headers["etag"]
    end(database, listed)
    assert [address for address in OUTPUTS if shown(client, address)] == []
    assert client.get("/en/map", headers={"if-none-match": etag}).status_code == 200


def test_the_totals_and_the_printed_list_follow_a_withdrawal(
    client: TestClient, database: Database, listed: Snapshot
) -> None:
    before = client.get("/open/totals.json").json()
    assert LATIN in printed(client)
    leave(database, listed)
    after = client.get("/open/totals.json").json()
    assert (before["total"], after["total"]) == (2, 1)
    assert before["missions"] == {"us-bos": 2} and after["missions"] == {"us-bos": 1}
    assert client.get("/open/totals.csv").text.splitlines()[1] == "total,,1"
    assert LATIN not in printed(client) and "KAKUU" in printed(client)


def test_the_page_of_somebody_who_left_says_gone_and_no_name(
    client: TestClient, database: Database, listed: Snapshot
) -> None:
    assert client.get("/en/map/towako").status_code == 200
    leave(database, listed)
    answer = client.get("/en/map/towako")
    assert answer.status_code == 410
    assert LATIN not in answer.text


def test_an_entry_that_was_never_published_does_not_say_that_it_exists(client: TestClient, session: Session) -> None:
    draft = a_listed(session, slug="draft", public=False)
    session.get_one(Listing, draft.listing_id).published_at = None
    session.commit()
    assert client.get("/en/map/draft").status_code == 404
    assert "draft" not in client.get("/open/changes.atom").text


def test_the_change_feed_names_who_left_by_id_alone(client: TestClient, database: Database, listed: Snapshot) -> None:
    leave(database, listed)
    feed = client.get("/open/changes.atom").text
    assert f"urn:uuid:{listed.id}" in feed
    assert 'term="withdrawn"' in feed
    assert LATIN not in feed and "towako" not in feed
