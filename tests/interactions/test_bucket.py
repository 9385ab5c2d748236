"""Files of contacts in a bucket: the same to users, backups, erasure and the doctor as in a folder."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from crm import backup
from crm.core.bucket import WrongAddress, place_of, trouble_with
from crm.core.db import Database
from crm.core.errors import Missing
from crm.core.files import Folder, NotKept, Store
from crm.core.settings import Settings, read_settings
from crm.core.stores import store_of
from crm.interactions import filing
from crm.interactions.models import Attachment
from crm.migrations import migrate
from tests.buckets import StoreServer
from tests.conftest import SignIn, free_port
from tests.factories.accounts import Post, a_post, a_session_cookie
from tests.factories.interactions import a_contact
from tests.factories.people import a_person

JOB: Any = None
"""Sweeping asks nothing of its job."""
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def place(store_server: StoreServer) -> tuple[str, str]:
    return store_server.made()


@pytest.fixture
def settings(tmp_path: Path, database_url: str, place: tuple[str, str]) -> Settings:
    """Of an installation that has a bucket."""
    said = {"CRM_DATA_DIR": str(tmp_path / "var"), "CRM_DATABASE_URL": database_url, "CRM_FILES_URL": place[0]}
    return read_settings({**said, "CRM_BASE_URL": "http://testserver"})


@pytest.fixture
def boston(database: Database, open_client: Callable[[], TestClient]) -> tuple[Post, TestClient, str]:
    with database.writing() as session:
        post = a_post(session)
        cookie = a_session_cookie(session, post)
        contact = a_contact(session, post.actor, a_person(session, post.actor))
    browser = open_client()
    browser.cookies.set("meguri_session", cookie)
    browser.cookies.set("meguri_language", "en")
    return post, browser, f"/interactions/{contact.id}"


@pytest.mark.parametrize("kind", ["folder", "bucket"])
def test_a_folder_and_a_bucket_keep_one_promise(kind: str, tmp_path: Path, place: tuple[str, str]) -> None:
    at = place[0] if kind == "bucket" else ""
    store: Store = store_of(read_settings({"CRM_DATA_DIR": str(tmp_path), "CRM_FILES_URL": at}), "attachments")
    assert isinstance(store, Folder) == (kind == "folder")
    long = bytes(range(256)) * 1_000
    assert list(store.names()) == []
    for name, content in (("a", b"first"), ("a", long), ("b", b"second")):
        store.keep(name, BytesIO(content))
    pieces = list(store.read("a"))
    assert b"".join(pieces) == long and max(map(len, pieces)) <= 64 * 1024
    assert list(store.names()) == ["a", "b"]
    now = datetime.now(UTC)
    assert list(store.names(now - timedelta(hours=1))) == []
    assert list(store.names(now + timedelta(hours=1))) == ["a", "b"]
    store.remove("a")
    store.remove("a")
    with pytest.raises(Missing):
        store.read("a")
    assert list(store.names()) == ["b"]


def test_a_file_goes_to_the_bucket_and_comes_back_through_the_application(
    boston: tuple[Post, TestClient, str], database: Database, settings: Settings, place: tuple[str, str],
    store_server: StoreServer, sign_in: SignIn,
) -> None:  # fmt: skip
    _post, browser, contact = boston
    assert browser.post(f"{contact}/files", files=[("files", ("講演 資料.pdf", PDF))]).status_code == 303
    with database.reading() as session:
        [file] = session.exec(select(Attachment))
    assert store_server.keys(place[1]) == [f"kept/attachments/{file.id}"]
    assert not (settings.data_dir / "attachments").exists()
    answer = browser.get(f"{contact}/files/{file.id}", follow_redirects=False)
    assert (answer.status_code, answer.content) == (200, PDF)
    assert answer.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["content-security-policy"]
    assert sign_in("attache", "us-chi").get(f"{contact}/files/{file.id}").status_code == 404


def test_what_no_row_stands_for_any_more_leaves_the_bucket_too(
    boston: tuple[Post, TestClient, str], database: Database, settings: Settings, place: tuple[str, str],
    store_server: StoreServer, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    _post, browser, contact = boston
    browser.post(f"{contact}/files", files=[("files", (name, PDF)) for name in ("a.pdf", "b.pdf")])
    with database.reading() as session:
        first, second = session.exec(select(Attachment).order_by(Attachment.id))  # type: ignore[arg-type]
    store_server.client.put_object(Bucket=place[1], Key=f"kept/attachments/{uuid4()}", Body=b"of a failed transaction")
    browser.post(f"{contact}/files/{first.id}/remove")
    monkeypatch.setenv("CRM_FILES_URL", settings.files_url)
    monkeypatch.setenv("CRM_DATA_DIR", str(settings.data_dir))
    filing.sweep(database, JOB)
    assert len(store_server.keys(place[1])) == 3
    monkeypatch.setattr("crm.core.files._OLD", timedelta(seconds=-5))
    filing.sweep(database, JOB)
    assert store_server.keys(place[1]) == [f"kept/attachments/{second.id}"]
    browser.post(f"{contact}/remove")
    filing.sweep(database, JOB)
    assert store_server.keys(place[1]) == []


def test_a_store_that_does_not_answer_changes_nothing_and_says_so(
    boston: tuple[Post, TestClient, str], database: Database, app: object, settings: Settings
) -> None:
    _post, browser, contact = boston
    browser.post(f"{contact}/files", files=[("files", ("a.pdf", PDF))])
    nowhere = f"s3://a:b@bucket?endpoint=http://127.0.0.1:{free_port()}&region=us-east-1"
    app.state.settings = replace(settings, files_url=nowhere)  # type: ignore[attr-defined]
    assert browser.post(f"{contact}/files", files=[("files", ("b.pdf", PDF))]).status_code == 303
    assert "The store of files does not answer" in browser.get(contact).text
    with database.reading() as session:
        [file] = session.exec(select(Attachment))
    assert browser.get(f"{contact}/files/{file.id}").status_code == 502
    with pytest.raises(NotKept):
        store_of(replace(settings, files_url=nowhere), "attachments").remove("a")


def test_a_backup_takes_the_bucket_along_and_fits_a_folder_and_another_bucket(
    store_server: StoreServer, place: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = read_settings({"CRM_DATA_DIR": str(tmp_path / "here"), "CRM_FILES_URL": place[0]})
    here.data_dir.mkdir()
    migrate(here.database_url)
    name = str(uuid4())
    store_of(here, "attachments").keep(name, BytesIO(PDF))
    older = Folder(here.data_dir / "attachments")
    older.keep("older", BytesIO(b"from before there was a bucket"))
    backup.write_archive(here, tmp_path / "meguri.zip")
    folder = read_settings({"CRM_DATA_DIR": str(tmp_path / "folder")})
    backup.read_archive(folder, tmp_path / "meguri.zip")
    assert sorted(path.name for path in (folder.data_dir / "attachments").iterdir()) == sorted([name, "older"])
    address, bucket = store_server.made()
    there = read_settings({"CRM_DATA_DIR": str(tmp_path / "there"), "CRM_FILES_URL": address})
    backup.read_archive(there, tmp_path / "meguri.zip")
    assert sorted(store_server.keys(bucket)) == sorted(f"kept/attachments/{each}" for each in (name, "older"))
    assert b"".join(store_of(there, "attachments").read(name)) == PDF
    (there.data_dir / "meguri.sqlite3").unlink()
    with pytest.raises(backup.BackupError, match="data already"):
        backup.read_archive(there, tmp_path / "meguri.zip")
    monkeypatch.setenv("CRM_DATA_DIR", str(here.data_dir))
    monkeypatch.setenv("CRM_FILES_URL", place[0])
    backup.move_files()
    assert list(older.names()) == [] and len(store_server.keys(place[1])) == 2


def test_the_doctor_tries_the_bucket_as_itself_and_as_a_stranger(
    store_server: StoreServer, place: tuple[str, str]
) -> None:
    address, bucket = place
    first = " ".join(sentence for _severity, sentence in trouble_with(address))
    assert "plain HTTP" in first and "anybody can read" not in first and "old versions" not in first
    assert store_server.keys(bucket) == []
    store_server.client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    everybody = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [everybody]})
    store_server.client.put_bucket_policy(Bucket=bucket, Policy=policy)
    said = " ".join(sentence for _severity, sentence in trouble_with(address))
    assert "anybody can read" in said and "old versions" in said
    [(severity, sentence)] = trouble_with(address.replace(bucket, "no-such-bucket"))
    assert severity == "missing" and "NoSuchBucket" in sentence
    [(severity, sentence)] = trouble_with("s3://key@bucket")
    assert severity == "missing" and "form" in sentence


def test_key_and_secret_may_have_any_sign_and_nothing_else_is_understood() -> None:
    place = place_of("s3://AKIA%2F1:se%40cret%2F@files/a/b/?endpoint=https://s3.example.org:9000&region=x")
    assert (place.key, place.secret, place.bucket, place.prefix) == ("AKIA/1", "se@cret/", "files", "a/b/")
    assert place.endpoint == "https://s3.example.org:9000"
    for wrong in ("https://files.example.org", "s3://", "s3://key@files", "s3://files?endpont=https://x"):
        with pytest.raises(WrongAddress):
            place_of(wrong)
