import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func
from sqlmodel import select

from crm.accounts.models import JournalEntry
from crm.core.db import Database
from crm.organisations.models import Organisation, OrganisationKind
from crm.organisations.queries import name_key
from crm.organisations.shown import names_of
from tests.conftest import SignIn
from tests.factories.organisations import an_organisation


def typed(**changes: str) -> dict[str, str]:
    return {
        "name": "Institut für erfundene Studien",
        "name_en": "Institute of Invented Studies",
        "name_ja": "架空研究所",
        "other_names": "IES\nInstitut d'études inventées",
        "kind": "institute",
        "country": "US",
        "city": "Cambridge, Massachusetts",
        "ror": "",
        "website": "https://example.org/",
        **changes,
    }


def added(database: Database, name: str) -> Organisation:
    with database.reading() as session:
        return session.exec(select(Organisation).where(Organisation.name == name)).one()


def rows(text: str) -> list[str]:
    return re.findall(r'<a class="name"[^>]*>([^<]*)</a>', text)


@pytest.mark.both
def test_a_new_institution_stands_on_the_map_where_its_city_is(sign_in: SignIn, database: Database) -> None:
    browser = sign_in()
    answer = browser.post("/organisations", data=typed())
    assert answer.status_code == 303
    stored = added(database, "Institut für erfundene Studien")
    assert (stored.city, stored.region, stored.country) == ("Cambridge", "Massachusetts", "US")
    assert stored.latitude == pytest.approx(42.37, abs=0.1)
    assert stored.longitude == pytest.approx(-71.1, abs=0.1)
    text = browser.get(answer.headers["location"]).text
    assert "The institution has been added." in text
    for name in ("Institute of Invented Studies", "架空研究所", "IES"):
        assert name in text
    with database.reading() as session:
        line = session.exec(select(JournalEntry).where(JournalEntry.subject_id == stored.id)).one()
    assert (line.verb, line.subject_kind) == ("added", "organisation")


def test_a_city_written_in_japanese_is_the_same_city(sign_in: SignIn, database: Database) -> None:
    sign_in().post("/organisations", data=typed(city="ボストン"))
    assert added(database, "Institut für erfundene Studien").city == "Boston"


def test_an_unknown_city_is_kept_as_written_and_the_page_says_so(sign_in: SignIn, database: Database) -> None:
    browser = sign_in()
    answer = browser.post("/organisations", data=typed(city="Qwxzyk"))
    stored = added(database, "Institut für erfundene Studien")
    assert (stored.city, stored.latitude, stored.geonames_id) == ("Qwxzyk", None, None)
    assert "no point on the map" in browser.get(answer.headers["location"]).text


@pytest.mark.both
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"ror": "03vek6s53"}, "The last two digits do not fit the others"),
        ({"website": "javascript:alert(1)"}, "Please give a web address that begins with https://."),
        ({"country": "XX"}, "Please choose one of the options."),
        ({"name": ""}, "Please fill this in."),
        ({"ror": "03v76x132"}, "has this ROR ID already."),
    ],
)
def test_a_wrong_value_is_explained_and_what_was_typed_stays(
    sign_in: SignIn, database: Database, changes: dict[str, str], sentence: str
) -> None:
    answer = sign_in().post("/organisations", data=typed(**changes))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "架空研究所" in answer.text and 'value="Cambridge, Massachusetts"' in answer.text
    for field, value in changes.items():
        assert f'value="{value}"' in answer.text or not value or field == "country"
    with database.reading() as session:
        key = name_key("Institut für erfundene Studien")
        assert session.exec(select(Organisation).where(Organisation.name_key == key)).first() is None


def test_the_same_institution_is_not_added_twice(sign_in: SignIn) -> None:
    browser = sign_in()
    assert browser.post("/organisations", data=typed()).status_code == 303
    again = browser.post("/organisations", data=typed(name="INSTITUT FÜR ERFUNDENE STUDIEN"))
    assert again.status_code == 422
    assert "is in the directory already." in again.text


