"""Entries, downloads, paper, embedding: each shows what was consented to, to whom it may."""

import csv
import json
from io import BytesIO, StringIO
from typing import Any

import pdfplumber
import pytest
from lxml import etree, html
from sqlmodel import Session
from starlette.testclient import TestClient

from crm.core.documents import DocumentFailed, pdf
from crm.listings.models import ListingSettings
from tests.factories.accounts import an_office
from tests.factories.snapshots import a_listed, an_entry


def keep(session: Session, **columns: Any) -> Any:
    row = a_listed(session, columns.pop("entry", None), **columns)
    session.commit()
    return row


def test_search_engines_learn_only_of_those_who_allow_it(client: TestClient, session: Session) -> None:
    open_row = keep(session, search_engines=True)
    closed = keep(session)
    page = html.fromstring(client.get(f"/en/map/{open_row.slug}").text)
    data = json.loads(str(page.xpath("string(//script[@type='application/ld+json'])")))
    assert (data["@type"], data["affiliation"]["name"]) == ("Person", "Harvard University")
    hidden = client.get(f"/en/map/{closed.slug}")
    assert hidden.headers["x-robots-tag"] == "noindex"
    assert "ld+json" not in hidden.text
    sitemap = client.get("/sitemap.xml").text
    assert open_row.slug in sitemap and closed.slug not in sitemap


def test_structured_data_cannot_break_out_of_its_script(client: TestClient, session: Session) -> None:
    row = keep(session, entry=an_entry(title="</script><b>"), search_engines=True)
    assert "</script><b>" not in client.get(f"/en/map/{row.slug}").text


def test_a_link_that_is_no_web_address_is_not_shown(client: TestClient, session: Session) -> None:
    links = [{"address": "javascript:alert(1)", "label": "x"}, {"address": "https://ok.example.org", "label": ""}]
    row = keep(session, entry=an_entry(links=links))
    text = client.get(f"/en/map/{row.slug}").text
    assert "javascript:" not in text and "ok.example.org" in text


def test_a_bare_entry_has_a_page(client: TestClient, session: Session) -> None:
    bare = {"names": {"full_name": "Somebody"}, "institution": {"name": "X"}, "country": None, "mission": "us-bos"}
    row = keep(session, entry=bare, place=None, bulk_reuse=True)
    for address in (f"/ja/map/{row.slug}", "/ja/map", "/open/people.csv", "/ja/missions/us-bos/list.pdf"):
        assert client.get(address).status_code == 200


def test_only_those_who_allowed_re_use_are_downloaded_with_the_terms(client: TestClient, session: Session) -> None:
    keep(session, bulk_reuse=True)
    keep(session, entry=an_entry(names={"full_name": "KEEP Out"}))
    for kind in ("csv", "json", "geojson"):
        answer = client.get(f"/open/people.{kind}")
        assert "架空 花子" in answer.text and "KEEP Out" not in answer.text
        assert "license" in answer.headers["link"]
    assert "Name the source" in client.get("/open/people.json").json()["terms"]
    assert client.get("/open/people.geojson").json()["features"][0]["geometry"]["coordinates"] == [-71.06, 42.36]
    assert "KEEP Out" not in client.get("/open/changes.atom").text


def test_a_spreadsheet_reads_the_names_and_runs_no_formula(client: TestClient, session: Session) -> None:
    keep(session, entry=an_entry(title="=HYPERLINK(1)", unit=" +1", keywords=["@x"]), bulk_reuse=True)
    content = client.get("/open/people.csv").content
    assert content.startswith(b"\xef\xbb\xbf")
    row = next(csv.DictReader(StringIO(content.decode("utf-8-sig"))))
    assert (row["title"], row["unit"], row["keywords"]) == ("'=HYPERLINK(1)", "' +1", "'@x")
    assert row["kanji"] == "架空 花子"


def test_the_feed_is_atom(client: TestClient, session: Session) -> None:
    keep(session, bulk_reuse=True)
    feed = etree.fromstring(client.get("/open/changes.atom").content)
    space = {"a": "http://www.w3.org/2005/Atom"}
    assert len(feed.findall("a:entry", space)) == 1
    assert feed.findtext("a:entry/a:title", namespaces=space) == "架空 花子"


@pytest.mark.parametrize(("language", "words"), [("ja", "ハーバード大学"), ("en", "Harvard University")])
def test_the_printed_list_has_every_name_with_its_own_signs(
    client: TestClient, session: Session, language: str, words: str
) -> None:
    keep(session, entry=an_entry(names={"full_name": "髙﨑 𠮷郎", "kanji": "髙﨑 𠮷郎", "latin": "TAKASAKI Yoshirō"}))
    answer = client.get(f"/{language}/missions/us-bos/list.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    with pdfplumber.open(BytesIO(answer.content)) as document:
        text = "".join(page.extract_text() for page in document.pages)
        assert (document.pages[0].width, document.pages[0].height) == pytest.approx((595, 842), abs=1)
    assert "髙﨑 𠮷郎" in text and "TAKASAKI" in text and words in text
    assert b"pdfuaid" in answer.content


def test_what_stands_in_an_entry_is_text_on_paper_and_no_command(client: TestClient, session: Session) -> None:
    keep(session, entry=an_entry(title='#panic("x") *b* $x$'))
    with pdfplumber.open(BytesIO(client.get("/en/missions/us-bos/list.pdf").content)) as document:
        assert '#panic("x") *b* $x$' in document.pages[0].extract_text()


def test_a_template_that_fails_says_why() -> None:
    with pytest.raises(DocumentFailed, match="title"):
        pdf("listings/public_list", {"language": "en"})


def test_a_mission_chooses_who_may_embed_its_list(client: TestClient, session: Session) -> None:
    keep(session)
    policy = "content-security-policy"
    assert "frame-ancestors 'none'" in client.get("/en/embed/us-bos").headers[policy]
    hosts = ["www.boston.example.org", "https://two.example.org/", "x; script-src *", "*"]
    session.add(ListingSettings(office_id=an_office(session).id, embed_hosts=hosts))
    session.commit()
    given = client.get("/en/embed/us-bos").headers[policy]
    assert given.endswith("frame-ancestors https://www.boston.example.org https://two.example.org")
    assert "script-src *" not in given
    assert "frame-ancestors 'none'" in client.get("/en/map").headers[policy]


def test_a_shortlist_keeps_the_order_and_says_who_is_missing(client: TestClient, session: Session) -> None:
    first, second = keep(session), keep(session, entry=an_entry(names={"full_name": "TWO Second"}))
    text = client.get(f"/en/shortlist?ids={second.slug},{first.slug},nobody,{first.slug}").text
    assert text.index("TWO Second") < text.index("架空 花子")
    assert "1 entry of this list is not public any more." in text


def test_pages_of_offices_that_list_nobody_do_not_exist(client: TestClient, session: Session) -> None:
    for address in ("/en/missions/nowhere", "/en/embed/nowhere", "/en/missions/nowhere/list.pdf", "/en/map/nobody"):
        assert client.get(address).status_code == 404


def test_robots_are_kept_from_doors_and_told_where_the_map_is(client: TestClient) -> None:
    text = client.get("/robots.txt").text
    assert "Disallow: /*/confirm/" in text and "Sitemap: http://testserver/sitemap.xml" in text
