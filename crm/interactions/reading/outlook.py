"""Messages as Outlook saves them (.msg), from the storages and property numbers that python-oxmsg knows."""

import struct
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from email import message_from_string, policy
from email.message import EmailMessage
from typing import Any, Final

import compressed_rtf
from olefile import OleFileIO
from oxmsg.domain import constants as pid
from oxmsg.domain.encodings import encoding_from_codepage
from oxmsg.domain.model import (
    MSG_HDR_OFFSET,
    RECIP_HDR_OFFSET,
    UnrecognizedCodePageError,
    UnsupportedEncodingError,
)
from oxmsg.properties import Properties
from oxmsg.storage import Storage
from striprtf.striprtf import rtf_to_text

from crm.interactions.reading.message import head_of, page_text
from crm.interactions.reading.pieces import NoMessage, Pieces

_OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_TOP, _INNER, _PART = MSG_HDR_OFFSET, 24, RECIP_HDR_OFFSET
"""Where the properties of a message, of one within a message, and of a recipient or file begin."""
_TEXT, _BYTES, _BINARY = pid.PTYP_STRING, pid.PTYP_STRING8, pid.PTYP_BINARY
_EMBEDDED = "__substg1.0_3701000D"
_SENDERS: Final = (
    (pid.PID_SENDER_NAME, pid.PID_SENDER_SMTP_ADDRESS),
    (pid.PID_SENDER_NAME, pid.PID_SENDER_EMAIL_ADDRESS),
    (pid.PID_SENT_REPRESENTING_NAME, pid.PID_SENT_REPRESENTING_EMAIL_ADDRESS),
)
_TRIED: Final = ("utf-8", "cp932")
_BLIND_COPY = 3


def is_outlook(data: bytes) -> bool:
    return data.startswith(_OLE)


def read_outlook(data: bytes) -> Pieces:
    with OleFileIO(data) as container:
        root = Storage.from_ole(container)
    if not any(stream.name == "__properties_version1.0" for stream in root.streams):
        raise NoMessage()
    return _pieces(_Bag(root, _TOP))


class _Bag:
    """Properties of one storage, read one by one: a damaged one must not hide the others."""

    def __init__(self, storage: Storage, begin: int, codepages: tuple[str, ...] = ()) -> None:
        self.storage = storage
        self.properties = Properties(storage, properties_header_offset=begin)
        self.codepages = codepages or tuple(self._codepages())

    def _codepages(self) -> Iterator[str]:
        for property_id in (pid.PID_MESSAGE_CODEPAGE, pid.PID_INTERNET_CODEPAGE):
            with suppress(UnrecognizedCodePageError, UnsupportedEncodingError, ValueError, struct.error):
                if page := self.plain(property_id):
                    yield encoding_from_codepage(page)

    def plain(self, property_id: int) -> Any:
        """A number, a yes or no, or a moment."""
        for each in self.properties:
            if each.pid == property_id:
                return getattr(each, "value", None)
        return None

    def text(self, *property_ids: int) -> str:
        """The first that says something, in UTF-16 or in the code page of the message."""
        for property_id in property_ids:
            if found := self._stream(property_id, _TEXT):
                return found.decode("utf-16-le", "replace").rstrip("\0")
            if found := self._stream(property_id, _BYTES):
                return _decoded(found, self.codepages).rstrip("\0")
        return ""

    def binary(self, property_id: int) -> bytes:
        return self._stream(property_id, _BINARY)

    def _stream(self, property_id: int, kind: int) -> bytes:
        try:
            return self.storage.property_stream_bytes(property_id, kind)
        except KeyError:
            return b""

    def bags(self, storages: Iterator[Storage]) -> Iterator["_Bag"]:
        return (_Bag(each, _PART, self.codepages) for each in storages)


def _decoded(data: bytes, codepages: tuple[str, ...]) -> str:
    """The code page that a message names is often the one that it was sent in, not the one that it is kept in."""
    for codepage in (*codepages, *_TRIED):
        with suppress(UnicodeDecodeError, LookupError):
            return data.decode(codepage)
    return data.decode("cp1252", "replace")


