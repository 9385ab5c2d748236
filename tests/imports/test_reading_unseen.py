"""Lists by somebody who had not seen the reader: nobody is lost, and never more cells are read wrongly than here."""

import json
import unicodedata
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from crm.imports.placing import guess_place
from tests.imports.reading_lists import people_of, understand

UNSEEN = Path(__file__).parent / "unseen"
FIELDS = ("full_name", "kanji", "kana", "title", "institution", "unit", "city", "country", "email")
MOST_WRONG = {
    "01_zaidoku_pi_meibo.xlsx": 0,
    "02_UK_PIs_consulate.xlsx": 0,
    "03_Arbeitsliste_DACH.xlsx": 3,
    "04_annuaire_France.xlsx": 0,
    "05_benelux_kaiin.csv": 1,
    "06_north_america_export.txt": 0,
    "07_NRW_Liste.csv": 0,
    "08_oceania_list.csv": 2,
    "09_suisse_romande.html": 2,
    "10_new_england_network.html": 3,
    "11_oesterreich.html": 2,
    "12_singapore_word.htm": 0,
    "13_nordic_PI_list.pdf": 1,
    "14_canada_francophone.pdf": 2,
    "15_italia_meibo.pdf": 5,
    "16_contacts.vcf": 4,
    "17_chuseibu_daicho.xlsx": 0,
    "18_circulaire_regions.htm": 0,
    "19_israel_by_institution.csv": 0,
}
"""List → cells that are not as a careful person would have them. A better reader lowers these numbers."""

HOSTS = {"03_Arbeitsliste_DACH.xlsx": "DE", "07_NRW_Liste.csv": "DE"}
"""List → the country of the mission that keeps it; its cities stand without countries."""


@pytest.mark.parametrize("list_", MOST_WRONG)
def test_a_list_is_read_as_well_as_ever(list_: str) -> None:
    truth = json.loads((UNSEEN / f"{list_}.truth.json").read_text(encoding="utf-8"))
    _, found = understand(UNSEEN / list_)
    people = [asdict(one) for one in people_of(found)]
    for one in people:
        if list_ in HOSTS:
            guess_place(one, [], frozenset({(HOSTS[list_], None)}))
    pairs = [(row, next((one for one in people if _is_same(one, row)), None)) for row in truth]
    assert [row["full_name"] for row, one in pairs if one is None] == []
    wrong = [
        f"{row['full_name']} {name}: {one[name]!r}, not {row.get(name)!r}"
        for row, one in pairs
        for name in FIELDS
        if one and not _is_right(one, row, name)
    ]
    assert len(wrong) <= MOST_WRONG[list_], "\n".join(wrong)


def _is_same(one: dict[str, Any], row: dict[str, Any]) -> bool:
    if row.get("email"):
        return _plain(one["email"]) == _plain(row["email"])
    names = [_plain(one[name]) for name in ("full_name", "kanji", "family") if one[name]]
    return any(_plain(row[name]) in names for name in ("full_name", "kanji", "family") if row.get(name))


def _is_right(one: dict[str, Any], row: dict[str, Any], name: str) -> bool:
    """Of a name in two scripts, either is the full one."""
    accepted = [row.get(name), *([row.get("kanji")] if name == "full_name" else [])]
    return _plain(one[name]) in [_plain(value) for value in accepted]


def _plain(value: Any) -> str:
    """Without differences of width and spaces."""
    return "".join(unicodedata.normalize("NFKC", str(value or "")).split())


def test_all_lists_are_read() -> None:
    assert len(MOST_WRONG) == len(list(UNSEEN.glob("*.truth.json"))) == 19
