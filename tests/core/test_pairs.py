"""How well records of one person are told from those of namesakes, on labelled pairs that somebody else made.

Institutions are looked up as the directory does it: `institutions.txt` has the names of one institution in a line.
Titles are left out, since in these pairs they lean to the label.
"""

import csv
from functools import cache
from pathlib import Path

import pytest

from crm.core.matching import Candidate, likely_pairs, score
from crm.core.names import parse_name
from crm.core.places import country_code

PAIRS = Path(__file__).parent / "pairs"


@cache
def directory() -> dict[str, str]:
    lines = (PAIRS / "institutions.txt").read_text(encoding="utf-8").splitlines()
    return {name: str(place) for place, line in enumerate(lines) for name in line.split("|")}


def candidate(row: dict[str, str], side: str) -> Candidate:
    said = {name.removeprefix(f"{side}_"): value for name, value in row.items() if name.startswith(f"{side}_")}
    parsed = [parse_name(said[script]) for script in ("kanji", "latin") if said[script]]
    names = [name for one in parsed for name in (one.full, one.kanji, one.latin, one.former) if name]
    return Candidate(
        names=tuple(dict.fromkeys(names)),
        readings=tuple(kana for kana in [said["kana"] and parse_name(said["kana"]).full] if kana),
        institution=said["institution"],
        organisation=directory().get(said["institution"].lower(), ""),
        emails=tuple(email for email in [said["email"]] if email),
        identifiers=tuple(("orcid", orcid.rsplit("/", 1)[-1].replace("-", "")) for orcid in [said["orcid"]] if orcid),
        city=said["city"] or None,
        country=country_code(said["country"]) if said["country"] else None,
    )


@pytest.mark.parametrize(("file", "least_recall"), [("pairs", 0.98), ("pairs_held_back", 0.95)])
def test_pairs_of_one_person_are_suggested_and_namesakes_are_not(file: str, least_recall: float) -> None:
    with (PAIRS / f"{file}.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    suggested = {row["pair"] for row in rows if score(candidate(row, "a"), candidate(row, "b")).perhaps}
    same = {row["pair"] for row in rows if row["label"] == "same"}
    assert len(rows) == 1_000 and len(same) == 500
    assert len(suggested & same) / len(same) >= least_recall
    assert len(suggested & same) / len(suggested) >= 0.97


@pytest.mark.parametrize("file", ["pairs", "pairs_held_back"])
def test_the_scan_meets_what_would_be_suggested(file: str) -> None:
    """Records are compared only where they share a block; a pair that does not is never seen, however alike."""
    with (PAIRS / f"{file}.csv").open(encoding="utf-8", newline="") as lines:
        pairs = [(candidate(row, "a"), candidate(row, "b")) for row in csv.DictReader(lines) if row["label"] == "same"]
    alike = [(a, b) for a, b in pairs if score(a, b).perhaps]
    met = [(a, b) for a, b in alike if list(likely_pairs([a, b]))]
    assert len(met) / len(alike) >= 0.97


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("東海林 優子", "Yuko Shoji"),
        ("櫛引洋子", "KUSHIBIKI Yōko"),
        ("野々村 真里", "Mari Nonomura"),
        ("王 麗華", "Li Hua Wang"),
        ("刘建国", "劉建国"),
        ("박서연", "PARK, Seo-yeon"),
        ("シヨウジ テツヤ", "ショウジ テツヤ"),
        ("Fjuii Shinji", "藤井 伸二"),
        ("Mueller, Jürgen", "Jurgen Muller"),
        ("Hirose, C.", "HIROSE Chizuru"),
        ("Muhammad Abdelrahman Elsayed", "Al-Sayyid, Mohamed Abdel Rahman"),
        ("権藤 美智子（旧姓渕上）", "渕上 美智子"),
        ("アンダーソン・安東 麻里", "Mari Ando"),
        ("佐藤　邦夫博士", "佐藤邦夫"),
    ],
)
def test_one_name_in_two_spellings_at_one_institution(one: str, other: str) -> None:
    assert score(at_home(one), at_home(other)).perhaps
    assert score(at_home(other), at_home(one)).perhaps


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Yuki Ono", "Yuko Ono"),
        ("Kimura Ryuichi", "Kitamura Ryuichi"),
        ("井上 麻里", "Mika Inoue"),
        ("王 静", "王晶"),
        ("Lê Minh Tuân", "LÊ Minh Tuấn"),
        ("Kondo K.", "近藤夕子"),
    ],
)
def test_two_names_at_one_institution(one: str, other: str) -> None:
    assert not score(at_home(one), at_home(other)).perhaps


def at_home(text: str) -> Candidate:
    parsed = parse_name(text)
    names = (parsed.full, parsed.kanji, parsed.former)
    return Candidate(tuple(dict.fromkeys(name for name in names if name)), institution="Kyoto University")
