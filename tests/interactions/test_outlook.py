"""Messages as Outlook saves them, made by a writer that has nothing to do with our reader (Aspose.Email FOSS)."""

from datetime import UTC, datetime
from typing import Any

import compressed_rtf
import pytest
from aspose.email_foss.msg import MapiMessage
from oxmsg.domain import constants as pid
from sqlmodel import select

from crm.core.db import Database
from crm.core.errors import WrongField
from crm.interactions.mails import read_mail
from crm.interactions.models import IncomingMail
from tests.conftest import SignIn
from tests.interactions.test_files import PDF

SENT = datetime(2026, 11, 4, 3, 15, tzinfo=UTC)


def a_message(text: str = "五月に訪問します。", subject: str = "訪問について", *, unicode: bool = True) -> Any:
    message = MapiMessage.create(subject, text, unicode_strings=unicode)
    kind = pid.PTYP_STRING if unicode else pid.PTYP_STRING8
    message.set_property(pid.PID_SENDER_NAME, kind, "高瀬真理")
    message.set_property(pid.PID_SENDER_EMAIL_ADDRESS, kind, "Mari.Takase@example.org")
    message.set_property(pid.PID_INTERNET_MESSAGE_ID, kind, "<msg-1@example.org>")
    message.set_property(pid.PID_CLIENT_SUBMIT_TIME, pid.PTYP_TIME, SENT)
    message.add_recipient("attache@example.org", display_name="科学アタッシェ")
    message.add_recipient("ken@unknown.example", display_name="Ken Unknown", recipient_type=2)
    message.add_recipient("hidden@example.org", display_name="Hidden", recipient_type=3)
    return message


def test_a_message_in_unicode_is_read_with_its_files() -> None:
    message = a_message()
    message.add_attachment("講演 資料.pdf", PDF)
    mail = read_mail(message.to_bytes(), apart=True)
    assert (mail.subject, mail.text, mail.message_id) == ("訪問について", "五月に訪問します。", "<msg-1@example.org>")
    assert [each.email for each in mail.addresses] == [
        "mari.takase@example.org", "attache@example.org", "ken@unknown.example",
    ]  # fmt: skip
    assert mail.sender and mail.sender.name == "高瀬真理" and mail.recipients[0].name == "科学アタッシェ"
    assert mail.sent_at == SENT and mail.files == [("講演 資料.pdf", PDF)]


@pytest.mark.parametrize("codepages", [{}, {pid.PID_MESSAGE_CODEPAGE: 932}, {pid.PID_INTERNET_CODEPAGE: 50220}])
def test_a_message_in_the_code_page_of_japanese_windows_is_read(
    codepages: dict[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The writer knows one code page; so that it writes this one, its encoder is exchanged."""
    monkeypatch.setattr("aspose.email_foss.msg.mapi_message._encode_string8", lambda text: (text or "").encode("cp932"))
    message = a_message("髙橋様、①五月に訪問します。", unicode=False)
    for number, page in codepages.items():
        message.set_property(number, pid.PTYP_INTEGER_32, page)
    mail = read_mail(message.to_bytes(), apart=True)
    assert (mail.subject, mail.text) == ("訪問について", "髙橋様、①五月に訪問します。")
    assert mail.sender and mail.sender.name == "高瀬真理"


def test_pages_and_rich_text_are_read_as_text() -> None:
    page = a_message("")
    page.set_property(pid.PID_HTML, pid.PTYP_BINARY, "<p>五月</p><script>no()</script>".encode())
    page.set_property(pid.PID_INTERNET_CODEPAGE, pid.PTYP_INTEGER_32, 65001)
    assert read_mail(page.to_bytes(), apart=True).text == "五月"
    rich = a_message("")
    text = rb"{\rtf1\ansi\ansicpg932{\fonttbl{\f0\fnil\fcharset128 MS Gothic;}}\f0 Visit\par \u20116?\u26376? \'8c\'8e}"
    rich.set_property(pid.PID_RTF_COMPRESSED, pid.PTYP_BINARY, compressed_rtf.compress(text))
    assert read_mail(rich.to_bytes(), apart=True).text == "Visit\n五月 月"
    broken = a_message("")
    broken.set_property(pid.PID_RTF_COMPRESSED, pid.PTYP_BINARY, b"\xff" * 40)
    mail = read_mail(broken.to_bytes(), apart=True)
    assert (mail.text, mail.subject) == ("", "訪問について"), "the rest is read all the same"


def test_of_a_message_forwarded_as_a_file_the_one_in_it_counts() -> None:
    outer = a_message("FYI", "FW: 訪問について")
    outer.set_property(pid.PID_SENDER_EMAIL_ADDRESS, pid.PTYP_STRING, "colleague@example.org")
    outer.add_embedded_message_attachment(a_message())
    mail = read_mail(outer.to_bytes(), apart=True)
    assert mail.sender and mail.sender.email == "mari.takase@example.org"
    assert mail.text == "FYI\n\n五月に訪問します。" and mail.subject == "訪問について"


@pytest.mark.parametrize("cut", [8, 600, 4000])
def test_what_is_damaged_is_refused(cut: int) -> None:
    with pytest.raises(WrongField):
        read_mail(a_message().to_bytes()[:cut], apart=True)


@pytest.mark.both
def test_it_is_dropped_like_any_mail(database: Database, sign_in: SignIn) -> None:
    browser, message = sign_in(), a_message()
    message.add_attachment("programme.pdf", PDF)
    answer = browser.post("/interactions/mail", files=[("files", ("訪問.msg", message.to_bytes()))])
    assert answer.status_code == 303, answer.text
    page = browser.get(answer.headers["location"]).text
    assert "五月に訪問します。" in page and "programme.pdf" in page and "ken@unknown.example" in page
    with database.reading() as session:
        [waiting] = session.exec(select(IncomingMail)).all()
        assert [each["name"] for each in waiting.files] == ["訪問.msg", "programme.pdf"]
        assert waiting.files[0]["media_type"] == "application/vnd.ms-outlook"
    refused = browser.post("/interactions/mail", files=[("files", ("x.msg", message.to_bytes()[:600]))])
    assert refused.status_code == 422 and "This is not a message" in refused.text
