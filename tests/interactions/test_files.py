"""Files with contacts, and mails that become contacts: kept, given out as downloads, filed once, and nobody else's."""

import os
import zipfile
from datetime import timedelta
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from crm.accounts.models import JournalEntry
from crm.core.columns import now
from crm.core.db import Database
from crm.core.settings import Settings
from crm.core.work import JobRun
from crm.interactions.filing import KEPT_DAYS, forget_mails, sweep
from crm.interactions.mails import read_mail
from crm.interactions.models import Attachment, IncomingMail, Interaction
from crm.people.models import Person
from tests.conftest import SignIn
from tests.factories.accounts import Post, a_post
from tests.factories.interactions import a_contact
from tests.factories.people import a_person

pytestmark = pytest.mark.both
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010806000000")
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def packed(*names: str, kind: str = "") -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        for name in names:
            package.writestr(name, kind if name == "mimetype" else "<x/>")
    return file.getvalue()


@pytest.fixture
def contact(database: Database, boston: tuple[Post, TestClient], takase: Person) -> str:
    with database.writing() as session:
        return f"/interactions/{a_contact(session, boston[0].actor, takase).id}"


def send(browser: TestClient, contact: str, *files: tuple[str, bytes]) -> str:
    """What the page says afterwards."""
    answer = browser.post(f"{contact}/files", files=[("files", file) for file in files])
    assert answer.status_code == 303, answer.text
    return browser.get(contact).text


def stored(database: Database) -> list[Attachment]:
    with database.reading() as session:
        return list(session.exec(select(Attachment).order_by(Attachment.id)))  # type: ignore[arg-type]


def test_a_file_is_kept_and_always_given_out_as_a_download(
    boston: tuple[Post, TestClient], contact: str, database: Database, settings: Settings
) -> None:
    browser = boston[1]
    said = send(browser, contact, ("講演 資料.pdf", PDF), ("photo.PNG", PNG), ("C:\\temp\\notes.txt", "メモ".encode()))
    assert "講演 資料.pdf" in said and "notes.txt" in said and "C:" not in said
    [pdf, *_] = stored(database)
    answer = browser.get(f"{contact}/files/{pdf.id}")
    assert answer.content == PDF
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert sorted(path.name for path in (settings.data_dir / "attachments").iterdir()) == sorted(
        str(each.id) for each in stored(database)
    )


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("logo.svg", SVG, "is not kept"),
        ("page.html", b"<html><script>alert(1)</script></html>", "is not kept"),
        ("setup.exe", b"MZ" + bytes(100), "is not kept"),
        ("no-ending", PDF, "is not kept"),
        ("report.pdf", SVG, "is not what its ending says"),
        ("report.pdf", b"MZ" + bytes(100), "is not what its ending says"),
        ("picture.png", PDF, "is not what its ending says"),
        ("report.docx", b"PK\x03\x04" + b"rubbish" * 40, "is not what its ending says"),
        ("report.docx", packed("a.txt"), "is not what its ending says"),
        ("report.docx", packed("[Content_Types].xml", "xl/workbook.xml"), "is not what its ending says"),
        ("report.odt", packed("content.xml"), "is not what its ending says"),
        ("notes.txt", PNG, "is not what its ending says"),
        ("empty.pdf", b"", "is empty"),
        ("large.txt", b"a" * (20 * 1024 * 1024 + 1), "is larger than 20 MB"),
    ],
)
def test_what_may_not_be_kept_is_refused_by_name(
    boston: tuple[Post, TestClient], contact: str, database: Database, name: str, data: bytes, why: str
) -> None:
    said = send(boston[1], contact, ("good.pdf", PDF), (name, data))
    assert f"{name} {why}" in said
    assert stored(database) == []


def test_office_documents_are_kept(boston: tuple[Post, TestClient], contact: str, database: Database) -> None:
    word = packed("[Content_Types].xml", "word/document.xml")
    text = packed("mimetype", "content.xml", kind="application/vnd.oasis.opendocument.text")
    send(boston[1], contact, ("report.docx", word), ("report.odt", text))
    assert [file.name for file in stored(database)] == ["report.docx", "report.odt"]


