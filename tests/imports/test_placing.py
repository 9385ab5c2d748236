"""A city alone tells the country where it is in no doubt, and the page says that this is a guess."""

import pytest
from starlette.testclient import TestClient

from crm.core.work import Worker
from crm.imports.placing import GUESSED, Area, country_of, guess_place
from tests.conftest import SignIn

BOSTON: Area = frozenset({("US", "MA"), ("US", "ME"), ("US", "CT")})
GERMANY: Area = frozenset({("DE", None)})
CANADA: Area = frozenset({("CA", None)})


@pytest.mark.parametrize(
    ("city", "area", "country"),
    [
        ("Cambridge", BOSTON, "US"),
        ("ケンブリッジ", BOSTON, "US"),
        ("Frankfurt", GERMANY, "DE"),
        ("Wien", GERMANY, "AT"),
        ("Paris", BOSTON, None),
        ("London", CANADA, None),
        ("Cambridge", frozenset(), None),
        ("Nowhereville", BOSTON, None),
    ],
)
def test_the_missions_own_area_decides_unless_a_far_larger_city_has_the_name(
    city: str, area: Area, country: str | None
) -> None:
    assert country_of(city, area) == country


def test_what_the_list_says_is_never_guessed() -> None:
    said, doubts = {"city": "Cambridge", "country": "GB"}, list[str]()
    guess_place(said, doubts, BOSTON)
    assert (said["country"], doubts) == ("GB", [])
    alone: dict[str, str | None] = {"city": "Cambridge", "country": None}
    guess_place(alone, doubts, BOSTON)
    assert (alone["country"], doubts) == ("US", [GUESSED])


def test_the_preview_shows_the_guess_as_one(sign_in: SignIn, worker: Worker) -> None:
    browser: TestClient = sign_in()
    text = "Name,Institution,City\nTaro Yamada,Northbridge University,Cambridge\nJiro Ono,Northbridge University,\n"
    answer = browser.post("/imports", files={"file": ("list.csv", text.encode())}, data={"language": "en"})
    worker.run_all()
    page = browser.get(answer.headers["location"]).text
    assert "Cambridge, United States?" in page
    assert page.count("The country was guessed from the city.") == 1
