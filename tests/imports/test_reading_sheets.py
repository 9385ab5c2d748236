from io import BytesIO
from pathlib import Path

import pytest
import xlsxwriter

from crm.imports.reading.errors import Unreadable
from tests.imports.reading_lists import entries_of, people_of, skipped_of, understand, written


def test_merged_cells_hidden_sheets_and_links(tmp_path: Path) -> None:
    file = BytesIO()
    with xlsxwriter.Workbook(file) as book:
        cover, people, old = book.add_worksheet("Cover"), book.add_worksheet("People"), book.add_worksheet("Old")
        cover.write(0, 0, "Contents")
        old.hide()
        for row, cells in enumerate([["Name", "Institution"], ["Ken Old", "Gone University"]] * 9):
            old.write_row(row, 0, cells)
        people.merge_range(0, 0, 0, 3, "Japanese researchers in Austria")
        people.write_row(2, 0, ["Institution", "Name", "Web", "ORCID"])
        people.merge_range(3, 0, 4, 0, "Universität Wien")
        people.write_row(3, 1, ["Taro Yamada"])
        people.write_url(3, 2, "https://a.example/lab", string="HP")
        people.write_row(4, 1, ["Aoi Mori", "", "0000-0002-1825-0097"])
        people.write_row(5, 0, ["", "Rin Ono"])
    guess, found = understand(written(tmp_path, "list.xlsx", file.getvalue()))
    one, two, _ = people_of(found)
    assert (one.institution, two.institution, one.country) == ("Universität Wien", "Universität Wien", "AT")
    assert (one.links, two.orcid) == (["https://a.example/lab"], "0000-0002-1825-0097")
    assert [entry.row for entry in entries_of(found)] == [4, 5, 6]
    assert guess.header == [3]


def test_a_sheet_per_country_is_read_as_one_list(tmp_path: Path) -> None:
    file = BytesIO()
    with xlsxwriter.Workbook(file) as book:
        for country, name in (("Norway", "Taro Yamada"), ("Denmark", "Aoi Mori")):
            sheet = book.add_worksheet(country)
            sheet.write_row(0, 0, ["Name", "Institution", "E-mail"])
            sheet.write_row(1, 0, [name, "A University", "a@x.example"])
    guess, found = understand(written(tmp_path, "list.xlsx", file.getvalue()))
    assert len(guess.also) == 1
    assert [(entry.sheet, entry.fields.country) for entry in entries_of(found)] == [("Norway", "NO"), ("Denmark", "DK")]


def test_two_rows_for_each_person_make_one(tmp_path: Path) -> None:
    file = BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["No", "氏名", "所属", "連絡先"])
        for number in range(1, 6):
            sheet.write_row(number * 2 - 1, 0, [number, f"山田 太{number}郎", "ボン大学", f"a{number}@x.example"])
            sheet.write_row(number * 2, 0, ["", "YAMADA Taro", "物理学科", f"https://x.example/{number}"])
    _, found = understand(written(tmp_path, "list.xlsx", file.getvalue()))
    people = people_of(found)
    assert len(people) == 5
    assert (people[0].latin, people[0].unit) == ("YAMADA Taro", "物理学科")
    assert (people[0].email, people[0].links) == ("a1@x.example", ["https://x.example/1"])


def test_too_many_columns_are_refused(tmp_path: Path) -> None:
    file = BytesIO()
    with xlsxwriter.Workbook(file) as book:
        book.add_worksheet().write_row(0, 0, [f"c{number}" for number in range(300)])
    with pytest.raises(Unreadable) as refused:
        understand(written(tmp_path, "list.xlsx", file.getvalue()))
    assert refused.value.code == "too_many_columns"


def test_ten_thousand_rows_are_all_there(tmp_path: Path) -> None:
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Name", "Institution", "E-mail"])
        for row in range(10_000):
            sheet.write_row(row + 1, 0, [f"Taro Yamada-{row}", f"University {row % 50}", f"t{row}@x.example"])
    _, found = understand(written(tmp_path, "list.xlsx", file.getvalue()))
    assert len(people_of(found)) == 10_000
    assert len(skipped_of(found)) == 1
