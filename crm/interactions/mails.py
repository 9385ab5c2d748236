"""A message as the room understands it: whom it names, and what it says itself."""

import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime

from crm.core.errors import WrongField
from crm.core.i18n import lazy_gettext as _l
from crm.core.names import tidy
from crm.imports.actions.upload import plain_name
from crm.imports.reading.errors import Unreadable
from crm.interactions.reading.forwarded import forwarded_in, is_forward
from crm.interactions.reading.limited import read_limited
from crm.interactions.reading.message import read_message
from crm.interactions.reading.pieces import NoMessage, Pieces

MOST_TEXT = 20_000
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
    """``text`` without what it answers to; ``files`` are (name, bytes). Of a forwarded one, the message in it."""

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


def read_mail(data: bytes, *, apart: bool = False) -> Mail:
    """``apart``: in a process with limits, for what nobody has looked at and for files that are hard to read."""
    try:
        return mail_of(read_limited(data) if apart else read_message(data), data)
    except (NoMessage, Unreadable) as fault:
        why = _l("This is not a message. Please save the mail as a file (.eml or .msg) and choose that.")
        raise WrongField("files", why) from fault


def mail_of(pieces: Pieces, data: bytes) -> Mail:
    """A message without a Message-ID is known by what it says."""
    subject, text = _line(pieces.subject), _tidied(pieces.text)
    senders, recipients = _known(pieces.senders), _known(pieces.recipients)
    sent_at, own = pieces.sent_at, _without_quoted(text)
    attached = pieces.attached[0] if pieces.attached else None
    inner: list[Address] = []
    if attached:
        inner = [*_known(attached.senders), *_known(attached.recipients)]
    if attached and (is_forward(subject, "") or not text):
        own = _joined(text, _without_quoted(_tidied(attached.text)))
        sent_at, subject = attached.sent_at or sent_at, _line(attached.subject) or subject
        senders, recipients = inner, [*senders, *recipients]
    elif is_forward(subject, text) and (found := forwarded_in(text)):
        own = _joined(found.note, _without_quoted(found.text))
        senders, recipients = _known(found.addresses), [*senders, *recipients]
    else:
        recipients = [*recipients, *inner]
    return Mail(
        message_id=_line(pieces.message_id)[:500] or f"<{hashlib.sha256(data).hexdigest()}@meguri.invalid>",
        subject=subject[:300],
        sent_at=sent_at,
        sender=senders[0] if senders else None,
        recipients=[*senders[1:], *recipients],
        text=own[:MOST_TEXT],
        files=[(plain_name(_tidied(name)), content) for name, content in pieces.files],
    )


def _tidied(text: str) -> str:
    """Also without what no database takes: half signs of a wrong encoding."""
    return tidy(text.encode("utf-8", "replace").decode("utf-8"))


def _line(text: str) -> str:
    return " ".join(_tidied(text).split())


def _known(pairs: list[tuple[str, str]]) -> list[Address]:
    return [Address(_line(name)[:300], email.strip().lower()[:300]) for name, email in pairs if "@" in email]


def _joined(note: str, text: str) -> str:
    return "\n\n".join(each for each in (note, text.strip()) if each)


def _without_quoted(text: str) -> str:
    """What the message itself says, where it says something before what it answers to."""
    found = _BEFORE.search(text)
    own = text[: found.start()].rstrip() if found else text
    lines = own.splitlines()
    while lines and (lines[-1].startswith(">") or not lines[-1].strip()):
        lines.pop()
    return "\n".join(lines) or text
