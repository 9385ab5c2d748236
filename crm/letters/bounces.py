"""Letters that came back: what a mail server writes about them (RFC 3464, and the older habits of Exim and qmail)."""

import hashlib
import hmac
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message

from sqlalchemy import select, update
from sqlmodel import Session, col

from crm.core.db import Database
from crm.core.mail import LetterState, OutboxLetter
from crm.core.settings import Settings
from crm.people.models import ContactKind, ContactPoint, ContactState

_MESSAGE_ID = re.compile(r"^Message-ID:\s*(<[^>\s]+>)", re.IGNORECASE | re.MULTILINE)
_QMAIL = re.compile(r"^<([^<>\s]+@[^<>\s]+)>:\s*\n(.+?)(?:\n\s*\n|\Z)", re.MULTILINE | re.DOTALL)
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_LONGEST = 500


@dataclass(frozen=True)
class Bounce:
    """``message_id`` of the letter that came back, where the report carries it; ``status`` as in RFC 3463."""

    recipient: str
    status: str
    reason: str
    message_id: str = ""

    @property
    def is_permanent(self) -> bool:
        return self.status.startswith("5")


def read_bounces(raw: bytes) -> list[Bounce]:
    """Nothing for a message that is no report, or only says that a letter is late."""
    message = message_from_bytes(raw, policy=policy.compat32)
    about = _returned_id(message)
    found = [bounce for part in message.walk() for bounce in _reported(part, about)]
    return found or list(_old_habits(message, about))


def _returned_id(message: Message) -> str:
    """Of the letter that the report carries along; the report's own is another."""
    for part in message.walk():
        if part is not message and part.get_content_type() == "message/rfc822":
            inner = part.get_payload()
            letter = inner[0] if isinstance(inner, list) and inner else None
            if isinstance(letter, Message) and letter["Message-ID"]:
                return str(letter["Message-ID"]).strip()
        told = part.get_content_type() in ("text/rfc822-headers", "text/plain")
        if told and (found := _MESSAGE_ID.search(_text(part))):
            return found[1]
    return ""


def _text(part: Message) -> str:
    content = part.get_payload(decode=True)
    return content.decode("utf-8", "replace").replace("\r\n", "\n") if isinstance(content, bytes) else ""


def _reported(part: Message, about: str) -> Iterator[Bounce]:
    if part.get_content_type() != "message/delivery-status":
        return
    blocks = part.get_payload()
    for block in blocks if isinstance(blocks, list) else []:
        if not isinstance(block, Message):
            continue
        action, recipient = str(block.get("Action", "")).lower(), block.get("Final-Recipient")
        if recipient and action.strip() == "failed":
            reason = str(block.get("Diagnostic-Code", "")).partition(";")[2].strip() or action
            yield Bounce(_address(str(recipient)), str(block.get("Status", "5.0.0")).strip(), _line(reason), about)


def _old_habits(message: Message, about: str) -> Iterator[Bounce]:
    """Exim names who failed in a header; qmail in its text."""
    text = "\n".join(_text(part) for part in message.walk() if part.get_content_type() == "text/plain")
    failed = str(message.get("X-Failed-Recipients", ""))
    for address in filter(None, (each.strip().lower() for each in failed.split(","))):
        status = _STATUS.search(text)
        yield Bounce(address, status[1] if status else "5.0.0", _line(text.partition(address)[2]), about)
    if not failed and "qmail" in text[:400]:
        for address, reason in _QMAIL.findall(text):
            status = _STATUS.search(reason)
            yield Bounce(address.lower(), status[1] if status else "5.0.0", _line(reason), about)


def _address(field: str) -> str:
    """``rfc822; Somebody@Example.org`` → the address, in lower case."""
    return field.rpartition(";")[2].strip().strip("<>").lower()


def _line(text: str) -> str:
    return " ".join(text.split())[:_LONGEST]


def note_bounces(session: Session, bounces: list[Bounce]) -> int:
    """Marks the letters, and for good failures the address, of the office that wrote. Returns how many were ours."""
    return sum(_note(session, bounce) for bounce in bounces)


def take_report(database: Database, _settings: Settings, raw: bytes) -> bool:
    """From the mailbox: reports about our letters, and those that tell of no failure. Others stay there."""
    found = read_bounces(raw)
    if not found:
        return message_from_bytes(raw, policy=policy.compat32).get_content_type() == "multipart/report"
    with database.writing() as session:
        return note_bounces(session, found) > 0


def _note(session: Session, bounce: Bounce) -> bool:
    """By the Message-ID that came back; a report without one, or about an address we did not write to, says nothing."""
    if not bounce.message_id:
        return False
    mine = select(OutboxLetter).where(col(OutboxLetter.message_id) == bounce.message_id).with_for_update()
    letter: OutboxLetter | None = session.execute(mine).scalars().first()
    if letter is None or letter.to.lower() != bounce.recipient:
        return False
    letter.state, letter.error = LetterState.FAILED, f"{bounce.status} {bounce.reason}"
    if bounce.is_permanent and letter.person_id and letter.office_id:
        own = (
            (col(ContactPoint.person_id) == letter.person_id)
            & (col(ContactPoint.office_id) == letter.office_id)
            & (col(ContactPoint.kind) == ContactKind.EMAIL)
            & (col(ContactPoint.value) == letter.to)
        )
        session.execute(update(ContactPoint).where(own).values(state=ContactState.BOUNCED))
    session.flush()
    return True


def is_signed(secret: str, raw: bytes, signature: str) -> bool:
    """HMAC-SHA256 of the whole message, in hexadecimal digits."""
    wanted = hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
    return bool(secret) and hmac.compare_digest(wanted, signature.strip().lower())
