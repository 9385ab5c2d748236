import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func
from sqlmodel import Session, select
from typer.testing import CliRunner

from crm.cli import app as commands
from crm.core.db import Database
from crm.organisations.actions import load_reference
from crm.organisations.models import Organisation, OrganisationKind, OrganisationName
from crm.organisations.queries import find_organisation
from crm.organisations.shown import names_of
from tests.factories.organisations import an_organisation

Import = Callable[[Path], Any]


def a_record(ror: str = "00pjdza24", name: str = "University of Nowhere", **changes: Any) -> dict[str, Any]:
    """A made-up record in the shape of schema 2; the ROR ids are real ones, so that their check digits fit."""
    details = {"name": "Oakland", "country_code": "US", "country_name": "United States", "lat": 37.8, "lng": -122.27}
    return {
        "id": f"https://ror.org/{ror}",
        "status": "active",
        "types": ["funder", "education"],
        "names": [
            {"value": name, "types": ["ror_display", "label"], "lang": "en"},
            {"value": "どこでもない大学", "types": ["label"], "lang": "ja"},
            {"value": "UN", "types": ["acronym"], "lang": None},
        ],
        "links": [
            {"type": "wikipedia", "value": "https://w.example.org"},
            {"type": "website", "value": "https://n.example.org"},
        ],
        "locations": [{"geonames_id": 5378538, "geonames_details": details}],
        **changes,
    }


