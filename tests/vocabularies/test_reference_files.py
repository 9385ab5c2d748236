"""The reference facts that ship: each row says where it is from, and every code in it can be checked."""

import csv
import re
from pathlib import Path
from zoneinfo import available_timezones

import pytest
from babel import Locale

import crm

ROOMS = Path(crm.__file__).parent
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
KEYS = {
    "vocabularies/kakenhi_sections.csv": ("scheme", "version", "code"),
    "vocabularies/ford.csv": ("scheme", "version", "code"),
    "vocabularies/kakenhi_ford.csv": ("from_code", "to_code"),
    "vocabularies/strategic_fields.csv": ("code",),
    "vocabularies/position_classes.csv": ("code",),
    "vocabularies/position_patterns.csv": ("order",),
    "vocabularies/open_to.csv": ("code",),
    "vocabularies/languages.csv": ("code",),
    "vocabularies/sectors.csv": ("code",),
    "accounts/offices.csv": ("code",),
    "accounts/jurisdictions.csv": ("office", "country", "subdivision"),
    "organisations/organisations.csv": ("key",),
    "organisations/organisation_names.csv": ("organisation", "language", "name"),
}
IN_BOTH_LANGUAGES = [name for name in KEYS if name.split("/")[1] in {"offices.csv", "open_to.csv", "sectors.csv"}] + [
    f"vocabularies/{name}.csv" for name in ("kakenhi_sections", "ford", "strategic_fields", "position_classes")
]

PLACED = ["accounts/offices.csv", "accounts/jurisdictions.csv", "organisations/organisations.csv"]


def where(name: str) -> Path:
    room, _, file = name.partition("/")
    return ROOMS / room / "reference" / file


def rows(name: str) -> list[dict[str, str]]:
    with where(name).open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def ror_is_valid(ror: str) -> bool:
    """Crockford base 32 of a number, then two digits: 98 less the remainder of a hundred times the number by 97."""
    if not re.fullmatch(f"0[{ALPHABET}]{{6}}[0-9]{{2}}", ror):
        return False
    number = 0
    for character in ror[:7]:
        number = number * 32 + ALPHABET.index(character)
    return 98 - number * 100 % 97 == int(ror[7:])


@pytest.mark.parametrize("name", KEYS)
def test_a_file_is_utf8_with_line_feeds_and_every_row_has_a_source(name: str) -> None:
    text = where(name).read_bytes()
    assert not text.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in text and text.endswith(b"\n")
    assert rows(name)
    assert [row for row in rows(name) if not row["source"].strip() or None in row or None in row.values()] == []


@pytest.mark.parametrize(("name", "columns"), KEYS.items())
def test_no_code_stands_twice(name: str, columns: tuple[str, ...]) -> None:
    codes = [tuple(row[column] for column in columns) for row in rows(name)]
    assert sorted(code for code in set(codes) if codes.count(code) > 1) == []


@pytest.mark.parametrize("name", IN_BOTH_LANGUAGES)
def test_names_stand_in_japanese_and_english(name: str) -> None:
    assert [row for row in rows(name) if not row["name_ja"] or not row["name_en"]] == []
    assert [row["name_en"] for row in rows(name) if not row["name_en"].isascii()] == []


def test_the_research_fields_have_the_official_number_of_entries() -> None:
    sections = rows("vocabularies/kakenhi_sections.csv")
    assert len(sections) == 65
    assert {broad for row in sections for broad in row["broad_sections"].split(";")} == set("ABCDEFGHIJK")
    fields = rows("vocabularies/ford.csv")
    assert [row["level"] for row in fields].count("broad") == 6
    assert [row["level"] for row in fields].count("narrow") == 42
    assert all(row["parent"] == row["code"].split(".")[0] for row in fields if row["level"] == "narrow")
    assert [int(row["code"]) for row in rows("vocabularies/strategic_fields.csv")] == list(range(1, 18))
    assert {row["audience"] for row in rows("vocabularies/strategic_fields.csv")} == {"internal"}


