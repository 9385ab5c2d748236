"""Whose mail it was that somebody forwards: in the lines above the text, or in the message attached."""

from email.message import EmailMessage

import pytest

from crm.interactions.mails import Mail, read_mail

GMAIL = """FYI, see below.

---------- Forwarded message ---------
From: Mari Takase <Mari.Takase@example.org>
Date: Tue, Nov 3, 2026 at 10:15 PM
Subject: Visit in May
To: Ken Sato <ken@example.org>, Ana
 Lima <ana@example.org>

I will visit on 12 May.

On Mon, Nov 2, 2026 at 9:00 Ken Sato wrote:
> When?
"""
OUTLOOK_JA = """ご参考まで。

________________________________
差出人: 高瀬 真理 <mari.takase@example.org>
送信日時: 2026年11月3日 22:15
宛先: 佐藤 健 <ken@example.org>; Ana Lima <ana@example.org>
件名: 五月の訪問

I will visit on 12 May.
"""


def forwarded(text: str, subject: str = "Fwd: Visit in May") -> Mail:
    mail = EmailMessage()
    mail["From"], mail["To"] = "attache@example.org", "file+0@example.org"
    mail["Subject"], mail["Message-ID"] = subject, "<1@example.org>"
    mail.set_content(text)
    return read_mail(mail.as_bytes())


@pytest.mark.parametrize(
    ("text", "subject", "note"),
    [(GMAIL, "Fwd: Visit in May", "FYI, see below."), (OUTLOOK_JA, "転送: 五月の訪問", "ご参考まで。"),
     (GMAIL, "no word in the subject", "FYI, see below.")],
)  # fmt: skip
def test_the_first_writer_and_readers_are_proposed(text: str, subject: str, note: str) -> None:
    mail = forwarded(text, subject)
    assert mail.sender and mail.sender.email == "mari.takase@example.org"
    found = [each.email for each in mail.addresses]
    assert found[:3] == ["mari.takase@example.org", "ken@example.org", "ana@example.org"]
    assert "attache@example.org" in found
    assert mail.text.startswith(note) and "I will visit on 12 May." in mail.text and "When?" not in mail.text


def test_lines_without_an_address_name_nobody_and_nothing_is_cut() -> None:
    mail = forwarded("From: Mari Takase\nSent: Tuesday\nTo: Ken\nSubject: Visit\n\nI will visit.", "FW: Visit")
    assert mail.sender and mail.sender.email == "attache@example.org"
    assert "I will visit." in mail.text


def test_an_answer_is_no_forward() -> None:
    mail = forwarded("Thank you.\n\n-----Original Message-----\n" + GMAIL.partition("---\n")[2], "Re: Visit")
    assert mail.text == "Thank you."
    assert [each.email for each in mail.addresses] == ["attache@example.org", "file+0@example.org"]


def test_a_message_attached_is_read_with_its_day() -> None:
    inner = EmailMessage()
    inner["From"], inner["To"] = "高瀬真理 <mari.takase@example.org>", "ken@example.org"
    inner["Subject"], inner["Date"] = "五月の訪問", "Tue, 03 Nov 2026 22:15:00 +0900"
    inner.set_content("五月に訪問します。")
    outer = EmailMessage()
    outer["From"], outer["Subject"], outer["Message-ID"] = "attache@example.org", "Fwd: 五月の訪問", "<1@example.org>"
    outer["Date"] = "Wed, 04 Nov 2026 09:00:00 +0900"
    outer.set_content("")
    outer.add_attachment(inner)
    mail = read_mail(outer.as_bytes())
    assert (mail.subject, mail.text) == ("五月の訪問", "五月に訪問します。")
    assert mail.sent_at and mail.sent_at.day == 3
    assert [each.email for each in mail.addresses] == [
        "mari.takase@example.org", "ken@example.org", "attache@example.org",
    ]  # fmt: skip