def test_more_than_can_be_sent_at_once_is_refused_before_it_is_read(
    boston: tuple[Post, TestClient], contact: str, database: Database
) -> None:
    large = [("files", (f"{place}.txt", b"a" * (16 * 1024 * 1024))) for place in range(2)]
    assert boston[1].post(f"{contact}/files", files=large).status_code == 413
    assert stored(database) == []


def test_files_are_as_private_as_their_contact(
    boston: tuple[Post, TestClient], contact: str, database: Database, sign_in: SignIn
) -> None:
    send(boston[1], contact, ("a.pdf", PDF))
    [file] = stored(database)
    address = f"{contact}/files/{file.id}"
    for role, office in (("attache", "us-chi"), ("university_officer", "jp-univ")):
        stranger = sign_in(role, office)
        assert stranger.get(address).status_code == 404
        assert stranger.post(f"{address}/remove").status_code in (403, 404)
        assert stranger.post(f"{contact}/files", files=[("files", ("b.pdf", PDF))]).status_code in (403, 404)
    other = f"/interactions/{uuid4()}/files/{file.id}"
    assert boston[1].get(other).status_code == 404
    assert boston[1].get(address).status_code == 200


def test_removed_files_and_those_of_removed_contacts_are_swept_away(
    boston: tuple[Post, TestClient], contact: str, database: Database, settings: Settings, monkeypatch: Any
) -> None:
    browser, folder = boston[1], settings.data_dir / "attachments"
    monkeypatch.setenv("CRM_DATA_DIR", str(settings.data_dir))
    send(browser, contact, ("a.pdf", PDF), ("b.pdf", PDF))
    first, second = stored(database)
    assert browser.post(f"{contact}/files/{first.id}/remove").status_code == 303
    (folder / str(uuid4())).write_bytes(b"of a transaction that failed")
    age(folder)
    (folder / "new").write_bytes(b"of one that has not ended")
    sweep(database, job())
    assert sorted(path.name for path in folder.iterdir()) == sorted([str(second.id), "new"])
    assert browser.get(f"{contact}/files/{first.id}").status_code == 404
    assert browser.post(f"{contact}/remove").status_code == 303
    age(folder)
    sweep(database, job())
    assert list(folder.iterdir()) == []


def age(folder: Path) -> None:
    for path in folder.iterdir():
        os.utime(path, (0, 0))


def job() -> Any:
    return JobRun


def a_mail(**said: Any) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = said.get("sender", "Mari Takase <Mari.Takase@example.org>")
    mail["To"] = said.get("to", "Attaché <attache@example.org>, Ken Unknown <ken@unknown.example>")
    mail["Subject"] = said.get("subject", "Visit in May")
    mail["Date"] = said.get("date", "Tue, 03 Nov 2026 22:15:00 -0500")
    if said.get("message_id", "<visit-1@example.org>"):
        mail["Message-ID"] = said.get("message_id", "<visit-1@example.org>")
    mail.set_content(
        said.get("text", "I will visit on 12 May.\n\nOn Mon, Nov 2, 2026 at 9:00 the attaché wrote:\n> When?\n")
    )
    return mail


def drop(browser: TestClient, *mails: bytes) -> Any:
    return browser.post("/interactions/mail", files=[("files", (f"{n}.eml", mail)) for n, mail in enumerate(mails)])


def fields_of(page: str) -> dict[str, Any]:
    """Hidden values of the form, as a browser would send them back."""
    found = {}
    for name in ("mail", "key"):
        found[name] = page.split(f'name="{name}"')[1].split('value="')[1].split('"', maxsplit=1)[0]
    return found


