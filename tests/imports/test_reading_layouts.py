"""Lists that nobody designed the reader for, against what a careful clerk made of them."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from tests.imports.reading_lists import entries_of, understand

HERE = Path(__file__).parent
TRUTHS = sorted([*(HERE / "layouts").glob("*.json"), *(HERE / "samples").glob("*.json")])
FIELDS = (
    "full_name", "family", "given", "kanji", "kana", "title", "institution", "unit", "city", "country",
    "research_fields", "email", "links", "orcid",
)  # fmt: skip


@pytest.mark.parametrize("truth_file", TRUTHS, ids=lambda path: path.stem)
def test_every_cell_of_a_layout_is_read_as_a_clerk_would(truth_file: Path) -> None:
    truth = json.loads(truth_file.read_text(encoding="utf-8"))
    _, found = understand(truth_file.with_suffix(""), truth["language"])
    entries = entries_of(found)
    good = [entry for entry in entries if entry.problem is None]
    assert len(good) == len(truth["rows"])
    assert len(entries) - len(good) == truth["unreadable"]
    wrong = [
        f"{entry.row} {name}: {asdict(entry.fields)[name]!r}, not {row.get(name)!r}"
        for entry, row in zip(good, truth["rows"], strict=True)
        for name in FIELDS
        if not is_right(asdict(entry.fields)[name], row, name)
    ]
    assert not wrong, "\n".join(wrong)


def is_right(found: Any, row: dict[str, Any], name: str) -> bool:
    accepted = [row.get(name), *row.get("accept", {}).get(name, [])]
    return _plain(found) in [_plain(answer) for answer in accepted] or (found == [] and None in accepted)


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return " ".join(value.split()) if isinstance(value, str) else value


def test_the_layouts_are_there() -> None:
    assert len(TRUTHS) >= 12
