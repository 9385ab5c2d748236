"""Reading a message as mail programs save it (.eml)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import getaddresses
from typing import Any

from lxml import html

from crm.core.errors import WrongField
from crm.core.i18n import lazy_gettext as _l
from crm.core.names import tidy
from crm.imports.actions.upload import plain_name

MOST_TEXT = 20_000
_UNREADABLE = (ValueError, LookupError, AttributeError, TypeError, MessageError)
"""What the header parser raises for what it cannot make out."""
_BEFORE = re.compile(
    r"^(?:-{2,} ?(?:Original Message|Forwarded message|元のメッセージ|転送されたメッセージ).*"
    r"|On .{5,120} wrote:|.{5,80}のメール[:：]|_{20,})$",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Address:
    name: str
    email: str


@dataclass
class Mail:
    """``text`` without what it answers to; ``files`` are (name, bytes)."""

    message_id: str
    subject: str
    sent_at: datetime | None
    sender: Address | None
    recipients: list[Address]
    text: str
    files: list[tuple[str, bytes]] = field(default_factory=list)

    @property
    def addresses(self) -> list[Address]:
        """Everybody, who wrote first; each address once."""
        everybody = [*([self.sender] if self.sender else []), *self.recipients]
        return list({each.email: each for each in reversed(everybody)}.values())[::-1]


def read_mail(data: bytes) -> Mail:
    message = message_from_bytes(data, policy=policy.default)
    if not isinstance(message, EmailMessage) or not ("From" in message or "Message-ID" in message):
        raise WrongField("files", _l("This is not a message. Please save the mail as a file (.eml) and choose that."))
    senders = _addresses(message, "From")
    return Mail(
        message_id=_header(message, "Message-ID")[:500],
        subject=_header(message, "Subject")[:300],
        sent_at=_sent_at(message),
        sender=senders[0] if senders else None,
        recipients=[*_addresses(message, "To"), *_addresses(message, "Cc")],
        text=_without_quoted(_text(message))[:MOST_TEXT],
        files=list(_files(message)),
    )


def _header(message: EmailMessage, name: str) -> str:
    try:
        return " ".join(tidy(str(message.get(name, ""))).split())
    except _UNREADABLE:
        return ""


def _sent_at(message: EmailMessage) -> datetime | None:
    try:
        sent: Any = message["Date"].datetime if message["Date"] else None
    except _UNREADABLE:
        return None
    return sent if isinstance(sent, datetime) and sent.tzinfo else None


def _addresses(message: EmailMessage, name: str) -> list[Address]:
    try:
        pairs = getaddresses([str(each) for each in message.get_all(name, [])])
    except _UNREADABLE:
        return []
    return [Address(tidy(shown)[:300], email.strip().lower()[:300]) for shown, email in pairs if "@" in email]


def _text(message: EmailMessage) -> str:
    body = message.get_body(preferencelist=("plain", "html"))
    if body is None:
        return ""
    content = _content(body)
    if body.get_content_subtype() != "html" or not content.strip():
        return tidy(content)
    tree: Any = html.fromstring(content)
    for each in tree.xpath("//style | //script | //head"):
        each.drop_tree()
    for each in tree.xpath("//br | //p | //div | //tr | //li"):
        each.tail = "\n" + (each.tail or "")
    return tidy(re.sub(r"\n{3,}", "\n\n", str(tree.text_content())))


def _content(part: Any) -> str:
    try:
        return str(part.get_content())
    except (LookupError, UnicodeError, KeyError):  # a charset that nobody knows, or that is not the true one
        return bytes(part.get_payload(decode=True) or b"").decode("utf-8", "replace")


def _without_quoted(text: str) -> str:
    """What the message itself says, where it says something before what it answers to."""
    found = _BEFORE.search(text)
    own = text[: found.start()].rstrip() if found else text
    lines = own.splitlines()
    while lines and (lines[-1].startswith(">") or not lines[-1].strip()):
        lines.pop()
    return "\n".join(lines) or text


def _files(message: EmailMessage) -> Iterator[tuple[str, bytes]]:
    for part in message.iter_attachments():
        data = part.get_payload(decode=True)
        name = part.get_filename()
        if name and isinstance(data, bytes) and data:
            yield plain_name(tidy(name)), data
