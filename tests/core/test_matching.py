"""Whether two records are one person. All people are made up."""

import time
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.core.i18n import speaking
from crm.core.matching import LIKELY, NAMES_ONLY, PERHAPS, Candidate, Match, best_matches, blocks, likely_pairs, score

ONO = Candidate(("大野 太郎", "ONO Taro"), ("おおの たろう",), "Harvard University", fields=("immunology",))


def seen(**changes: object) -> Match:
    given = {"names": ("大野太郎",), "readings": (), "institution": "", "fields": (), **changes}
    return score(ONO, Candidate(**given))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "other",
    [
        Candidate(("大野太郎",), institution="Harvard University"),
        Candidate(("Taro Ohno",), institution="HARVARD UNIVERSITY"),
        Candidate(("Tarō Ōno",), institution="Harvard Univ.", fields=("Immunology",)),
        Candidate(("T. Ono",), institution="Harvard University", fields=("immunology",)),
        Candidate(("Taro J. Ono",), institution="Harvard University"),
        Candidate(("オオノ タロウ",), institution="Harvard University"),
    ],
)
def test_the_same_name_at_the_same_place_is_perhaps_the_same_person(other: Candidate) -> None:
    match = score(ONO, other)
    assert PERHAPS <= match.score < 1
    assert match.reasons


@pytest.mark.parametrize(
    "other",
    [
        Candidate(("小野太郎", "ONO Taro"), institution="Kyoto University"),
        Candidate(("大野 花子", "ONO Hanako"), institution="Harvard University"),
        Candidate(("Taro Suzuki",), institution="Harvard University", fields=("immunology",)),
        Candidate(("Anna Müller",), institution="Harvard University"),
        Candidate(("Taro Ono",), institution="Kyoto University"),
        Candidate(("大野",)),
        Candidate(("",)),
    ],
)
def test_a_namesake_or_a_colleague_is_not(other: Candidate) -> None:
    assert score(ONO, other).score < PERHAPS


def test_names_alone_are_never_enough() -> None:
    match = score(ONO, Candidate(ONO.names, ONO.readings))
    assert PERHAPS <= match.score <= NAMES_ONLY
    assert score(Candidate(("Taro Ono",)), Candidate(("ONO Taro",))).score < PERHAPS


def test_old_and_new_kanji_are_one_name() -> None:
    match = score(Candidate(("髙橋 渡邊",), institution="X大学"), Candidate(("高橋渡辺",), institution="X大学"))
    assert match.score >= LIKELY


def test_one_identifier_or_address_in_common_says_it() -> None:
    orcid = (("orcid", "0000-0002-1825-0097"),)
    same = score(Candidate(("Taro Ono",), identifiers=orcid), Candidate(("大野太郎",), identifiers=orcid))
    assert same.score > 0.99
    mail = score(Candidate(("Taro Ono",), emails=("t@ono.example",)), Candidate(("T. Ono",), emails=("T@ONO.Example",)))
    assert mail.score > 0.99


def test_different_orcid_ids_outweigh_a_name_and_a_place() -> None:
    a = Candidate(("大野太郎",), institution="Harvard University", identifiers=(("orcid", "0000-0002-1825-0097"),))
    b = Candidate(("大野太郎",), institution="Harvard University", identifiers=(("orcid", "0000-0001-5109-3700"),))
    match = score(a, b)
    assert match.score < 0.05
    assert match.doubts


def test_an_address_of_another_person_leaves_it_open() -> None:
    match = score(
        Candidate(("Taro Ono",), emails=("lab@x.example",), institution="Kyoto University"),
        Candidate(("Anna Müller",), emails=("lab@x.example",), institution="Harvard University"),
    )
    assert match.score < PERHAPS
    assert len(match.doubts) == 2


def test_reasons_are_said_in_the_language_of_the_reader() -> None:
    match = seen(institution="Harvard University", identifiers=(("orcid", "1"),))
    assert [str(reason) for reason in match.reasons] == [
        "The name is the same in its own script",
        "The same institution",
    ]
    with speaking("ja"):
        assert all(str(reason) for reason in match.reasons)


names = st.lists(st.text(max_size=40), max_size=3).map(tuple)
candidates = st.builds(
    Candidate,
    names=names,
    readings=names,
    institution=st.text(max_size=40),
    fields=names,
    emails=names,
    identifiers=st.lists(st.tuples(st.sampled_from(["orcid", "erad"]), st.text(max_size=5)), max_size=2).map(tuple),
    city=st.none() | st.text(max_size=9),
)


@settings(deadline=None)
@given(candidates, candidates)
def test_a_score_has_no_order_and_survives_any_text(a: Candidate, b: Candidate) -> None:
    match = score(a, b)
    assert 0 <= match.score <= 1
    assert score(b, a) == match
    if not (a.mail & b.mail) and not any(a.known[scheme] & b.known.get(scheme, frozenset()) for scheme in a.known):
        assert match.score < 0.98


FAMILIES = ("Ono", "Sato", "Ito", "Kato", "Abe", "Mori", "Endo", "Ueda", "Hara", "Kubo")
GIVENS = ("Taro", "Hanako", "Kenji", "Yuko", "Ryohei", "Mai", "Daisuke", "Aya", "Shun", "Rie", "Jun", "Emi")
HOMES = ("Harvard University", "University of Oxford", "ETH Zürich", "Institut Pasteur", "Stanford University")


def spelt(rnd: Random, name: str) -> str:
    return rnd.choice([name, name.upper(), name.replace("o", "oh", 1) if name.endswith("o") else name])


def test_copies_with_slips_are_found_and_others_are_left_alone() -> None:
    rnd = Random(11)
    people = [(family, given, home) for family in FAMILIES for given in GIVENS for home in HOMES if rnd.random() < 0.3]
    first = [Candidate((f"{given} {family}",), institution=home) for family, given, home in people]
    second = [
        Candidate((f"{spelt(rnd, family)} {spelt(rnd, given)}",), institution=home.upper())
        for family, given, home in people
    ]
    found = {(a, b - len(first)) for a, b, _ in likely_pairs([*first, *second], LIKELY) if a < len(first) <= b}
    right = {pair for pair in found if pair[0] == pair[1]}
    assert len(right) >= 0.95 * len(people)
    assert len(found - right) <= 0.02 * len(people)


def test_blocks_bring_spellings_together_and_keep_strangers_apart() -> None:
    assert blocks(Candidate(("Taro Ohno",))) & blocks(Candidate(("大野太郎",), ("おおの たろう",)))
    assert blocks(Candidate(("T. Ono",))) & blocks(ONO)
    assert not blocks(Candidate(("Anna Müller",))) & blocks(ONO)


def test_the_likeliest_come_first() -> None:
    near = Candidate(("Taro Ono",), institution="Harvard University", fields=("immunology",))
    nearer = Candidate(("大野太郎",), institution="Harvard University", fields=("immunology",))
    far = Candidate(("Anna Müller",))
    assert [other for other, _ in best_matches(ONO, [far, near, nearer])] == [nearer, near]


def test_a_comparison_is_quick_enough_for_typing() -> None:
    others = [Candidate((f"Taro Ono{n}",), institution="Harvard University") for n in range(500)]
    best_matches(ONO, others)
    start = time.process_time()
    best_matches(ONO, others)
    assert (time.process_time() - start) / 500 < 0.001
