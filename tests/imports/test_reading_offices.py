"""Lists of twenty offices, made by somebody who had not seen the reader: nobody is lost, and none is read worse."""

import json
import unicodedata
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from tests.imports.reading_lists import people_of, understand

OFFICES = Path(__file__).parent / "offices"
FIELDS = (
    "full_name", "given", "kanji", "kana", "title", "institution", "unit", "city", "research_fields", "email", "links",
)  # fmt: skip
MOST_WRONG = {
    "01": 14, "02": 12, "03": 0, "04": 7, "05": 0, "06": 0, "07": 10, "08": 10, "09": 3, "10": 0,
    "11": 0, "12": 13, "13": 4, "14": 0, "15": 0, "16": 0, "17": 1, "18": 0, "19": 0, "20": 0,
}  # fmt: skip
"""List → cells that are not as a careful person would have them. A better reader lowers these numbers."""


@pytest.mark.parametrize("number", MOST_WRONG)
def test_a_list_of_an_office_is_read_as_well_as_ever(number: str) -> None:
    truth = json.loads((OFFICES / f"{number}.json").read_text(encoding="utf-8"))
    _, found = understand(OFFICES / truth["file"], truth["language"])
    people = [asdict(one) for one in people_of(found)]
    rows = [row["fields"] for row in truth["rows"]]
    pairs = [(row, next((one for one in people if _is_same(one, row)), None)) for row in rows]
    assert [row["full_name"] for row, one in pairs if one is None] == []
    wrong = [
        f"{row['email']} {name}: {one[name]!r}, not {row[name]!r}"
        for row, one in pairs
        for name in FIELDS
        if one and not _is_right(one, row, name)
    ]
    assert len(wrong) <= MOST_WRONG[number], "\n".join(wrong)


def _is_same(one: dict[str, Any], row: dict[str, Any]) -> bool:
    if row["email"] and one["email"]:
        return _fits(one["email"], row["email"])
    pairs = (("full_name", "full_name"), ("latin", "full_name"), ("kanji", "kanji"))
    return any(one[mine] and _fits(one[mine], row[theirs]) for mine, theirs in pairs)


def _is_right(one: dict[str, Any], row: dict[str, Any], name: str) -> bool:
    """Of a name in two scripts, either is the full one; its parts are in the same script."""
    if name in ("full_name", "given") and one["kanji"] and _plain(one[name] or "?") in _plain(one["kanji"]):
        return True
    return _fits(one[name], row[name])


def _fits(value: Any, wanted: Any) -> bool:
    accepted = wanted["any"] if isinstance(wanted, dict) else [wanted]
    return _plain(value) in [_plain(one) for one in accepted]


def _plain(value: Any) -> Any:
    """Without differences of width, case, spaces and order."""
    if isinstance(value, list):
        return sorted(map(_plain, value)) or ""
    return "".join(unicodedata.normalize("NFKC", str(value or "")).split()).casefold().rstrip("/")


def test_all_offices_are_read() -> None:
    assert len(MOST_WRONG) == len(list(OFFICES.glob("*.json"))) == 20
