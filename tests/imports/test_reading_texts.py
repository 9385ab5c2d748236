"""Texts in any encoding, with any delimiter, quoting and heading habit."""

from pathlib import Path

import pytest

from crm.imports.reading.delimited import delimiter_of
from crm.imports.reading.encodings import detect
from crm.imports.reading.sandbox import read_file
from tests.imports.reading_lists import entries_of, people_of, skipped_of, understand, written

JAPANESE = "氏名,ふりがな,所属,専門\n髙橋 一郎,たかはし いちろう,トロント大学,免疫学・遺伝学\n" + (
    "山田 花子,やまだ はなこ,マギル大学,天文学\n"
)
GERMAN = "Name;Universität;Fachgebiet\nYamada, Jürgen;Universität Würzburg;Ökologie\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp932", "iso2022_jp_ext"]
)
def test_japanese_text_is_read_in_its_encoding(tmp_path: Path, encoding: str) -> None:
    text = JAPANESE if "2022" not in encoding else JAPANESE.replace("髙", "高")
    _, found = understand(written(tmp_path, "list.csv", text.encode(encoding)))
    first = people_of(found)[0]
    assert first.full_name == text.split("\n")[1].split(",")[0]
    assert first.kana == "たかはし いちろう"
    assert first.research_fields == ["免疫学", "遺伝学"]


@pytest.mark.parametrize(
    ("text", "encoding", "expected"),
    [
        (JAPANESE.replace("髙", "高"), "euc_jp", "euc_jp"),
        (JAPANESE, "cp932", "cp932"),
        (GERMAN, "cp1252", "cp1252"),
        (GERMAN, "utf-8", "utf-8"),
        ("name,univ\nｱｵｷ,大阪大学\n", "cp932", "cp932"),
    ],
)
def test_the_encoding_is_found(text: str, encoding: str, expected: str) -> None:
    assert detect(text.encode(encoding)) == expected


def test_the_users_encoding_is_taken(tmp_path: Path) -> None:
    path = written(tmp_path, "list.csv", GERMAN.encode("cp1252"))
    _, found = understand(path, encoding="cp1252")
    assert people_of(found)[0].institution == "Universität Würzburg"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    rows = [["Name", "Institution", "Field"], ["Taro Yamada", "Some University", "x"], ["Aoi Ono", "Other", "y"]]
    assert delimiter_of("\n".join(delimiter.join(row) for row in rows)) == delimiter


def test_sections_give_the_institution_and_the_country(tmp_path: Path) -> None:
    text = """Japanese PIs in the Nordic countries,,,
,,,
Name,Position,Field,Email
Sweden,,,
Lund University,,,
Taro Yamada,Professor,Physics,t@lu.example
Uppsala University,,,
Ken Sato,Professor,Biology,k@uu.example
Finland,,,
University of Helsinki,,,
Yumi Kato,Professor,Law,y@hel.example
* List updated in 2026,,,
"""
    _, found = understand(written(tmp_path, "nordic.csv", text))
    assert [(one.full_name, one.institution, one.country) for one in people_of(found)] == [
        ("Taro Yamada", "Lund University", "SE"),
        ("Ken Sato", "Uppsala University", "SE"),
        ("Yumi Kato", "University of Helsinki", "FI"),
    ]
    assert [line.reason for line in skipped_of(found)] == [
        "above", "blank", "heading", "section", "section", "section", "section", "section", "remark",
    ]  # fmt: skip


def test_an_institution_given_once_holds_for_the_rows_under_it(tmp_path: Path) -> None:
    text = "所属,氏名,役職\nハーバード大学,山田 太郎,教授\n,鈴木 花子,准教授\nMIT,高橋 次郎,教授\n,田中 三郎,教授\n"
    _, found = understand(written(tmp_path, "list.csv", text))
    assert [one.institution for one in people_of(found)] == ["ハーバード大学", "ハーバード大学", "MIT", "MIT"]


