"""Lists not yet read as a clerk would: the share of right fields may rise, never fall."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.imports.reading_lists import entries_of, understand
from tests.imports.test_reading_layouts import FIELDS, is_right

HARD = Path(__file__).parent / "hard"
FLOORS = {"eu-sheets.xlsx": 0.988, "us-sf-merged.xlsx": 0.997, "uk-phones.vcf": 0.95}


@pytest.mark.parametrize("name", FLOORS)
def test_a_hard_list_is_not_read_worse_than_before(name: str) -> None:
    truth = json.loads((HARD / f"{name}.json").read_text(encoding="utf-8"))
    _, found = understand(HARD / name, truth["language"])
    good = [asdict(entry.fields) for entry in entries_of(found) if entry.problem is None]
    assert len(good) == len(truth["rows"])
    assert len(entries_of(found)) - len(good) == truth["unreadable"]
    right = [is_right(one[key], row, key) for one, row in zip(good, truth["rows"], strict=True) for key in FIELDS]
    assert sum(right) / len(right) >= FLOORS[name], sum(right) / len(right)