def _pieces(bag: _Bag, *, inner: bool = False) -> Pieces:
    files = list(bag.bags(bag.storage.iter_attachment_storages()))
    found = Pieces(
        message_id=bag.text(pid.PID_INTERNET_MESSAGE_ID),
        subject=bag.text(pid.PID_SUBJECT),
        sent_at=_moment(bag),
        senders=_sender(bag),
        recipients=_recipients(bag),
        text=_body(bag),
        files=[file for each in files for file in _file(each)],
        attached=[] if inner else [_pieces(each, inner=True) for each in _messages(files)],
    )
    return _completed(found, bag.text(pid.PID_TRANSPORT_MESSAGE_HEADERS))


def _completed(found: Pieces, headers: str) -> Pieces:
    """A message that came by mail also keeps its head as it came, which knows addresses that Outlook may not name."""
    message = message_from_string(headers.strip() + "\n\n", EmailMessage, policy=policy.default)
    if isinstance(message, EmailMessage) and "From" in message:
        head = head_of(message)
        found.message_id = found.message_id or head.message_id
        found.sent_at = head.sent_at or found.sent_at
        found.senders = head.senders or found.senders
        found.recipients = head.recipients or found.recipients
    return found


def _moment(bag: _Bag) -> datetime | None:
    sent = bag.plain(pid.PID_CLIENT_SUBMIT_TIME) or bag.plain(pid.PID_MESSAGE_DELIVERY_TIME)
    return sent if isinstance(sent, datetime) else None


def _sender(bag: _Bag) -> list[tuple[str, str]]:
    """Within Exchange the plain address is a path in its directory; only one with @ can be written to."""
    for name, address in _SENDERS:
        if "@" in (found := bag.text(address)):
            return [(bag.text(name), found)]
    return []


def _recipients(bag: _Bag) -> list[tuple[str, str]]:
    found = []
    for each in bag.bags(bag.storage.iter_recipient_storages()):
        address = next(
            (one for one in (each.text(pid.PID_SMTP_ADDRESS), each.text(pid.PID_EMAIL_ADDRESS)) if "@" in one), ""
        )
        if address and each.plain(pid.PID_RECIPIENT_TYPE) != _BLIND_COPY:
            found.append((each.text(pid.PID_DISPLAY_NAME), address))
    return found


def _body(bag: _Bag) -> str:
    if plain := bag.text(pid.PID_BODY):
        return plain
    if page := bag.binary(pid.PID_HTML):
        return page_text(_decoded(page, bag.codepages[::-1]))
    if page_as_text := bag.text(pid.PID_BODY_HTML):
        return page_text(page_as_text)
    return _rich_text(bag.binary(pid.PID_RTF_COMPRESSED))


def _rich_text(packed: bytes) -> str:
    if not packed:
        return ""
    try:
        text: Any = rtf_to_text(compressed_rtf.decompress(packed).decode("latin-1"), errors="replace")  # type: ignore[no-untyped-call]
    except Exception:  # a damaged text fails in many ways; the rest of the message is as good as ever
        return ""
    return str(text).strip()


def _file(bag: _Bag) -> list[tuple[str, bytes]]:
    """Not the pictures that stand in the text."""
    name, data = (
        bag.text(pid.PID_ATTACH_LONG_FILENAME, pid.PID_ATTACH_FILENAME, pid.PID_DISPLAY_NAME),
        bag.binary(pid.PID_ATTACH_DATA_BINARY),
    )
    return [(name, data)] if name and data and not bag.plain(pid.PID_ATTACHMENT_HIDDEN) else []


def _messages(files: list[_Bag]) -> Iterator[_Bag]:
    """Messages attached as such."""
    for each in files:
        for storage in each.storage.storages:
            if storage.name == _EMBEDDED:
                yield _Bag(storage, _INNER)