def test_a_blank_institution_stays_blank_where_the_list_repeats_it(tmp_path: Path) -> None:
    rows = ["MIT,山田 太郎", "MIT,鈴木 花子", "MIT,高橋 次郎", ",田中 三郎", "タフツ大学,佐藤 健", "タフツ大学,森 葵"]
    _, found = understand(written(tmp_path, "list.csv", "所属,氏名\n" + "\n".join(rows) + "\n"))
    assert people_of(found)[3].institution is None


def test_names_in_two_scripts_and_two_columns_each(tmp_path: Path) -> None:
    text = "姓,名,セイ,メイ,Family name,Given name,国\n山田,太郎,ヤマダ,タロウ,YAMADA,Taro,韓国\n"
    _, found = understand(written(tmp_path, "list.csv", text))
    one = people_of(found)[0]
    assert (one.full_name, one.family, one.given) == ("山田 太郎", "山田", "太郎")
    assert (one.kana, one.latin, one.country) == ("ヤマダ タロウ", "YAMADA Taro", "KR")


def test_a_cell_that_holds_everything_is_taken_apart(tmp_path: Path) -> None:
    text = (
        'Name,Affiliation,Contact\n"Taro YAMADA, Ph.D.\n山田 太郎","Professor, Department of Physics, University of '
        'Toronto, Toronto, Canada","Tel: +1 416 555 0100\nyamada [at] utoronto [dot] example\nhttps://y.example"\n'
    )
    _, found = understand(written(tmp_path, "list.csv", text))
    one = people_of(found)[0]
    assert (one.full_name, one.kanji, one.title) == ("Taro YAMADA", "山田 太郎", "Professor")
    assert (one.unit, one.institution) == ("Department of Physics", "University of Toronto")
    assert (one.city, one.country, one.phone) == ("Toronto", "CA", "+1 416 555 0100")
    assert (one.email, one.links) == ("yamada@utoronto.example", ["https://y.example"])


def test_columns_without_a_heading_are_guessed_from_their_values(tmp_path: Path) -> None:
    text = "1,Taro Yamada,Professor,University of Bonn,t@x.example\n2,Aoi Mori,Lecturer,Universität Köln,a@x.example\n"
    guess, found = understand(written(tmp_path, "list.csv", text))
    assert [column.field for column in guess.columns] == ["ignore", "full_name", "title", "institution", "email"]
    assert len(people_of(found)) == 2


def test_two_columns_of_one_heading_keep_both_cells(tmp_path: Path) -> None:
    _, found = understand(written(tmp_path, "list.csv", "Name,Note,Note\nTaro Yamada,a,b\nAoi Mori,c,d\n"))
    assert entries_of(found)[0].original == {"Name": "Taro Yamada", "Note": "a", "Note (3)": "b"}


def test_wrong_check_digits_are_left_out_and_said(tmp_path: Path) -> None:
    rows = [
        "Name,ORCID,e-Rad",
        "Taro Yamada,0000-0000-0000-0000,123",
        "Aoi Mori,https://orcid.org/0000-0002-1825-0097,12345678",
    ]
    text = "\n".join(rows)
    _, found = understand(written(tmp_path, "list.csv", text))
    bad, good = entries_of(found)
    assert (bad.fields.orcid, bad.fields.erad, bad.doubts) == (None, None, ["orcid_invalid", "erad_invalid"])
    assert (good.fields.orcid, good.fields.erad, good.doubts) == ("0000-0002-1825-0097", "12345678", [])


def test_a_bracket_that_names_a_script_makes_no_name_of_another_column(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(
        "姓,名,所属（英語表記）,都市\n新垣,正弘,Monash University,メルボルン\n比嘉,美幸,GNS Science,ハット\n", "euc_jp"
    )
    with read_file(path, path.name) as outcome:
        read = [(entry.fields.full_name, entry.fields.institution) for entry in outcome.entries()]
    assert read == [("新垣 正弘", "Monash University"), ("比嘉 美幸", "GNS Science")]
