"""What a messenger shows of a public event: words in its head, and a picture that is drawn once."""

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from starlette.testclient import TestClient

from crm.core.db import Database
from crm.core.settings import Settings
from crm.events.models import Event
from tests.factories.accounts import an_actor
from tests.factories.events import an_event

pytestmark = pytest.mark.both


def public(database: Database, **said: Any) -> Event:
    with database.writing() as session:
        return an_event(session, an_actor(session), **{"is_public": True, **said})


def drawn(settings: Settings) -> list[Path]:
    return sorted((settings.data_dir / "share").glob("*"))


def test_the_page_says_what_messengers_ask(
    client: TestClient, database: Database, count_queries: Callable[[Database], Any]
) -> None:
    event = public(database)
    page = client.get(f"/ja/events/{event.id}").text
    said = dict(re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)">', page))
    assert said["og:title"] == said["twitter:title"] == "研究者交流会"
    assert said["og:url"].endswith(f"/ja/events/{event.id}") and said["og:url"].startswith("http")
    assert said["og:image"] == said["twitter:image"] == f"{said['og:url']}/share.png?v={event.version}"
    assert (said["twitter:card"], said["og:locale"]) == ("summary_large_image", "ja_JP")
    assert "架空会館" in said["og:description"]
    with count_queries(database) as statements:
        assert client.get(f"/ja/events/{event.id}").status_code == 200
    assert len(statements) == 1, statements


def test_the_picture_is_drawn_once_for_what_it_says(client: TestClient, database: Database, settings: Settings) -> None:
    event = public(database)
    address = f"/ja/events/{event.id}/share.png"
    first = client.get(address)
    assert (first.status_code, first.headers["content-type"]) == (200, "image/png")
    picture = Image.open(io.BytesIO(first.content))
    assert (picture.size, picture.format) == ((1200, 630), "PNG")
    [kept] = drawn(settings)
    made = kept.stat().st_mtime_ns
    assert client.get(f"{address}?v=anything").content == first.content
    assert [path.stat().st_mtime_ns for path in drawn(settings)] == [made]
    again = client.get(address, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    with database.writing() as session:
        session.get_one(Event, event.id).title = {"ja": "別の会"}
    other = client.get(address)
    assert other.headers["etag"] != first.headers["etag"] and other.content != first.content
    [newer] = drawn(settings)  # what it said before is gone
    assert newer != kept


def test_what_is_not_public_has_no_picture(client: TestClient, database: Database) -> None:
    event = public(database, is_public=False)
    assert client.get(f"/en/events/{event.id}/share.png").status_code == 404


def test_the_link_of_a_poster_meets_people_in_their_language(client: TestClient, database: Database) -> None:
    event = public(database, languages=["ja", "en", "fr"])
    shut = public(database, is_public=False)

    def led(accepted: str, query: str = "source=poster", **more: Any) -> str:
        headers = {"accept-language": accepted}
        answer = client.get(f"/events/{event.id}/open?{query}", headers=headers, follow_redirects=False, **more)
        assert answer.status_code == 303 and answer.headers["vary"] == "Accept-Language"
        return answer.headers["location"].replace(str(event.id), "…")

    assert led("fr-CA,fr;q=0.9,en;q=0.8") == "/fr/events/…?source=poster"
    assert led("de;q=0.9,ja;q=0.5,en;q=0.1") == "/ja/events/…?source=poster"
    assert led("es") == led("") == led("fr;q=nonsense") == "/en/events/…?source=poster"
    assert led("fr;q=0, ja", "interest=true") == "/ja/events/…"
    assert client.get(f"/events/{shut.id}/open").status_code == 404
