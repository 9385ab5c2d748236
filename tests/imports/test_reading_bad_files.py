"""Bad input: each file is refused with a clear reason, or read with one per row."""

from pathlib import Path

import pytest

from crm.imports.reading.errors import SENTENCES, Unreadable, sentence
from crm.imports.reading.sandbox import Choices, Limits, read_file

BAD = Path(__file__).parent / "bad"
REFUSED = {
    "empty.csv": "empty",
    "empty.xlsx": "empty",
    "empty.pdf": "empty",
    "encrypted.pdf": "encrypted",
    "scanned-only.pdf": "scanned",
    "ten-thousand-pages.pdf": "too_many_pages",
    "three-hundred-columns.csv": "too_many_columns",
    "truncated.pdf": "damaged",
    "truncated.xlsx": "damaged",
    "two-encodings.csv": "unknown_encoding",
    "zip-bomb.xlsx": "zip_bomb",
    "zip-not-a-workbook.xlsx": "not_a_list",
    "random-bytes.xlsx": "not_a_list",
    "program.pdf": "not_a_list",
    "heading-only.csv": "no_rows",
    "no-list.html": "no_rows",
}
READ = {
    "no-heading.csv": 2,
    "no-name-and-unknown-place.csv": 1,
    "nul-bytes.csv": 2,
    "odd-names.csv": 7,
    "same-orcid-twice.csv": 2,
    "unclosed-quote.csv": 2,
    "broken.vcf": 1,
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_file_is_refused_with_its_reason(name: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_file(BAD / name, name)
    assert refused.value.code == REFUSED[name]
    assert "%(" not in str(refused.value)


@pytest.mark.parametrize("name", READ)
def test_a_doubtful_file_is_read_and_no_row_is_lost(name: str) -> None:
    with read_file(BAD / name, name) as outcome:
        entries = list(outcome.entries())
    assert sum(entry.problem is None for entry in entries) == READ[name]
    assert all(entry.problem in SENTENCES for entry in entries if entry.problem)


def test_a_row_without_a_name_says_so_and_keeps_its_cells() -> None:
    with read_file(BAD / "no-name-and-unknown-place.csv", "x.csv") as outcome:
        nameless, unknown = outcome.entries()
    assert nameless.problem == "no_name"
    assert nameless.original
    assert unknown.doubts == ["country_unknown"]
    assert str(sentence("no_name")) == "This row has no name."


def test_every_bad_file_is_known_to_these_tests() -> None:
    assert {path.name for path in BAD.iterdir() if path.suffix != ".md"} == {*REFUSED, *READ}


def test_an_unknown_encoding_name_and_a_wrong_one_are_refused() -> None:
    for encoding, code in (("klingon", "unknown_encoding"), ("ascii", "wrong_encoding"), ("utf-16", "wrong_encoding")):
        path = BAD.parent / "layouts" / "us-la-cp932.csv"
        with pytest.raises(Unreadable) as refused:
            read_file(path, path.name, Choices(encoding="utf-8" if encoding == "ascii" else encoding))
        assert refused.value.code == code


def test_a_reader_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text("Name,Institution\n" + "Taro Yamada,Somewhere University\n" * 200_000, encoding="utf-8")
    with pytest.raises(Unreadable) as refused:
        read_file(path, path.name, limits=Limits(patience=1))
    assert refused.value.code == "too_long"


def test_a_reader_without_memory_is_refused_and_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    path = BAD.parent / "layouts" / "us-sf-landscape.pdf"
    with pytest.raises(Unreadable) as refused:
        read_file(path, path.name, limits=Limits(memory=60_000_000))
    assert refused.value.code == "crashed"
    assert list(tmp_path.iterdir()) == []
