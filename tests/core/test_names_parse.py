"""Names as lists have them; every person here is invented."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.core.names import ParsedName, parse_name, split_titles

CELLS = {
    "Prof. Dr. Taro YAMADA": ("Taro YAMADA", "YAMADA", "Taro", None, None, "Prof. Dr."),
    "Univ.-Prof. Dr.-Ing. Hanako Suzuki": ("Hanako Suzuki", "Suzuki", "Hanako", None, None, "Univ.-Prof. Dr.-Ing."),
    "Dr. rer. nat. Ken Ito": ("Ken Ito", "Ito", "Ken", None, None, "Dr. rer. nat."),
    "M. le Professeur YAMADA Taro": ("YAMADA Taro", "YAMADA", "Taro", None, None, "M. le Professeur"),
    "Mari Takase, M.D., Ph.D.": ("Mari Takase", "Takase", "Mari", None, None, "M.D. Ph.D."),
    "Yamada, Taro, PhD": ("Yamada, Taro", "Yamada", "Taro", None, None, "PhD"),
    "Prof. YAMADA, Taro": ("YAMADA, Taro", "YAMADA", "Taro", None, None, "Prof."),
    "山田 太郎 (Taro YAMADA)": ("Taro YAMADA", "YAMADA", "Taro", "山田 太郎", None, None),
    "YAMADA Taro 山田太郎": ("YAMADA Taro", "YAMADA", "Taro", "山田太郎", None, None),
    "山田太郎/Yamada Taro": ("Yamada Taro", "Yamada", "Taro", "山田太郎", None, None),
    "山田　太郎\nYamada Taro": ("Yamada Taro", "Yamada", "Taro", "山田 太郎", None, None),
    "山田 太郎（やまだ たろう）": ("山田 太郎", "山田", "太郎", "山田 太郎", "やまだ たろう", None),
    "高橋 健 (たかはし けん) TAKAHASHI Ken": ("TAKAHASHI Ken", "TAKAHASHI", "Ken", "高橋 健", "たかはし けん", None),
    "山田太郎教授": ("山田太郎", None, None, "山田太郎", None, "教授"),
    "准教授 鈴木 花子": ("鈴木 花子", "鈴木", "花子", "鈴木 花子", None, "准教授"),
    "髙﨑 花子 先生": ("髙﨑 花子", "髙﨑", "花子", "髙﨑 花子", None, "先生"),
    "𠮷田 博士": ("𠮷田 博士", "𠮷田", "博士", "𠮷田 博士", None, None),
    "佐藤（旧姓 鈴木） 花子": ("佐藤 花子", "佐藤", "花子", "佐藤 花子", None, None),
    "Yamada Taro*1": ("Yamada Taro", "Yamada", "Taro", None, None, None),
    "TAKASE Mari※1": ("TAKASE Mari", "TAKASE", "Mari", None, None, None),
    "Taro Yamada¹": ("Taro Yamada", "Yamada", "Taro", None, None, None),
    "Taro Yamada†": ("Taro Yamada", "Yamada", "Taro", None, None, None),
    "Ｔａｒｏ　ＹＡＭＡＤＡ": ("Taro YAMADA", "YAMADA", "Taro", None, None, None),
    "Maria van der Berg": ("Maria van der Berg", "van der Berg", "Maria", None, None, None),
    "Suharto": ("Suharto", None, "Suharto", None, None, None),
    "T. Yamada": ("T. Yamada", "Yamada", "T.", None, None, None),
    "יוסי כהן": ("יוסי כהן", None, None, None, None, None),
    "ﾔﾏﾀﾞ ﾀﾛｳ": ("ヤマダ タロウ", "ヤマダ", "タロウ", None, "ヤマダ タロウ", None),
}


@pytest.mark.parametrize("cell", CELLS)
def test_a_cell_is_taken_apart(cell: str) -> None:
    name = parse_name(cell)
    assert (name.full, name.family, name.given, name.kanji, name.kana, name.title) == CELLS[cell]


def test_the_column_tells_the_order_of_unmarked_names() -> None:
    assert parse_name("Aoi Rin", family_first=True).family == "Aoi"
    assert parse_name("Aoi Rin", family_first=False).family == "Rin"
    assert parse_name("Rin AOI", family_first=True).family == "AOI", "capitals go before the hint"


def test_radical_signs_of_printed_pages_become_kanji() -> None:
    assert parse_name("⾦⼦ ⻑⽣").kanji == "金子 長生"


def test_compatibility_kanji_stay_as_chosen() -> None:
    chosen = "\ufa19\u5c71 \u592a\u90ce"
    assert parse_name(chosen).kanji == chosen


def test_a_name_of_three_hundred_characters_is_whole_and_a_longer_one_is_cut() -> None:
    long = "Rakotoarimanana" * 20
    assert parse_name(long).full == long
    assert len(parse_name(long + "xyz").full) == 300


def test_emoji_stay_in_the_name_and_out_of_its_parts() -> None:
    name = parse_name("😀 Mai Chiba")
    assert (name.full, name.family, name.given) == ("😀 Mai Chiba", "Chiba", "Mai")


def test_control_characters_and_direction_marks_go() -> None:
    assert parse_name("Taro\x00 \u202eYamada\u202c\x07").full == "Taro Yamada"


def test_titles_alone_leave_the_word_standing() -> None:
    assert split_titles("Prof.") == ("Prof.", None)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=400))
def test_any_text_gives_a_name_without_failing(text: str) -> None:
    name = parse_name(text)
    assert isinstance(name, ParsedName)
    assert len(name.full) <= 300
    assert "\x00" not in name.full
