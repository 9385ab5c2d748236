"""What stands in brackets behind an institution: a town is one, an abbreviation is none."""

import pytest

from crm.imports.reading.affiliation import split_affiliation


@pytest.mark.parametrize(
    ("text", "institution", "unit", "city"),
    [
        ("Harvard University (Cambridge, MA)", "Harvard University", None, "Cambridge"),
        ("University of Tokyo (Tokyo)", "University of Tokyo", None, "Tokyo"),
        ("Example University (CS)", "Example University (CS)", None, None),
        ("イタリア技術研究所（IIT）ロボティクス部門", "イタリア技術研究所(IIT)", "ロボティクス部門", None),
        ("国立国際医療研究センター国府台病院", "国立国際医療研究センター国府台病院", None, None),
        ("国立がん研究センター研究所", "国立がん研究センター研究所", None, None),
    ],
)
def test_a_bracket_and_what_follows_it(text: str, institution: str, unit: str | None, city: str | None) -> None:
    found = split_affiliation(text)
    assert (found.institution, found.unit, found.city) == (institution, unit, city)