@pytest.mark.both
def test_a_change_is_saved_with_its_names_and_journal_line(sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        names = [("fr", "Institut d'études inventées"), ("", "IES"), ("en", "Old English Name")]
        organisation = an_organisation(session, "Institut für erfundene Studien", *names)
    data = typed(version="1", other_names="Institut d'études inventées\nIfeS")
    answer = sign_in().post(f"/organisations/{organisation.id}/edit", data=data)
    assert answer.status_code == 303
    with database.reading() as session:
        stored = {(row.language, row.name) for row in names_of(session, organisation.id)}
        line = session.exec(select(JournalEntry).where(JournalEntry.subject_id == organisation.id)).one()
        assert session.get_one(Organisation, organisation.id).version == 2
    assert stored == {
        ("fr", "Institut d'études inventées"),
        ("", "IfeS"),
        ("en", "Institute of Invented Studies"),
        ("ja", "架空研究所"),
    }
    assert line.changes is not None and line.changes["country"] == ["DE", "US"]


def test_saving_an_opened_form_unchanged_changes_nothing(sign_in: SignIn, database: Database) -> None:
    yale = added(database, "Yale University")
    browser = sign_in()
    text = browser.get(f"/organisations/{yale.id}/edit").text
    data = dict(re.findall(r'<input[^>]* name="(\w+)"[^>]* value="([^"]*)"', text))
    data |= {"kind": yale.kind.value, "country": str(yale.country)}
    assert browser.post(f"/organisations/{yale.id}/edit", data=data).status_code == 303
    assert added(database, "Yale University") == yale


@pytest.mark.both
def test_the_second_of_two_editors_sees_both_versions(sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        organisation = an_organisation(session, "Institut für erfundene Studien")
    address = f"/organisations/{organisation.id}/edit"
    assert sign_in().post(address, data=typed(version="1", name_en="First Editor")).status_code == 303
    answer = sign_in().post(address, data=typed(version="1", name_en="Second Editor", kind="university"))
    assert answer.status_code == 409
    for word in ("First Editor", "Second Editor", "Research institute", "University", "Somebody else changed"):
        assert word in answer.text
    assert "Name in Japanese" not in answer.text
    with database.reading() as session:
        assert "First Editor" in {row.name for row in names_of(session, organisation.id)}


@pytest.mark.both
@pytest.mark.parametrize(
    "q", ["yale", "ＹＡＬＥ university", "university yale", "イェール", "03v76x132", "https://ror.org/03v76x132"]
)
def test_an_institution_is_found_however_it_is_written(sign_in: SignIn, q: str) -> None:
    assert rows(sign_in().get("/organisations", params={"q": q}).text) == ["Yale University"]


@pytest.mark.parametrize("q", ["%", "_", "100%", "', ''", "・", "\\"])
def test_signs_of_the_database_are_only_signs(sign_in: SignIn, q: str) -> None:
    assert rows(sign_in().get("/organisations", params={"q": q}).text) == []


@pytest.mark.both
def test_filters_narrow_and_count_what_the_others_leave(sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        for number in range(3):
            an_organisation(session, f"Narrowed {number}", country="FR" if number else "DE")
        an_organisation(session, "Narrowed hospital", country="FR", kind=OrganisationKind.HOSPITAL)
    browser = sign_in()
    text = browser.get("/organisations", params={"q": "narrowed", "country": "FR"}).text
    assert rows(text) == ["Narrowed 1", "Narrowed 2", "Narrowed hospital"]
    counts = dict(re.findall(r'name="(?:kind|country)" value="(\w+)".*?<span class="num">(\d+)</span>', text))
    assert counts == {"institute": "2", "hospital": "1", "FR": "3", "DE": "1"}
    both = browser.get("/organisations", params={"q": "narrowed", "country": ["FR", "DE"], "kind": "institute"}).text
    assert rows(both) == ["Narrowed 0", "Narrowed 1", "Narrowed 2"]
    assert browser.get("/organisations", params={"country": "%%", "kind": "nothing", "after": "x"}).status_code == 200


@pytest.mark.both
def test_pages_follow_each_other_without_gap_or_double(sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        for number in range(120):
            an_organisation(session, "Paged" if number < 60 else f"Paged {number}")
    browser, address, seen = sign_in(), "/organisations?q=paged", []
    for _ in range(3):
        text = browser.get(address).text
        seen += re.findall(r'<a class="name" href="([^"]*)"', text)
        following = re.search(r'rel="next" href="([^"]*)"', text)
        address = following[1].replace("&amp;", "&") if following else ""
    assert len(seen) == len(set(seen)) == 120
    assert not address


@pytest.mark.both
def test_the_number_of_queries_does_not_grow_with_the_rows(
    sign_in: SignIn, database: Database, count_queries: Callable[[Database], Any]
) -> None:
    browser, numbers = sign_in(), []
    for more in (1, 30):
        with database.writing() as session:
            for _ in range(more):
                an_organisation(session, "", ("ja", "数える研究所"))
        with count_queries(database) as statements:
            assert browser.get("/organisations", params={"q": "数える"}).status_code == 200
        numbers.append(len(statements))
    assert numbers[0] == numbers[1] <= 7


def test_a_reader_of_headquarters_looks_but_does_not_change(sign_in: SignIn, database: Database) -> None:
    reader, yale = sign_in("hq_reader", "mofa"), added(database, "Yale University")
    text = reader.get("/organisations").text
    assert "/organisations/new" not in text
    detail = reader.get(f"/organisations/{yale.id}")
    assert detail.status_code == 200 and "/edit" not in detail.text
    for path in ("new", "cities", f"{yale.id}/edit"):
        assert reader.get(f"/organisations/{path}").status_code == 403
    assert reader.post("/organisations", data=typed()).status_code == 403
    assert reader.post(f"/organisations/{yale.id}/edit", data=typed()).status_code == 403


def test_a_visitor_is_asked_to_sign_in(client: Any) -> None:
    assert client.get("/organisations").headers["location"].startswith("/sign-in")


def test_an_unknown_institution_is_not_found(sign_in: SignIn) -> None:
    assert sign_in().get("/organisations/018f0000-0000-7000-8000-000000000000").status_code == 404


def test_cities_are_suggested_while_one_is_typed(sign_in: SignIn) -> None:
    part = sign_in().get(
        "/organisations/cities",
        params={"city": "cambri", "country": "US"},
        headers={"hx-target": "datalist#f-city-list"},
    )
    assert '<option value="Cambridge, Massachusetts">' in part.text
    assert "<html" not in part.text


def test_a_japanese_reader_sees_the_japanese_name_first(sign_in: SignIn) -> None:
    text = sign_in(language="ja").get("/organisations", params={"q": "yale"}).text
    assert rows(text) == ["イェール大学"]
    assert "Yale University" in text and "・米国" in text


def test_accents_and_commas_need_not_be_typed(sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        an_organisation(session, "Université d'Études, Żywiec")
    assert rows(sign_in().get("/organisations", params={"q": "ETUDES zywiec"}).text) == [
        "Université d&#39;Études, Żywiec"
    ]


def test_the_whole_directory_is_counted(sign_in: SignIn, database: Database) -> None:
    with database.reading() as session:
        number = session.exec(select(func.count()).select_from(Organisation)).one()
    assert f"{number} institutions" in sign_in().get("/organisations").text
