"""Identifiers: written in many ways, stored in one, refused with a reason. The numbers of people are made up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.core.i18n import speaking
from crm.core.identifiers import (
    SCHEMES,
    InvalidIdentifier,
    address,
    erad_check_digit,
    find_all,
    is_valid,
    normalise,
    ror_check_digits,
    scheme_of,
)


@pytest.mark.parametrize(
    ("scheme", "written", "stored"),
    [
        ("orcid", "0000-0002-1825-0097", "0000-0002-1825-0097"),
        ("orcid", "https://orcid.org/0000-0002-1825-0097", "0000-0002-1825-0097"),
        ("orcid", "http://orcid.org/0000-0002-1825-0097/ ", "0000-0002-1825-0097"),
        ("orcid", "0000000218250097", "0000-0002-1825-0097"),
        ("orcid", "０００００００２１８２５００９７", "0000-0002-1825-0097"),
        ("orcid", "orcid:0000‐0002‐1825‐0097", "0000-0002-1825-0097"),
        ("isni", "0000 0001 2281 955x", "000000012281955X"),
        ("isni", "https://isni.org/isni/000000012281955X", "000000012281955X"),
        ("researchmap", "https://researchmap.jp/t_ono?lang=en", "t_ono"),
        ("researchmap", "researchmap.jp/read/t-ono/", "t-ono"),
        ("researchmap", "t_ono", "t_ono"),
        ("researchmap", "https://researchmap.jp/t_ono/published_papers", "t_ono"),
        ("openalex", "https://openalex.org/a5023888391", "A5023888391"),
        ("scopus", "https://www.scopus.com/authid/detail.uri?authorId=57193550100", "57193550100"),
        ("ror", "https://ror.org/00pjdza24", "00pjdza24"),
        ("ror", "01AN7Q238", "01an7q238"),
    ],
)
def test_each_way_of_writing_gives_the_stored_form(scheme: str, written: str, stored: str) -> None:
    assert normalise(scheme, written) == stored
    assert normalise(scheme, stored) == stored


@pytest.mark.parametrize(
    ("scheme", "written"),
    [
        ("orcid", "0000-0002-1825-0098"),
        ("orcid", "0000-0002-1825"),
        ("orcid", ""),
        ("isni", "0000 0001 1111 955X"),
        ("erad", "1234567"),
        ("erad", "abcdefgh"),
        ("researchmap", "大野太郎"),
        ("researchmap", "a b"),
        ("openalex", "W5023888391"),
        ("scopus", "12"),
        ("ror", "00pjdza25"),
        ("ror", "0upjdza24"),
    ],
)
def test_a_slip_is_refused_with_a_sentence(scheme: str, written: str) -> None:
    with pytest.raises(InvalidIdentifier) as refusal:
        normalise(scheme, written)
    assert str(refusal.value).endswith(".")
    assert refusal.value.status == 422
    with speaking("ja"):
        assert str(refusal.value)


@pytest.mark.parametrize("ror", ["00pjdza24", "02jbv0t02", "03yrm5c26", "01an7q238"])
def test_the_check_digits_of_real_institutions_fit(ror: str) -> None:
    assert ror_check_digits(ror[:7]) == ror[7:]


@given(st.text("0123456789", min_size=7, max_size=7), st.integers(0, 6), st.integers(1, 9))
def test_an_erad_number_with_one_wrong_digit_in_a_simple_place_is_refused(seven: str, place: int, step: int) -> None:
    number = f"{erad_check_digit(seven)}{seven}"
    assert normalise("erad", number) == number
    assert normalise("erad", "10000" + number) == number
    if place % 2 == 0:
        other = seven[:place] + str((int(seven[place]) + step) % 10) + seven[place + 1 :]
        assert not is_valid("erad", number[0] + other)


@given(st.sampled_from(sorted(SCHEMES)), st.text())
def test_any_text_is_normalised_or_refused_and_never_twice_different(scheme: str, text: str) -> None:
    try:
        once = normalise(scheme, text)
    except InvalidIdentifier:
        return
    assert normalise(scheme, once) == once


@pytest.mark.parametrize(
    ("text", "scheme"),
    [
        ("https://orcid.org/0000-0002-1825-0097", "orcid"),
        ("0000-0002-1825-0097", "orcid"),
        ("0000-0002-1825-0098", None),
        ("https://researchmap.jp/t_ono", "researchmap"),
        ("https://ror.org/00pjdza24", "ror"),
        ("https://example.org/lab", None),
        ("12345678", None),
    ],
)
def test_a_link_says_its_scheme(text: str, scheme: str | None) -> None:
    assert scheme_of(text) == scheme


def test_every_scheme_has_a_label_and_most_have_a_page() -> None:
    assert all(str(label) for label in SCHEMES.values())
    assert address("orcid", "0000-0002-1825-0097") == "https://orcid.org/0000-0002-1825-0097"
    assert address("scopus", "57193550100") is None


def test_identifiers_are_found_in_running_text_each_once() -> None:
    text = "ORCID: 0000-0002-1825-0097（https://orcid.org/0000-0002-1825-0097）、https://researchmap.jp/t_ono. a@b.org"
    assert find_all(text) == [("orcid", "0000-0002-1825-0097"), ("researchmap", "t_ono")]
    assert find_all("ORCID 0000-0002-1825-0098, no. 12345678") == []


@given(st.text())
def test_looking_for_identifiers_survives_any_text(text: str) -> None:
    assert all(normalise(scheme, value) == value for scheme, value in find_all(text))