def test_each_section_leads_to_one_main_field_that_exists() -> None:
    pairs = rows("vocabularies/kakenhi_ford.csv")
    sections = {row["code"] for row in rows("vocabularies/kakenhi_sections.csv")}
    fields = {row["code"] for row in rows("vocabularies/ford.csv")}
    assert sorted(row["from_code"] for row in pairs if row["strength"] == "main") == sorted(sections)
    assert {row["to_code"] for row in pairs} <= fields


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Associate Professor of Physics", "associate_professor"),
        ("准教授", "associate_professor"),
        ("教授", "professor"),
        ("Prof. Dr.", "professor"),
        ("W3-Professorin", "professor"),
        ("Assistant Professor", "assistant_professor"),
        ("Gruppenleiterin", "group_leader"),
        ("Directeur de recherche CNRS", "senior_scientist"),
        ("Directrice de l'Institut", "director"),
        ("Chargé de recherche", "staff_scientist"),
        ("Professor Emeritus", "emeritus"),
        ("Reader in Chemistry", "associate_professor"),
        ("Principal Investigator", "other_pi"),
        ("Proofreader", None),
    ],
)
def test_a_title_as_written_finds_its_class(title: str, expected: str | None) -> None:
    patterns = sorted(rows("vocabularies/position_patterns.csv"), key=lambda row: int(row["order"]))
    found = (row["position_class"] for row in patterns if re.search(row["pattern"], title, re.IGNORECASE))
    assert next(found, None) == expected
    assert {row["position_class"] for row in patterns} == {
        row["code"] for row in rows("vocabularies/position_classes.csv")
    }


def test_languages_are_known_in_japanese_and_english() -> None:
    known = set(Locale("ja").languages) & set(Locale("en").languages)
    assert [row["code"] for row in rows("vocabularies/languages.csv") if row["code"] not in known] == []


@pytest.mark.parametrize(
    "name", ["accounts/offices.csv", "accounts/jurisdictions.csv", "organisations/organisations.csv"]
)
def test_countries_are_codes_that_have_a_name(name: str) -> None:
    known = set(Locale("en").territories) - {"EU"}
    assert {row["country"] for row in rows(name) if row["country"]} - known == set()
    for row in rows(name):
        assert not row.get("subdivision") or row["subdivision"].startswith(f"{row['country']}-")


def test_zones_exist_and_host_languages_are_known() -> None:
    offices = rows("accounts/offices.csv")
    assert {row["zone"] for row in offices} <= available_timezones()
    assert {language for row in offices for language in row["host_languages"].split()} <= set(Locale("en").languages)


def test_every_mission_of_the_dossier_is_there_and_covers_something_or_says_why_not() -> None:
    offices = {row["code"]: row for row in rows("accounts/offices.csv")}
    abroad = {"embassy", "consulate_general", "permanent_mission"}
    missions = {code for code, row in offices.items() if row["kind"] in abroad}
    assert missions == {"us-emb", "us-sf", "us-bos", "us-la", "de", "fr", "ca", "au", "uk", "in", "il", "se", "eu"}
    covered = rows("accounts/jurisdictions.csv")
    assert {row["office"] for row in covered} == missions
    assert [row for row in covered if not row["country"] and not row["note"]] == []
    assert [row for row in covered if row["extent"] == "part" and not row["note"]] == []


def test_ror_ids_are_unique_and_pass_their_checksum() -> None:
    rors = [row["ror"] for row in rows("organisations/organisations.csv") if row["ror"]]
    assert len(rors) == len(set(rors)) >= 150
    assert [ror for ror in rors if not ror_is_valid(ror)] == []
    assert not ror_is_valid("03vek6s53")
    assert not ror_is_valid("3vek6s52")


def test_a_place_comes_whole_or_not_at_all() -> None:
    for row in rows("organisations/organisations.csv"):
        place = [row[column] for column in ("city", "geonames_id", "lat", "lon")]
        assert all(place) or not any(place), row["name"]
        if row["lat"]:
            assert -90 <= float(row["lat"]) <= 90
            assert -180 <= float(row["lon"]) <= 180


def test_names_belong_to_an_organisation_and_each_has_the_name_it_shows() -> None:
    organisations = {row["key"]: row["name"] for row in rows("organisations/organisations.csv")}
    names = rows("organisations/organisation_names.csv")
    shown = {row["organisation"]: row["name"] for row in names if row["kind"] == "display"}
    assert shown == organisations
    assert {row["kind"] for row in names} == {"display", "label", "alias", "acronym"}
    assert {row["organisation"] for row in names} <= set(organisations)


def test_each_mission_has_institutions_in_the_country_it_covers() -> None:
    countries = [row["country"] for row in rows("organisations/organisations.csv")]
    for row in rows("accounts/jurisdictions.csv"):
        if row["basis"] == "national" and row["country"] not in {"MC", "AD"}:
            assert countries.count(row["country"]) >= 8, row["country"]
