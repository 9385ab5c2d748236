"""The reference facts that ship: each row says where it is from, and every code in it can be checked."""

import csv
import json
import re
from pathlib import Path
from zoneinfo import available_timezones

import pytest
from babel import Locale

import crm
from crm.accounts.models import OfficeKind
from crm.organisations.models import OrganisationKind
from crm.organisations.queries import name_key
from crm.vocabularies.models import Scheme

ROOMS = Path(crm.__file__).parent
SAMPLES = Path(__file__).parent.parent / "imports" / "samples"
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
COLUMNS = {
    "accounts/offices.csv": "code,kind,name_ja,name_en,country,city,zone,languages,position,source",
    "accounts/jurisdictions.csv": "office,country,subdivision,source",
    "vocabularies/fields.csv": "scheme,code,parent,name_ja,name_en,position,source",
    "vocabularies/position_classes.csv": "code,name_ja,name_en,position,patterns,source",
    "vocabularies/position_patterns.csv": "order,position_class,pattern,source",
    "vocabularies/open_to.csv": "code,name_ja,name_en,position,source",
    "vocabularies/sectors.csv": "code,name_ja,name_en,position,source",
    "vocabularies/languages.csv": "order,code,source",
    "vocabularies/kakenhi_ford.csv": "from_scheme,from_code,to_scheme,to_code,strength,source",
    "organisations/organisations.csv": "key,ror,kind,name_en,name_ja,name_local,local_language,acronym,"
    "city,region,country,geonames_id,lat,lon,website,source",
}
KEYS = {
    "accounts/jurisdictions.csv": ("office", "country", "subdivision"),
    "vocabularies/fields.csv": ("scheme", "code"),
    "vocabularies/position_patterns.csv": ("order",),
    "vocabularies/kakenhi_ford.csv": ("from_code", "to_code"),
    "organisations/organisations.csv": ("key",),
}
IN_BOTH_LANGUAGES = [name for name, columns in COLUMNS.items() if "name_ja,name_en" in columns]
UNKNOWN = {"グラッドストーン研究所", "マックス・プランク脳研究所"}
"""Names in sample lists for which no source was found."""


def rows(name: str) -> list[dict[str, str]]:
    with where(name).open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def where(name: str) -> Path:
    room, _, file = name.partition("/")
    return ROOMS / room / "reference" / file


def ror_is_valid(ror: str) -> bool:
    """Crockford base 32 of a number, then two digits: 98 less the remainder of a hundred times the number by 97."""
    if not re.fullmatch(f"0[{ALPHABET}]{{6}}[0-9]{{2}}", ror):
        return False
    number = 0
    for character in ror[:7]:
        number = number * 32 + ALPHABET.index(character)
    return 98 - number * 100 % 97 == int(ror[7:])


@pytest.mark.parametrize(("name", "columns"), COLUMNS.items())
def test_a_file_has_its_columns_and_every_row_a_source(name: str, columns: str) -> None:
    text = where(name).read_bytes()
    assert not text.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in text and text.endswith(b"\n")
    assert text.decode().split("\n", 1)[0] == columns
    assert rows(name)
    assert [row for row in rows(name) if not (row["source"] or "").strip() or None in row] == []


@pytest.mark.parametrize("name", COLUMNS)
def test_no_code_stands_twice(name: str) -> None:
    codes = [tuple(row[column] for column in KEYS.get(name, ("code",))) for row in rows(name)]
    assert sorted(code for code in set(codes) if codes.count(code) > 1) == []


@pytest.mark.parametrize("name", IN_BOTH_LANGUAGES)
def test_names_stand_in_japanese_and_english(name: str) -> None:
    assert [row for row in rows(name) if not row["name_ja"] or not row["name_en"]] == []
    assert [row["name_en"] for row in rows(name) if not row["name_en"].isascii()] == []
    positions = [(row.get("scheme"), int(row["position"])) for row in rows(name)]
    assert len(set(positions)) == len(positions)


def test_the_research_fields_have_the_official_number_of_entries() -> None:
    of = {scheme: [row for row in rows("vocabularies/fields.csv") if row["scheme"] == scheme] for scheme in Scheme}
    broad = [row["code"] for row in of[Scheme.KAKENHI] if not row["parent"]]
    assert broad == list("ABCDEFGHIJK")
    assert len(of[Scheme.KAKENHI]) == 65 + 11
    assert {row["parent"] for row in of[Scheme.KAKENHI] if row["parent"]} == set(broad)
    assert len(of[Scheme.FORD]) == 6 + 42
    assert all(row["parent"] == row["code"].split(".")[0] for row in of[Scheme.FORD] if "." in row["code"])
    assert [int(row["code"]) for row in of[Scheme.STRATEGIC]] == list(range(1, 18))


def test_each_section_leads_to_one_main_field_that_exists() -> None:
    pairs = rows("vocabularies/kakenhi_ford.csv")
    codes = {(row["scheme"], row["code"]) for row in rows("vocabularies/fields.csv")}
    sections = sorted(code for scheme, code in codes if scheme == "kakenhi" and code.isdigit())
    assert sorted(row["from_code"] for row in pairs if row["strength"] == "main") == sections
    assert {("ford", row["to_code"]) for row in pairs} <= codes


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


