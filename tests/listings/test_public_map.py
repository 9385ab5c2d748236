"""Map and list say the same, in both languages, under any filter."""

import re
from typing import Any

import pytest
from fastapi import FastAPI
from lxml import html
from sqlmodel import Session
from starlette.testclient import TestClient

from crm.core.db import Database
from crm.listings.models import Snapshot
from tests.factories.snapshots import a_listed, an_entry

MUNICH = {"name": "Technical University of Munich", "name_ja": "ミュンヘン工科大学"}


def in_munich(**changes: Any) -> dict[str, Any]:
    names = {"full_name": "TAMESHI Jiro", "latin": "TAMESHI Jiro"}
    return an_entry(
        **{"names": names, "institution": MUNICH, "city": "Munich", "country": "DE", "mission": "de-muc", **changes}
    )


@pytest.fixture
def three(session: Session) -> list[Snapshot]:
    """Two at Harvard, one in Munich who speaks German and is open to nothing."""
    rows = [
        a_listed(session, an_entry()),
        a_listed(session, an_entry(names={"full_name": "REI Mei", "latin": "REI Mei"}, keywords=["量子"])),
        a_listed(session, in_munich(languages=["de"], open_to=[], fields=[]), place=(48.14, 11.58)),
    ]
    session.commit()
    return rows


def look(client: TestClient, address: str) -> Any:
    return html.fromstring(client.get(address).text)


def listed(page: Any) -> int:
    return len(page.xpath("//li[contains(@class, 'person')]"))


def on_map(page: Any) -> int:
    marks = page.xpath("(//*[contains(@class, 'map-drawing')])[1]//*[@class='map-count']/text()")
    return sum(int(mark) for mark in marks)


def counts(page: Any, name: str) -> dict[str, int]:
    labels = page.xpath(f"//label[input[@name='{name}']]")
    return {label.xpath("string(input/@value)"): int(label.xpath("string(span[@class='num'])")) for label in labels}


@pytest.mark.both
@pytest.mark.parametrize(
    ("query", "people"),
    [
        ("", 3),
        ("mission=us-bos", 2),
        ("country=DE", 1),
        ("country=DE&country=US", 3),
        ("city=US:Boston", 2),
        ("institution=Technical University of Munich", 1),
        ("field=kakenhi-43", 2),
        ("spoken=de", 1),
        ("open_to=postdoc", 2),
        ("q=harvard", 2),
        ("q=ＴＡＭＥＳＨＩ", 1),
        ("q=はなこ", 1),
        ("q=harvard+rei", 1),
        ("country=US&spoken=de", 0),
        ("country=XX", 0),
        ("q=100%25", 0),
    ],
)
def test_map_and_list_show_the_same_people(client: TestClient, three: list[Snapshot], query: str, people: int) -> None:
    page = look(client, f"/en/map?{query}")
    assert (listed(page), on_map(page)) == (people, people)
    if people:
        assert int(page.xpath("string(//dl[@class='figures']//dd)")) == people


def test_counts_of_a_filter_add_up_to_what_the_other_filters_leave(client: TestClient, three: list[Snapshot]) -> None:
    assert counts(look(client, "/en/map"), "mission") == {"us-bos": 2, "de-muc": 1}
    chosen = look(client, "/en/map?mission=de-muc")
    assert counts(chosen, "mission") == {"us-bos": 2, "de-muc": 1}
    assert counts(chosen, "country") == {"DE": 1}
    assert listed(chosen) == 1


def test_who_has_no_coordinates_is_in_the_list_and_said_to_be_missing_on_the_map(
    client: TestClient, session: Session
) -> None:
    a_listed(session, place=None)
    session.commit()
    page = look(client, "/en/map")
    assert (listed(page), on_map(page)) == (1, 0)
    assert "1 researcher has no place on the map" in page.text_content()


def test_pages_of_fifty_hold_everybody_once(client: TestClient, session: Session) -> None:
    for number in range(120):
        a_listed(session, an_entry(names={"full_name": f"Person {number % 7}", "latin": f"Person {number}"}))
    session.commit()
    address, seen = "/en/map", []
    for _page in range(3):
        page = look(client, address)
        seen += page.xpath("//li[contains(@class, 'person')]//a/@href")
        following = page.xpath("//a[@rel='next']/@href")
        address = following[0] if following else ""
    assert address == ""
    assert len(seen) == len(set(seen)) == 120


