"""Photographs of the report: made anew, told nowhere before somebody has vouched for them, gone when they should be."""

import io
import os
import struct
import zlib
from pathlib import Path
from typing import Any

import pdfplumber
import pytest
from docx import Document
from PIL import Image
from sqlmodel import col, select
from starlette.testclient import TestClient

from crm.app import keeping
from crm.core.columns import now
from crm.core.db import Database
from crm.core.settings import Settings
from crm.core.work import JobRun
from crm.events.actions.picturing import sweep_pictures
from crm.events.models import Event, EventPicture
from crm.events.retention import PICTURES, forget_pictures, old_pictured, pictured_names
from crm.people.actions.erase import erase_person
from crm.people.models import Person
from tests.conftest import SignIn
from tests.events.test_after import yesterday
from tests.factories.accounts import an_actor
from tests.factories.events import a_guest, an_event, guests
from tests.factories.people import a_person

pytestmark = pytest.mark.both
_ORIENTATION, _DESCRIPTION, _GPS = 0x0112, 0x010E, 0x8825


def a_photo(width: int = 2400, height: int = 1200) -> bytes:
    """As a camera writes it that was held upright: lying, with place and words."""
    image, exif, out = Image.new("RGB", (width, height), "navy"), Image.Exif(), io.BytesIO()
    exif[_ORIENTATION], exif[_DESCRIPTION] = 6, "secret words"
    exif[_GPS] = {1: "N", 2: (35.0, 40.0, 0.0)}
    image.save(out, "JPEG", exif=exif, comment=b"secret comment")
    return out.getvalue()


def a_drawing() -> bytes:
    out = io.BytesIO()
    Image.new("RGBA", (300, 200), (0, 0, 0, 0)).save(out, "PNG")
    return out.getvalue()


