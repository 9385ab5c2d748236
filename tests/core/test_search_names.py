"""Each name is stored in one spelling and asked for in another. The people are invented."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crm.core import search


def finds(question: str, *names: str, **more: list[str]) -> bool:
    keys = search.keys_for(names, **more)  # type: ignore[arg-type]
    ranges = search.queries_for(question)
    return bool(ranges) and all(any(low <= key < high for low, high in word for key in keys) for word in ranges)


ONO = ("大野 太郎", "おおの たろう", "ONO Taro")


@pytest.mark.parametrize(
    "stored", [ONO, ("大野 太郎", "オオノ タロウ"), ("大野太郎", "Ohno Taroh"), ("大野 太郎", "Tarō Ōno")]
)
@pytest.mark.parametrize(
    "question",
    [
        "大野",
        "おおの",
        "オオノ",
        "ｵｵﾉ",
        "Ohno",
        "Ono",
        "Oono",
        "Ōno",
        "Ôno",
        "ONO Taro",
        "Taro Ono",
        "ohno, tarou",
        "OnoTaro",
    ],
)
def test_ono_is_found_however_he_is_written(stored: tuple[str, ...], question: str) -> None:
    assert finds(question, *stored)


@pytest.mark.parametrize("question", ["Onoda", "小野", "Taro Abe", "大野 花子", "Ohnishi"])
def test_ono_is_not_everybody(question: str) -> None:
    assert not finds(question, *ONO)


@pytest.mark.parametrize(
    ("stored", "question"),
    [
        ("高橋", "髙橋"),
        ("髙橋", "高橋"),
        ("渡辺", "渡邊"),
        ("渡邉", "渡邊"),
        ("山崎", "山﨑"),
        ("斎藤", "齋藤"),
        ("斉藤", "齊藤"),
        ("斎藤", "斉藤"),
        ("沢田", "澤田"),
        ("広瀬", "廣瀬"),
        ("国枝", "國枝"),
        ("浜田", "濱田"),
        ("吉田", "𠮷田"),
        ("佐々木", "佐佐木"),
        ("辻", "辻\U000e0100"),
        ("龍ヶ崎", "竜ケ崎"),
    ],
)
def test_old_and_new_kanji_are_one(stored: str, question: str) -> None:
    assert finds(question, stored)
    assert finds(stored, question)


@pytest.mark.parametrize("question", ["野太", "太", "野", "郎", "太郎"])
def test_one_and_two_kanji_inside_a_name_are_enough(question: str) -> None:
    assert finds(question, "大野 太郎")


@pytest.mark.parametrize(
    "spellings",
    [
        ("Müller", "Mueller", "Muller", "MÜLLER"),
        ("Ohishi", "Oishi", "Ooishi", "Ōishi", "おおいし", "オーイシ"),
        ("Inoue", "Inouye", "Inoué", "いのうえ"),
        ("Keiko", "ケーコ", "けいこ"),
        ("Shimbashi", "Shinbashi", "Sinbasi", "しんばし"),
        ("Shin'ichi", "Shinichi", "Shin-ichi", "シンイチ"),
        ("Tsuchiya", "Tutiya", "つちや"),
        ("Shoji", "Syozi", "Shouji", "Shōji", "しょうじ"),
        ("Kitcho", "Kiccho", "きっちょ"),
        ("Fujita", "Huzita", "フジタ"),
        ("Jun", "ジュン", "Zyun"),
        ("Satoh", "Sato", "Satou", "サトー"),
        ("Yuhki", "Yuki", "ゆうき"),
        ("Şükrü", "Sukru", "SUKRU"),
        ("Łukasz", "Lukasz"),
        ("O’Brien", "OBrien", "O'Brien"),
        ("Strauß", "Strauss"),
        ("Kim Min-jun", "Min-Jun Kim", "Minjun Kim", "KIM Minjun"),
        ("Jean-Pierre", "Jean Pierre"),
    ],
)
def test_spellings_of_one_name_find_each_other(spellings: tuple[str, ...]) -> None:
    missed = [(stored, asked) for stored in spellings for asked in spellings if not finds(asked, stored)]
    assert missed == []


@pytest.mark.parametrize(
    ("stored", "question"),
    [
        ("محمد عليّ الحسن", "علي"),
        ("أحمد", "احمد"),
        ("דָּוִד כהן", "דוד"),
        ("Иван Фёдоров", "федоров"),
        ("김철수", "철수"),
        ("สมชาย ใจดี", "ใจดี"),
        ("Γιώργος Παπαδόπουλος", "ΠΑΠΑΔΟΠΟΥΛΟΣ"),
        ("अनिता शर्मा", "शर्मा"),
        ("李 伟", "伟"),
    ],
)
def test_other_scripts_are_found_in_their_own_letters(stored: str, question: str) -> None:
    assert finds(question, stored)


HEPBURN = {
    "Shimizu": "しみず", "Chiba": "ちば", "Tsuji": "つじ", "Fukuda": "ふくだ", "Jinbo": "じんぼ", "Namba": "なんば",
    "Ohtani": "おおたに", "Kyoto": "きょうと", "Hatchobori": "はっちょうぼり", "Ryoichi": "りょういち",
    "Matsuda": "まつだ", "Hoshino": "ほしの", "Komatsu": "こまつ", "Homma": "ほんま", "Daichi": "だいち",
    "Uyeda": "うえだ",
}  # fmt: skip


@pytest.mark.parametrize(("latin", "kana"), HEPBURN.items())
def test_somebody_still_typing_sees_the_name_after_every_letter(latin: str, kana: str) -> None:
    missed = [latin[:end] for end in range(1, len(latin) + 1) if not finds(latin[:end], kana)]
    assert missed == []


@pytest.mark.parametrize("name", ["Martin", "Charlotte", "Schäfer", "John", "Jürgen", "Michael", "Hofmann", "Björk"])
def test_names_from_elsewhere_are_found_after_every_letter(name: str) -> None:
    missed = [name[:end] for end in range(1, len(name) + 1) if not finds(name[:end], name)]
    assert missed == []


def test_a_name_written_together_is_found_in_one_piece() -> None:
    assert finds("OnoTaro", *ONO)
    assert finds("TaroOno", *ONO)
    assert finds("おおのたろう", *ONO)


def test_a_reading_without_a_space_is_found_by_the_given_name() -> None:
    assert finds("Taro", "大野太郎", "おおのたろう")
    assert finds("おおの たろう", "大野太郎", "おおのたろう")


def test_several_given_names_are_found_in_any_order() -> None:
    stored = "María del Carmen García López"
    assert finds("garcia lopez maria", stored)
    assert finds("Lopez, Maria", stored)
    assert finds("del Carmen", stored)


def test_every_range_holds_the_prefix_and_stops_behind_it() -> None:
    for word in search.queries_for("大野 taro おおの 42"):
        for low, high in word:
            assert low < low + "あ" < high
            assert high.startswith(low)


@settings(max_examples=400, deadline=None)
@given(st.text(max_size=80))
@example("\ud800")
@example("\x00々ゝーゃ")
@example("İstanbul ß ŉ ﷺ")
def test_no_text_breaks_the_search(text: str) -> None:
    keys = search.keys_for([text], identifiers=[text], institutions=[text], emails=[text], keywords=[text], pairs=PAIRS)
    assert all(1 < len(key) <= 60 and key[0] in "nrioek" for key in keys)
    for word in search.queries_for(text):
        assert word
        assert all(low < high and len(low) > 1 for low, high in word)
    search.close_tokens(text, search.tokens_for([text, "Tanaka"]))


PAIRS = search.pairs_of([("がん", "cancer"), ("免疫", "immunology")])

_NAMES = st.text(alphabet="abcehijkmnorstuwy āōū'あいうえおかしちつふじゃょんっー大野高橋澤ミ", min_size=1, max_size=24)


@settings(max_examples=400, deadline=None)
@given(_NAMES)
def test_every_name_finds_itself(name: str) -> None:
    if search.queries_for(name):
        assert finds(name, name)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=40) | _NAMES)
@example("Ǣ")
def test_folding_twice_changes_nothing(text: str) -> None:
    assert search.fold(search.fold(text)) == search.fold(text)
    assert search.romaji_key(search.romaji_key(text)) == search.romaji_key(text)


def test_the_kinds_explain_themselves() -> None:
    kinds = {
        search.kind_of(key) for key in search.keys_for(ONO, identifiers=["1"], institutions=["X大学"], emails=["a@b"])
    }
    assert kinds == set("nrioe")
    assert len({str(search.explain(kind)) for kind in "nrioek"}) == 6