def test_a_mail_is_proposed_to_whom_it_names_and_filed_after_a_glance(
    boston: tuple[Post, TestClient], takase: Person, database: Database
) -> None:
    browser, mail = boston[1], a_mail()
    mail.add_attachment(PDF, maintype="application", subtype="pdf", filename="programme.pdf")
    mail.add_attachment(SVG, maintype="image", subtype="svg+xml", filename="logo.svg")
    answer = drop(browser, mail.as_bytes())
    assert answer.status_code == 303
    page = browser.get(answer.headers["location"]).text
    assert "高瀬" in page and "I will visit on 12 May." in page and "When?" not in page
    assert "ken@unknown.example" in page and "programme.pdf" in page and "logo.svg" not in page
    assert 'value="2026-11-03"' in page, "the day where the office is"
    with database.reading() as session:
        assert session.exec(select(Interaction)).all() == []
    filed = {
        "people": str(takase.id),
        "kind": "mail",
        "day": "2026-11-03",
        "text": "Visits on 12 May",
        "audience": "office",
    }
    wrong = browser.post("/interactions", data={**filed, **fields_of(page), "people": ""})
    assert wrong.status_code == 422 and "programme.pdf" in wrong.text and "Visits on 12 May" in wrong.text
    done = browser.post("/interactions", data={**filed, **fields_of(page)})
    assert done.status_code == 303, done.text
    assert [file.name for file in stored(database)] == ["0.eml", "programme.pdf"]
    with database.reading() as session:
        assert session.exec(select(IncomingMail)).all() == []
        assert session.exec(select(Interaction)).one().message_id == "<visit-1@example.org>"
    pdf = stored(database)[1]
    assert browser.get(f"{done.headers['location']}/files/{pdf.id}").content == PDF
    again = drop(browser, mail.as_bytes())
    assert again.status_code == 422 and "Visit in May has been filed already." in again.text


def test_who_is_known_to_another_office_alone_is_not_proposed(
    boston: tuple[Post, TestClient], database: Database
) -> None:
    with database.writing() as session:
        a_person(session, a_post(session, office_code="us-chi").actor, email="ken@unknown.example")
    page = boston[1].get(drop(boston[1], a_mail().as_bytes()).headers["location"]).text
    assert "Add this person" in page
    assert "高瀬" not in page


def test_waiting_mails_are_their_droppers_alone_and_forgotten_in_time(
    boston: tuple[Post, TestClient], database: Database, sign_in: SignIn
) -> None:
    address = drop(boston[1], a_mail().as_bytes()).headers["location"]
    colleague = sign_in()
    assert colleague.get(address).status_code == 404
    assert colleague.post(f"{address}/forget").status_code == 404
    assert "Visit in May" not in colleague.get("/interactions/mail").text
    assert "Visit in May" in boston[1].get("/interactions/mail").text
    forget_mails(database, job())
    with database.writing() as session:
        session.exec(select(IncomingMail)).one().created_at = now() - timedelta(days=KEPT_DAYS, hours=1)
    forget_mails(database, job())
    assert boston[1].get(address).status_code == 404


def test_the_same_mail_dropped_twice_or_by_two_is_filed_once(
    boston: tuple[Post, TestClient], takase: Person, database: Database, sign_in: SignIn
) -> None:
    browser, colleague, mail = boston[1], sign_in(), a_mail().as_bytes()
    first = drop(browser, mail).headers["location"]
    assert drop(browser, mail).headers["location"] == first
    theirs = drop(colleague, mail).headers["location"]
    filed = {"people": str(takase.id), "kind": "mail", "day": "2026-11-03", "text": "Visit"}
    forms = [
        {**filed, **fields_of(each.get(address).text)} for each, address in ((browser, first), (colleague, theirs))
    ]
    assert browser.post("/interactions", data=forms[0]).status_code == 303
    again = colleague.post("/interactions", data=forms[1])
    assert again.status_code == 422 and "has been filed already" in again.text
    with database.reading() as session:
        assert len(session.exec(select(Interaction)).all()) == 1


