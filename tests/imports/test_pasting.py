"""Text that somebody copied fills in the form of a new person, and stores nothing."""

from pathlib import Path
from typing import Any

import pytest
from lxml import html
from sqlmodel import select

from crm.core.db import Database
from crm.people.models import Person
from tests.conftest import SignIn
from tests.imports.reading_lists import pasted

ENGLISH = """Best regards,
Kenji
--
Kenji Morita, PhD
Group Leader
Max Planck Institute for Example Research
Am Beispiel 9
69117 Heidelberg
Germany
Tel. +49 6221 000 00 | Fax +49 6221 000 01
kenji.morita@mpi.example.org | https://morita.example.org
"""
JAPANESE = """*******************************
東都大学大学院 理学系研究科
准教授　高瀬 真理（たかせ まり）
〒113-0033 東京都文京区本郷9-9-9
TEL: 03-5555-0100  FAX: 03-5555-0101
E-mail: takase@example.ac.jp
*******************************"""
CARD = """高瀬 真理
TAKASE Mari
株式会社例示工業 研究開発本部 主任研究員
m-takase@example.co.jp
090-0000-0000"""
SPANISH = """Dr. María García López
Quantum Optics, ICFO
maria.garcia@example.org 617-555-0100"""
AMERICAN = """Maria Garcia Lopez
Massachusetts Institute of Technology
77 Massachusetts Ave, Cambridge MA 02139, USA
maria.garcia@example.org"""
VCARD = """BEGIN:VCARD
VERSION:3.0
FN:Mari Takase
N:Takase;Mari;;;
ORG:Northbridge University;Quantum Information Center
EMAIL:takase@example.org
END:VCARD"""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (ENGLISH, {
            "full_name": "Kenji Morita", "family": "Morita", "title": "Group Leader", "city": "Heidelberg",
            "institution": "Max Planck Institute for Example Research", "country": "DE", "phone": "+49 6221 000 00",
            "email": "kenji.morita@mpi.example.org", "links": ["https://morita.example.org"], "research_fields": [],
        }),
        (JAPANESE, {
            "kanji": "高瀬 真理", "kana": "たかせ まり", "title": "准教授", "institution": "東都大学大学院",
            "unit": "理学系研究科", "email": "takase@example.ac.jp", "phone": "03-5555-0100", "note": None,
        }),
        (CARD, {
            "kanji": "高瀬 真理", "latin": "TAKASE Mari", "title": "主任研究員", "institution": "株式会社例示工業",
            "email": "m-takase@example.co.jp", "phone": "090-0000-0000",
        }),
        (SPANISH, {
            "full_name": "María García López", "family": "López", "given": "María García", "institution": "ICFO",
            "unit": "Quantum Optics", "phone": "617-555-0100",
        }),
        (AMERICAN, {"full_name": "Maria Garcia Lopez", "family": "Lopez", "city": "Cambridge", "country": "US"}),
        (VCARD, {"full_name": "Mari Takase", "institution": "Northbridge University", "email": "takase@example.org"}),
    ],
    ids=["mail", "Japanese mail", "business card", "two surnames", "American address", "vCard"],
)  # fmt: skip
def test_what_a_text_says_of_its_person(text: str, said: dict[str, Any]) -> None:
    found = pasted(text)
    assert {name: getattr(found, name) for name in said} == said


@pytest.mark.parametrize("text", ["", "Hello", "Best regards,", "BEGIN:VCARD", "1" * 4_000, "漢" * 4_000, "()" * 2_000])
def test_a_text_without_a_name_is_nobody(text: str) -> None:
    assert pasted(text) is None


def test_every_unseen_card_is_read_alone() -> None:
    text = (Path(__file__).parent / "unseen" / "16_contacts.vcf").read_text("utf-8")
    cards = [f"BEGIN:VCARD{card}" for card in text.split("BEGIN:VCARD")[1:]]
    assert all(pasted(card) for card in cards)


@pytest.mark.both
def test_the_form_is_filled_in_and_nothing_is_stored(sign_in: SignIn, database: Database) -> None:
    desk = sign_in("attache", "us-bos")
    assert "/people/new/paste" in desk.get("/people/new").text
    answer = desk.post("/people/new/paste", data={"text": CARD})
    page: Any = html.fromstring(answer.text)
    values = {name: page.xpath(f"//*[@id='f-{name}']")[0].value for name in ("full_name", "kanji", "email", "phone")}
    assert (answer.status_code, values["kanji"], values["email"]) == (200, "高瀬 真理", "m-takase@example.co.jp")
    assert page.xpath("//textarea[@id='f-text']")[0].text.strip() == CARD
    with database.reading() as session:
        assert not session.exec(select(Person)).all()


@pytest.mark.both
def test_who_adds_no_people_pastes_none_and_nonsense_is_said(sign_in: SignIn) -> None:
    assert sign_in("hq_reader", "us-bos").post("/people/new/paste", data={"text": CARD}).status_code == 403
    desk = sign_in("attache", "us-bos")
    for text, problem in (("Hello", "No name was found"), ("x" * 4_001, "4000 characters"), ("", "fill this in")):
        answer = desk.post("/people/new/paste", data={"text": text})
        assert (answer.status_code, problem in answer.text) == (422, True)