@pytest.fixture
def import_file(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Import:
    monkeypatch.setenv("CRM_DATABASE_URL", database_url)
    return lambda file: CliRunner().invoke(commands, ["import", "ror", str(file)])


def written(path: Path, *records: dict[str, Any]) -> Path:
    path.write_text(json.dumps(list(records), ensure_ascii=False), "utf-8")
    return path


def by_ror(session: Session, ror: str) -> Organisation:
    return session.exec(select(Organisation).where(Organisation.ror == ror)).one()


def everything(database: Database) -> list[Any]:
    with database.reading() as session:
        rows = session.exec(select(Organisation).order_by(Organisation.id)).all()  # type: ignore[arg-type]
        names = session.exec(select(func.count()).select_from(OrganisationName)).one()
        return [*(row.model_dump() for row in rows), names]


@pytest.mark.both
def test_the_reference_is_loaded_once_and_whole(database: Database) -> None:
    before = everything(database)
    assert len(before) > 250
    with database.writing() as session:
        assert load_reference(session) == len(before) - 1
    assert everything(database) == before
    with database.reading() as session:
        yale = find_organisation(session, "イェール大学")
        assert yale is not None and yale.name == "Yale University" and yale.latitude == pytest.approx(41.3, abs=0.1)


def test_loading_the_reference_again_keeps_what_users_changed(database: Database) -> None:
    with database.writing() as session:
        yale = by_ror(session, "03v76x132")
        yale.website, yale.city, yale.region = "https://changed.example.org", None, None
        yale.geonames_id = yale.latitude = yale.longitude = None
    with database.writing() as session:
        load_reference(session)
    with database.reading() as session:
        yale = by_ror(session, "03v76x132")
        assert (yale.website, yale.city) == ("https://changed.example.org", "New Haven")
        assert yale.latitude is not None


@pytest.mark.both
def test_a_dump_read_twice_changes_nothing(database: Database, import_file: Import, tmp_path: Path) -> None:
    records = [a_record(), a_record("03yrm5c26", "Second Invented", locations=[], types=["facility"])]
    file = written(tmp_path / "dump.json", *records)
    first = import_file(file)
    assert first.exit_code == 0 and "2 organisations added, 0 completed, 0 unchanged" in first.output
    stored = everything(database)
    again = import_file(file)
    assert "0 organisations added, 0 completed, 2 unchanged" in again.output
    assert everything(database) == stored
    with database.reading() as session:
        new = by_ror(session, "00pjdza24")
        names = {(row.language, row.name) for row in names_of(session, new.id)}
    assert (new.name, new.kind, new.city, new.country) == (
        "University of Nowhere",
        OrganisationKind.UNIVERSITY,
        "Oakland",
        "US",
    )
    assert (new.latitude, new.geonames_id, new.website) == (37.8, 5378538, "https://n.example.org")
    assert names == {("en", "University of Nowhere"), ("ja", "どこでもない大学"), ("", "UN")}


@pytest.mark.both
def test_a_known_organisation_gets_what_it_lacks_and_keeps_the_rest(
    database: Database, import_file: Import, tmp_path: Path
) -> None:
    with database.writing() as session:
        columns = {"ror": "00pjdza24", "website": "https://own.example.org", "country": "US"}
        known = an_organisation(session, "Universitas Nusquam", **columns)
    result = import_file(written(tmp_path / "dump.json", a_record()))
    assert "0 organisations added, 1 completed" in result.output
    with database.reading() as session:
        stored = session.get_one(Organisation, known.id)
        assert (stored.name, stored.website) == ("Universitas Nusquam", "https://own.example.org")
        assert (stored.city, stored.latitude) == ("Oakland", 37.8)
        assert "どこでもない大学" in {row.name for row in names_of(session, known.id)}


def test_an_organisation_without_an_id_is_recognised_by_its_name_and_country(
    database: Database, import_file: Import, tmp_path: Path
) -> None:
    with database.writing() as session:
        known = an_organisation(session, "UNIVERSITY of nowhere", country="US")
        elsewhere = an_organisation(session, "University of Nowhere", country="FR")
    assert "1 completed" in import_file(written(tmp_path / "dump.json", a_record())).output
    with database.reading() as session:
        assert session.get_one(Organisation, known.id).ror == "00pjdza24"
        assert session.get_one(Organisation, elsewhere.id).ror is None


def test_two_organisations_of_one_name_stay_two(database: Database, import_file: Import, tmp_path: Path) -> None:
    file = written(tmp_path / "dump.json", a_record(), a_record("03yrm5c26"))
    assert "2 organisations added" in import_file(file).output
    assert "2 unchanged" in import_file(file).output


def test_a_zip_is_read_and_what_no_longer_exists_is_left_out(
    database: Database, import_file: Import, tmp_path: Path
) -> None:
    many = [a_record(), a_record("03yrm5c26", "Closed", status="withdrawn")]
    with zipfile.ZipFile(tmp_path / "dump.zip", "w") as archive:
        archive.writestr("v9-ror-data.csv", "id,name")
        archive.writestr("v9-ror-data_schema_v2.json", json.dumps(many, indent=4))
    assert "1 organisations added" in import_file(tmp_path / "dump.zip").output


def test_a_dump_longer_than_one_chunk_is_read_whole(database: Database, import_file: Import, tmp_path: Path) -> None:
    long = [{"value": f"Langer Name № {number} — 東京", "types": ["alias"], "lang": None} for number in range(4000)]
    first = a_record()
    first["names"] = [*first["names"], *long]
    result = import_file(written(tmp_path / "dump.json", first, a_record("03yrm5c26", "The Next One")))
    assert "2 organisations added" in result.output
    with database.reading() as session:
        assert len(names_of(session, by_ror(session, "00pjdza24").id)) == 4003


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\xff\xfe random",
        b"id,name\n1,x\n",
        b'{"items": []}',
        b"[1, 2]",
        b'[{"id": "https://ror.org/00pjdza24", "name": "schema 1", "status": "active"}]',
        json.dumps([a_record("03yrm5c27")]).encode(),
        json.dumps([a_record()])[:-30].encode(),
        json.dumps([a_record(names=[])]).encode(),
        b"PK\x03\x04 broken",
    ],
)
def test_a_file_that_is_no_dump_is_refused_in_one_sentence(
    database: Database, import_file: Import, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "bad.json").write_bytes(content)
    before = everything(database)
    result = import_file(tmp_path / "bad.json")
    assert result.exit_code == 1
    assert "This file" in result.output and "Traceback" not in result.output
    assert everything(database) == before


def test_a_missing_file_and_an_archive_of_something_else_are_refused(import_file: Import, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("readme.txt", "nothing")
    assert import_file(tmp_path / "missing.json").exit_code == 1
    other = import_file(tmp_path / "other.zip")
    assert other.exit_code == 1 and "holds no JSON file" in other.output