def a_bomb() -> bytes:
    """Says that it is 20,000 points wide and high, in some hundred bytes."""
    head = struct.pack(">IIBBBBB", 20_000, 20_000, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b"")]
    chunks = [
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def add(desk: TestClient, event: Event, *files: tuple[str, bytes]) -> Any:
    return desk.post(f"/events/{event.id}/report/pictures", files=[("files", file) for file in files])


def kept(database: Database) -> list[EventPicture]:
    with database.reading() as session:
        return list(session.exec(select(EventPicture).order_by(col(EventPicture.place))))


def describe(desk: TestClient, picture: EventPicture, **said: str) -> Any:
    address = f"/events/{picture.event_id}/report/pictures/{picture.id}"
    boxes = {name.replace("_", "."): text for name, text in said.items()}
    return desk.post(address, data={"version": str(picture.version), **boxes})


AGREED = {"alt_ja": "庭での挨拶", "alt_en": "A speech in the garden", "caption_en": "The garden", "agreed": "true"}


@pytest.fixture
def event(database: Database) -> Event:
    with database.writing() as session:
        return an_event(session, an_actor(session))


def test_a_photograph_is_made_anew_without_what_the_camera_noted(
    sign_in: SignIn, database: Database, settings: Settings, event: Event
) -> None:
    desk = sign_in()
    assert add(desk, event, ("IMG_1.JPG", a_photo()), ("plan.png", a_drawing())).status_code == 303
    first, second = kept(database)
    assert [(one.place, one.width, one.height) for one in (first, second)] == [(1, 800, 1600), (2, 300, 200)]
    stored = (settings.data_dir / "pictures" / str(first.id)).read_bytes()
    with Image.open(io.BytesIO(stored)) as image:
        assert (image.format, image.size, len(image.getexif())) == ("JPEG", (800, 1600), 0)
        assert not {"comment", "exif", "xmp", "icc_profile"} & image.info.keys()
    assert b"secret" not in stored and b"Exif" not in stored
    with Image.open(settings.data_dir / "pictures" / str(second.id)) as image:
        assert image.getpixel((9, 9)) == (255, 255, 255)
    address = f"/events/{event.id}/report/pictures/{first.id}/file"
    page = desk.get(f"/events/{event.id}/report").text
    assert address in page and "kept back" in page and "IMG_1" not in page
    answer = desk.get(address)
    assert answer.content == stored and answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    for stranger in (sign_in("university_officer", "jp-univ"), sign_in("attache", "us-chi")):
        assert stranger.get(address).status_code == 404
        assert add(stranger, event, ("a.png", a_drawing())).status_code == 404


def test_what_is_no_picture_is_refused_by_name_and_nothing_is_kept(
    sign_in: SignIn, database: Database, settings: Settings, event: Event
) -> None:
    desk = sign_in()
    heic = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(100)
    for name, data, why in (
        ("a.jpg", a_drawing(), "a.jpg is not what its ending says"),
        ("b.heic", heic, "b.heic is not taken: only JPEG and PNG."),
        ("c.pdf", b"%PDF-1.7\n%%EOF\n", "c.pdf is not taken"),
        ("d.svg", b"<svg/>", "d.svg is not kept"),
        ("e.png", a_bomb(), "e.png has more than 80 megapixels"),
        ("f.jpg", a_photo()[:900], "f.jpg could not be read as a picture"),
    ):
        answer = add(desk, event, ("good.png", a_drawing()), (name, data))
        assert answer.status_code == 422 and why in answer.text, name
    assert add(desk, event).status_code == 422
    assert kept(database) == [] and not (settings.data_dir / "pictures").exists()


def figures_in(content: bytes) -> list[str]:
    """What a PDF says of its pictures to those who do not see them."""
    with pdfplumber.open(io.BytesIO(content)) as document:
        found, waiting = [], list(document.structure_tree)
    while waiting:
        one = waiting.pop(0)
        waiting += one.get("children", [])
        if "alt_text" in one:
            found.append(one["alt_text"])
    return found


def words_in(content: bytes) -> tuple[list[str], list[str]]:
    """Descriptions of pictures and paragraphs of a DOCX."""
    document = Document(io.BytesIO(content))
    shapes = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
    return shapes, [each.text for each in document.paragraphs]


def test_only_what_somebody_vouches_for_goes_into_the_documents(
    sign_in: SignIn, database: Database, event: Event
) -> None:
    with database.writing() as session:
        a_guest(session, an_actor(session), event).photo = False
    desk = sign_in()
    add(desk, event, ("a.jpg", a_photo(800, 600)), ("b.png", a_drawing()))
    picture, other = kept(database)
    address = f"/events/{event.id}/report"
    page = desk.get(f"{address}/pictures/{picture.id}").text
    assert "1 guest wants no pictures of themselves." in page and "guests?state=no_photo" in page
    assert "Ann Example" in desk.get(f"/events/{event.id}/guests?state=no_photo").text
    refused = describe(desk, picture, alt_en="A garden", agreed="true")
    assert (
        refused.status_code == 422 and "in every language of the report" in refused.text and "A garden" in refused.text
    )
    assert figures_in(desk.get(f"{address}.pdf?language=en").content) == []
    assert describe(desk, picture, **AGREED).status_code == 303
    assert describe(desk, picture, **{**AGREED, "alt_en": "Of an old page"}).status_code == 422
    assert describe(desk, other, alt_en="Not agreed", caption_en="Kept back").status_code == 303
    assert "goes into the report" in desk.get(address).text
    for language, alt in (("en", "A speech in the garden"), ("ja", "庭での挨拶")):
        assert figures_in(desk.get(f"{address}.pdf?language={language}").content) == [alt]
        shapes, paragraphs = words_in(desk.get(f"{address}.docx?language={language}").content)
        assert shapes == [alt] and ("The garden" in paragraphs) == (language == "en")
        assert "Kept back" not in paragraphs


def test_they_are_put_in_order_and_removed(
    sign_in: SignIn, database: Database, settings: Settings, event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRM_DATA_DIR", str(settings.data_dir))
    desk, folder = sign_in(), settings.data_dir / "pictures"
    for _ in range(2):
        add(desk, event, *[(f"{number}.png", a_drawing()) for number in range(2)])
    ids = [one.id for one in kept(database)]
    address = f"/events/{event.id}/report/pictures"
    desk.post(f"{address}/{ids[2]}/up")
    assert [one.id for one in kept(database)] == [ids[0], ids[2], ids[1], ids[3]]
    assert desk.post(f"{address}/{ids[0]}/remove").status_code == 303
    assert desk.get(f"{address}/{ids[0]}").status_code == 404
    assert add(desk, event, *[(f"{number}.png", a_drawing()) for number in range(18)]).status_code == 422
    swept(database, folder)
    assert sorted(path.name for path in folder.iterdir()) == sorted(str(one.id) for one in kept(database))


def swept(database: Database, folder: Path) -> None:
    for path in folder.iterdir():
        os.utime(path, (0, 0))
    job: Any = JobRun
    sweep_pictures(database, job)


def test_who_is_erased_makes_somebody_look_again_and_old_ones_go(
    sign_in: SignIn, database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRM_DATA_DIR", str(settings.data_dir))
    with database.writing() as session:
        actor, event, _came = yesterday(session, days=900)
        person = a_person(session, actor)
        guests(session, actor, event, person)
    desk = sign_in()
    add(desk, event, ("a.png", a_drawing()))
    describe(desk, kept(database)[0], **AGREED)
    assert kept(database)[0].agreed
    with database.writing() as session:
        erase_person(session, actor, session.get_one(Person, person.id), b"key", keeping().erasure)
    assert not kept(database)[0].agreed
    with database.writing() as session:
        before = now().date()
        assert old_pictured(session, actor.office_id, before, []) == [event.id]
        assert pictured_names(session, [event.id]) == {event.id: ("Reception for researchers", "1 photograph")}
        forget_pictures(session, actor, event.id, None)
    assert kept(database) == [] and PICTURES.months == 24
    swept(database, settings.data_dir / "pictures")
    assert list((settings.data_dir / "pictures").iterdir()) == []