def test_a_strange_address_shows_the_map_all_the_same(client: TestClient, three: list[Snapshot]) -> None:
    for query in ("after=nonsense", "after=WyJhIl0", "view=1,2", "width=-5", "width=99999999", "q=%00%25_", "city=:"):
        assert client.get(f"/en/map?{query}").status_code == 200


def test_a_known_version_costs_an_empty_answer_until_something_changes(
    client: TestClient, database: Database, three: list[Snapshot]
) -> None:
    first = client.get("/en/map")
    known = {"if-none-match": first.headers["etag"]}
    assert first.headers["cache-control"] == "no-cache"
    assert client.get("/en/map", headers=known).status_code == 304
    assert client.get("/ja/map", headers=known).status_code == 200
    assert client.get("/en/map?country=DE", headers=known).status_code == 200
    with database.writing() as session:
        a_listed(session, in_munich())
    assert client.get("/en/map", headers=known).status_code == 200


def test_a_kept_page_asks_the_database_for_the_version_alone(
    client: TestClient, database: Database, three: list[Snapshot], count_queries: Any
) -> None:
    client.get("/en/map")
    with count_queries(database) as statements:
        client.get("/en/map")
    assert len(statements) == 1


@pytest.mark.parametrize("people", [1, 30])
def test_a_new_page_asks_as_often_for_thirty_people_as_for_one(
    client: TestClient, database: Database, count_queries: Any, people: int
) -> None:
    with database.writing() as session:
        for _number in range(people):
            a_listed(session)
    with count_queries(database) as statements:
        client.get("/en/map?country=US")
    assert len(statements) <= 8


def test_the_map_alone_answers_for_a_part_of_the_world(client: TestClient, three: list[Snapshot]) -> None:
    whole = client.get("/en/map").text
    part = client.get("/en/map?view=0,0,400,300&width=600", headers={"x-fragment": "map"}).text
    assert "<html" not in part and "data-map-marks" in part
    assert len(part) < len(whole) / 4
    assert part.count('class="map-drawing') == 1


def test_names_of_places_and_institutions_follow_the_language(client: TestClient, three: list[Snapshot]) -> None:
    japanese, english = client.get("/ja/map").text, client.get("/en/map").text
    assert "ミュンヘン工科大学" in japanese and "ミュンヘン工科大学" not in english
    assert "Technical University of Munich" in english
    assert "ドイツ" in japanese and "Germany" in english


def test_each_page_names_its_other_language(client: TestClient, three: list[Snapshot]) -> None:
    for address in ("/en/map?country=DE", "/en/missions/us-bos", "/en/about", f"/en/map/{three[0].slug}"):
        page = look(client, address)
        found = {link.get("hreflang"): link.get("href") for link in page.xpath("//link[@rel='alternate']")}
        assert found["en"] == address
        assert client.get(found["ja"]).status_code == 200
        assert re.match("/ja/", found["ja"])


def test_other_languages_are_no_pages(client: TestClient) -> None:
    assert client.get("/de/map").status_code == 404
    assert client.get("/fr/about").status_code == 404


def test_internal_tags_are_no_filter_and_no_label(client: TestClient, session: Session) -> None:
    strategic = {"scheme": "strategic", "code": "1", "ja": "秘密の分野", "en": "Secret field"}
    row = a_listed(session, an_entry(fields=[strategic]), bulk_reuse=True, tags="|field:strategic-1|")
    session.commit()
    for address in ("/en/map", f"/en/map/{row.slug}", "/open/people.json", "/open/totals.json"):
        text = client.get(address).text
        assert "strategic" not in text and "Secret field" not in text


def test_nobody_listed_is_said_with_what_to_do(app: FastAPI, client: TestClient) -> None:
    assert "Nobody is listed yet" in client.get("/en/map").text
    assert client.get("/").headers["location"] == "/en/map"


def test_a_first_visit_loads_the_small_sprite_alone(client: TestClient, three: list[Snapshot]) -> None:
    assert three
    files = {sign.partition("?")[0] for sign in look(client, "/ja/map").xpath("//use[starts-with(@href, '/')]/@href")}
    assert files == {"/static/vendor/icons.svg"}
