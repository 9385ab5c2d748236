import pytest

from crm.core.names import Script, display, family_marked, initials, script_of, sorting, tidy


def test_the_family_name_is_marked_and_first() -> None:
    assert family_marked("Takase", "Mari") == "TAKASE Mari"
    assert family_marked(None, "Suharto") == "Suharto"


def test_display_follows_the_script() -> None:
    assert display("山田太郎", "山田", "太郎") == "山田 太郎"
    assert display("Taro YAMADA", "YAMADA", "Taro") == "YAMADA Taro"
    assert display("Taro YAMADA", "YAMADA", "Taro", family_first=False) == "Taro Yamada"
    assert display("Suharto", None, "Suharto") == "Suharto"


def test_sorting_puts_a_comma_in_latin_script_only() -> None:
    assert sorting("Taro Yamada", "Yamada", "Taro") == "Yamada, Taro"
    assert sorting("山田 太郎", "山田", "太郎") == "山田 太郎"


@pytest.mark.parametrize(
    ("full", "family", "given", "expected"),
    [
        ("Taro Yamada", "Yamada", "Taro", "TY"),
        ("山田 太郎", "山田", "太郎", "山"),
        ("Suharto", None, "Suharto", "S"),
        ("Mary Ann Smith", None, None, "MS"),
    ],
)
def test_initials(full: str, family: str | None, given: str | None, expected: str) -> None:
    assert initials(full, family, given) == expected


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("山田 さくら", Script.KANJI),
        ("やまだ", Script.KANA),
        ("Yamada", Script.LATIN),
        ("نور", Script.OTHER),
        ("123", Script.NONE),
        ("𠮷", Script.KANJI),
    ],
)
def test_script_of(text: str, script: Script) -> None:
    assert script_of(text) is script


def test_tidy_unifies_width_and_keeps_variants() -> None:
    assert tidy("　Ａ１　髙﨑\x00 ｶﾞ ") == "A1 髙﨑 ガ"