def test_several_at_once_wait_and_one_bad_file_takes_none(boston: tuple[Post, TestClient], database: Database) -> None:
    mails = [a_mail(message_id=f"<{n}@example.org>", subject=f"Mail {n}").as_bytes() for n in range(3)]
    refused = drop(boston[1], *mails, b"This is no message at all")
    assert refused.status_code == 422 and "This is not a message" in refused.text
    with database.reading() as session:
        assert session.exec(select(IncomingMail)).all() == []
    assert drop(boston[1], *mails).headers["location"].endswith("/interactions/mail")
    page = boston[1].get("/interactions/mail").text
    assert all(f"Mail {n}" in page for n in range(3))


@pytest.mark.parametrize("charset", ["iso-2022-jp", "utf-8", "shift_jis", "euc-jp"])
def test_japanese_mails_are_read_in_the_charsets_of_japanese_programs(charset: str) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"] = "高瀬真理 <takase@example.org>", "attache@example.org"
    mail["Subject"], mail["Message-ID"] = "訪問について", "<1@example.org>"
    mail.set_content("五月に訪問します。\n\n----- 元のメッセージ -----\n> いつですか。\n", charset=charset)
    read = read_mail(mail.as_bytes())
    assert (read.subject, read.text) == ("訪問について", "五月に訪問します。")
    assert read.sender and (read.sender.name, read.sender.email) == ("高瀬真理", "takase@example.org")


def test_a_page_of_a_mail_is_read_as_text_without_its_scripts() -> None:
    mail = EmailMessage()
    mail["From"], mail["Message-ID"] = "x@example.org", "<1@example.org>"
    shown = "<p>First</p><div>Second<br>Third</div><script>no()</script>"
    body = f"<html><head><style>p{{}}</style></head><body>{shown}</body></html>"
    mail.set_content(body, subtype="html")
    assert [line for line in read_mail(mail.as_bytes()).text.splitlines() if line] == ["First", "Second", "Third"]


@pytest.mark.parametrize(
    "data",
    [
        b"From: broken <\r\nDate: the day before\r\nContent-Type: text/plain; charset=x-unknown\r\n\r\n\xff\xfe text",
        b"From: a@example.org\r\nContent-Type: multipart/mixed; boundary=never\r\n\r\nno parts",
        b"From: =?utf-8?b?////?= <a@example.org>\r\nSubject: =?x?q?y?=\r\n\r\n",
        b"Message-ID: <x>\r\nTo: undisclosed-recipients:;\r\n\r\nText",
    ],
)
def test_odd_messages_are_read_as_far_as_they_go(data: bytes) -> None:
    mail = read_mail(data)
    assert mail.sent_at is None
    assert all("@" in each.email for each in mail.addresses)


def test_who_opens_what_is_to_be_handled_with_care_stands_in_the_journal(
    boston: tuple[Post, TestClient], takase: Person, database: Database, sign_in: SignIn
) -> None:
    post, browser = boston
    with database.writing() as session:
        careful = f"/interactions/{a_contact(session, post.actor, takase, careful=True).id}"
        ordinary = f"/interactions/{a_contact(session, post.actor, takase).id}"
    send(browser, careful, ("a.pdf", PDF))
    [file] = stored(database)
    colleague, staff = sign_in(), sign_in("local_staff")
    assert colleague.get(careful).status_code == 200
    assert colleague.get(f"{careful}/files/{file.id}").status_code == 200
    assert colleague.get(ordinary).status_code == 200
    assert staff.get(careful).status_code == 404
    with database.reading() as session:
        opened = session.exec(select(JournalEntry).where(JournalEntry.verb == "opened")).all()
    assert [(str(line.subject_id), line.changes) for line in opened] == [
        (careful.rsplit("/", 1)[-1], None),
        (careful.rsplit("/", 1)[-1], None),
        (careful.rsplit("/", 1)[-1], {"name": "a.pdf"}),
    ]
    assert {line.actor_id for line in opened[1:]} != {post.user.id}
    assert colleague.get(careful).text.count("<details><summary>Text before") == 0
    assert "opened" in colleague.get("/journal").text
