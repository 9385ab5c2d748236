"""A message as mail programs save and send it (RFC 5322), taken to pieces as they are written in it."""

import re
from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import getaddresses
from typing import Any

from lxml import html

from crm.interactions.reading.pieces import NoMessage, Pieces

_UNREADABLE = (ValueError, LookupError, AttributeError, TypeError, MessageError)
"""What the header parser raises for what it cannot make out."""


def read_message(data: bytes) -> Pieces:
    message = message_from_bytes(data, policy=policy.default)
    if not isinstance(message, EmailMessage) or not ("From" in message or "Message-ID" in message):
        raise NoMessage()
    return _pieces(message)


def head_of(message: EmailMessage) -> Pieces:
    return Pieces(
        message_id=_header(message, "Message-ID"),
        subject=_header(message, "Subject"),
        sent_at=_sent_at(message),
        senders=_addresses(message, "From"),
        recipients=[*_addresses(message, "To"), *_addresses(message, "Cc")],
    )


def _pieces(message: EmailMessage, *, inner: bool = False) -> Pieces:
    found = head_of(message)
    found.text, found.files = _text(message), list(_files(message))
    found.attached = [] if inner else [_pieces(each, inner=True) for each in _attached(message)]
    return found


def _header(message: EmailMessage, name: str) -> str:
    try:
        return str(message.get(name, ""))
    except _UNREADABLE:
        return ""


def _sent_at(message: EmailMessage) -> datetime | None:
    try:
        sent: Any = message["Date"].datetime if message["Date"] else None
    except _UNREADABLE:
        return None
    return sent if isinstance(sent, datetime) and sent.tzinfo else None


def _addresses(message: EmailMessage, name: str) -> list[tuple[str, str]]:
    try:
        return getaddresses([str(each) for each in message.get_all(name, [])])
    except _UNREADABLE:
        return []


def _text(message: EmailMessage) -> str:
    body = message.get_body(preferencelist=("plain", "html"))
    if body is None:
        return ""
    content = _content(body)
    return page_text(content) if body.get_content_subtype() == "html" and content.strip() else content


def page_text(content: str) -> str:
    """What a page says, without its scripts."""
    tree: Any = html.fromstring(content.encode("utf-8", "replace"), parser=html.HTMLParser(encoding="utf-8"))
    for each in tree.xpath("//style | //script | //head"):
        each.drop_tree()
    for each in tree.xpath("//br | //p | //div | //tr | //li"):
        each.tail = "\n" + (each.tail or "")
    return re.sub(r"\n{3,}", "\n\n", str(tree.text_content()))


def _content(part: Any) -> str:
    try:
        return str(part.get_content())
    except (LookupError, UnicodeError, KeyError):  # a charset that nobody knows, or that is not the true one
        return bytes(part.get_payload(decode=True) or b"").decode("utf-8", "replace")


def _files(message: EmailMessage) -> Iterator[tuple[str, bytes]]:
    for part in message.iter_attachments():
        data = part.get_payload(decode=True)
        name = part.get_filename()
        if name and isinstance(data, bytes) and data:
            yield name, data


def _attached(message: EmailMessage) -> Iterator[EmailMessage]:
    """Messages forwarded as attachments."""
    for part in message.iter_attachments():
        if part.get_content_type() == "message/rfc822":
            payload: Any = part.get_payload()
            if isinstance(payload, list) and payload and isinstance(payload[0], EmailMessage):
                yield payload[0]