def test_the_fragments_of_a_class_are_lower_case_and_every_pattern_has_a_class() -> None:
    classes = rows("vocabularies/position_classes.csv")
    fragments = [fragment for row in classes for fragment in row["patterns"].split("|") if fragment]
    assert [fragment for fragment in fragments if fragment != fragment.lower().strip()] == []
    assert len(set(fragments)) == len(fragments)
    assert {row["code"] for row in classes if not row["patterns"]} == {"other"}
    named = {row["position_class"] for row in rows("vocabularies/position_patterns.csv")}
    assert named == {row["code"] for row in classes} - {"other"}


def test_the_codes_that_other_rooms_name_are_there() -> None:
    assert [row["code"] for row in rows("vocabularies/open_to.csv")] == [
        "studying_abroad", "visiting_researcher", "postdoc", "joint_research", "mentoring", "talks", "media",
    ]  # fmt: skip
    assert [row["code"] for row in rows("vocabularies/sectors.csv")] == [
        "academia", "government", "industry", "investor", "press", "other",
    ]  # fmt: skip


def test_languages_are_known_in_japanese_and_english() -> None:
    known = set(Locale("ja").languages) & set(Locale("en").languages)
    assert [row["code"] for row in rows("vocabularies/languages.csv") if row["code"] not in known] == []
    spoken = {language for row in rows("accounts/offices.csv") for language in row["languages"].split()}
    local = {row["local_language"] for row in rows("organisations/organisations.csv")} - {""}
    assert (spoken | local) - known == set()


def test_countries_and_zones_are_codes_that_exist() -> None:
    known = set(Locale("en").territories) - {"EU"}
    for name in ("accounts/offices.csv", "accounts/jurisdictions.csv", "organisations/organisations.csv"):
        assert {row["country"] for row in rows(name)} - known == set(), name
    assert {row["zone"] for row in rows("accounts/offices.csv")} <= available_timezones()
    for row in rows("accounts/jurisdictions.csv"):
        assert not row["subdivision"] or re.fullmatch(rf"{row['country']}-[A-Z0-9]{{1,3}}", row["subdivision"])


def test_every_mission_is_there_and_covers_something_unless_it_serves_an_institution() -> None:
    offices = {row["code"]: OfficeKind(row["kind"]) for row in rows("accounts/offices.csv")}
    missions = {code for code, kind in offices.items() if kind.is_mission}
    assert missions == {"us-emb", "us-sf", "us-bos", "us-la", "de", "fr", "ca", "au", "uk", "in", "il", "se", "eu"}
    assert {row["office"] for row in rows("accounts/jurisdictions.csv")} == missions - {"eu"}
    assert offices["meguri"] is OfficeKind.OPERATOR
    assert set(offices.values()) == set(OfficeKind)


def test_ror_ids_are_unique_and_pass_their_checksum() -> None:
    rors = [row["ror"] for row in rows("organisations/organisations.csv") if row["ror"]]
    assert len(rors) == len(set(rors)) >= 150
    assert [ror for ror in rors if not ror_is_valid(ror)] == []
    assert not ror_is_valid("03vek6s53")
    assert not ror_is_valid("3vek6s52")


def test_an_organisation_has_a_name_a_kind_and_a_whole_place_or_none() -> None:
    for row in rows("organisations/organisations.csv"):
        assert row["name_en"] and row["kind"] in set(OrganisationKind), row["key"]
        assert bool(row["name_local"]) == bool(row["local_language"]), row["key"]
        place = [row[column] for column in ("city", "geonames_id", "lat", "lon")]
        assert all(place) or not any(place), row["key"]
        if row["lat"]:
            assert -90 <= float(row["lat"]) <= 90 and -180 <= float(row["lon"]) <= 180


def test_each_country_that_a_mission_covers_has_institutions() -> None:
    countries = [row["country"] for row in rows("organisations/organisations.csv")]
    covered = {row["country"] for row in rows("accounts/jurisdictions.csv")} - {"MC", "AD"}
    assert {country for country in covered if countries.count(country) < 8} == set()


def test_the_institutions_of_the_sample_lists_are_known() -> None:
    known = {
        name_key(row[column])
        for row in rows("organisations/organisations.csv")
        for column in ("name_en", "name_ja", "name_local")
    }
    listed = {
        row["institution"]
        for path in SAMPLES.glob("*.json")
        for row in json.loads(path.read_text(encoding="utf-8"))["rows"]
        if row.get("institution")
    }
    assert listed
    assert {name for name in listed if name_key(name) not in known and name_key(_umlauts(name)) not in known} == UNKNOWN


def _umlauts(name: str) -> str:
    """German names are often written without umlauts."""
    return re.sub(r"(?<=[^aeq])([aou])e", lambda found: {"a": "ä", "o": "ö", "u": "ü"}[found[1]], name)
