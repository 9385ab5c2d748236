"""Identifiers, institutions, e-mail addresses, keywords and near spellings. The people are invented."""

import pytest

from crm.core import search
from tests.core.test_search_names import finds

PAIRS = search.pairs_of(
    [
        ("がん", "cancer"),
        ("癌", "cancer"),
        ("免疫", "immunology"),
        ("免疫学", "immunology"),
        ("量子", "quantum"),
        ("計算", "computing"),
        ("機械学習", "machine learning"),
    ]
)
ORCID = "0000-0002-1825-0097"


_COPIED = ["{}", "https://orcid.org/{}", "orcid.org/{}", "ORCID {}", "ORCID iD: {}"]


@pytest.mark.parametrize("question", [*(text.format(ORCID) for text in _COPIED), "0000000218250097", "0000-0002-1825"])
def test_an_orcid_is_found_as_it_is_copied(question: str) -> None:
    assert finds(question, "Ono", identifiers=[ORCID])


def test_an_identifier_stored_as_an_address_is_found_by_its_number() -> None:
    assert finds("A5023888391", "Ono", identifiers=["https://openalex.org/A5023888391"])
    assert finds("12345678", "Ono", identifiers=["12345678"])
    assert not finds("12345679", "Ono", identifiers=["12345678"])


@pytest.mark.parametrize(
    "question", ["taro.ono@example.ac.jp", "Taro.Ono@", "@example.ac.jp", "example.ac.jp", "taro.ono"]
)
def test_an_address_is_found_by_either_side(question: str) -> None:
    assert finds(question, "大野", emails=["Taro.Ono@example.ac.jp"])


@pytest.mark.parametrize("question", ["東京大学", "大学", "京大", "University of Tokyo", "Tōkyō univ", "東京 大野"])
def test_an_institution_is_found_by_its_words(question: str) -> None:
    assert finds(question, "大野", institutions=["東京大学", "The University of Tokyo"])


def test_keywords_cross_the_languages() -> None:
    assert finds("cancer immunology", "X", keywords=["がん免疫"], pairs=PAIRS)  # type: ignore[arg-type]
    assert finds("がん免疫", "X", keywords=["Cancer Immunology"], pairs=PAIRS)  # type: ignore[arg-type]
    assert finds("癌", "X", keywords=["がん"], pairs=PAIRS)  # type: ignore[arg-type]
    assert not finds("cancer", "X", keywords=["がん免疫"])


def test_a_compound_is_translated_by_its_parts_or_not_at_all() -> None:
    assert search.keyword_forms("量子計算", PAIRS) >= {"量子計算", "quantum computing"}
    assert search.keyword_forms("量子機械学習", PAIRS) >= {"quantum machine learning"}
    assert search.keyword_forms("量子泥棒", PAIRS) == {"量子泥棒"}
    assert search.keyword_forms("…", PAIRS) == set()


def test_the_pairs_of_the_house_are_many_and_know_cancer_immunology() -> None:
    pairs = search.load_pairs()
    assert len(pairs.english) > 300
    assert "cancer immunology" in search.keyword_forms("がん免疫", pairs)


def test_near_spellings_come_best_first() -> None:
    tokens = search.tokens_for(["Watanabe Ken", "Watanuki Ai", "Tanaka Ichiro", "わたなべ"])
    assert search.close_tokens("Watanbe", tokens)[0] == "watanabe"
    assert search.close_tokens("Xatanabe", tokens) == ["watanabe"]
    assert search.close_tokens("q", tokens) == []
    assert len(search.close_tokens("tanaka", [f"tanaka{letter}" for letter in "bcdefghijkl"], limit=3)) == 3
