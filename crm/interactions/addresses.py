"""Private addresses: what is sent to one of them waits in its owner's tray.

The pattern comes from the settings (``file+*@example.org``). What stands for the asterisk is the key: it is looked for
wherever mail servers write to whom they have delivered, and never kept with the message.
"""

import hashlib
import hmac
import re
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from crm.accounts.access import Actor, token_hash
from crm.accounts.acting import actor_now
from crm.accounts.permissions import Permission
from crm.accounts.private import renew_address, standing_address
from crm.core.columns import new_id
from crm.core.settings import Settings
from crm.interactions.models import FilingAddress

_LENGTH: Final = 20
_MOST_HEADER: Final = 200_000
_PATTERN = re.compile(r"[^@\s*]*\*[^@\s*]*@[^@\s*]+\.[^@\s*]+|[^@\s*]*\*[^@\s*]*@localhost")


def is_pattern(address: str) -> bool:
    return bool(_PATTERN.fullmatch(address))


def is_open(settings: Settings) -> bool:
    """Whether mails can come at all."""
    return bool(settings.imap_url) and is_pattern(settings.filing_address)


def address_of(session: Session, settings: Settings, actor: Actor) -> str:
    """Empty where there is none, or where the installation's key has changed since."""
    link = standing_address(session, actor, FilingAddress)
    if link is None or token_hash(token := _token(settings, link.id)) != link.token_hash:
        return ""
    return settings.filing_address.replace("*", token)


def make_address(session: Session, actor: Actor, settings: Settings) -> FilingAddress:
    id = new_id()
    hashed = token_hash(_token(settings, id))
    link = FilingAddress(id=id, user_id=actor.user_id, office_id=actor.office_id, token_hash=hashed)
    return renew_address(session, actor, link)


def _token(settings: Settings, id: UUID) -> str:
    """In signs that no mail program changes, whatever it does to capitals."""
    made = hmac.new(settings.secret_key.encode(), f"filing address {id}".encode(), hashlib.sha256)
    return made.hexdigest()[:_LENGTH]


def _finder(pattern: str) -> re.Pattern[str]:
    before, after = pattern.split("*")
    return re.compile(
        rf"(?<![\w.+-]){re.escape(before)}([0-9a-f]{{{_LENGTH}}}){re.escape(after)}(?![\w-]|\.\w)", re.IGNORECASE
    )


def tokens_in(settings: Settings, raw: bytes) -> list[str]:
    """In the head of a message: also where only the servers on its way have noted to whom it went (blind copies)."""
    head = re.split(rb"\r?\n\r?\n", raw[:_MOST_HEADER], maxsplit=1)[0].decode("utf-8", "replace")
    return list(dict.fromkeys(found.lower() for found in _finder(settings.filing_address).findall(head)))


def without_tokens(raw: bytes, tokens: list[str]) -> bytes:
    """The message as it may be kept: colleagues who read it later must not learn the address."""
    for token in tokens:
        raw = re.sub(token.encode(), b"x" * _LENGTH, raw, flags=re.IGNORECASE)
    return raw


def is_filing_address(settings: Settings, address: str) -> bool:
    before, after = settings.filing_address.split("*")
    return address.startswith(before) and address.endswith(after)


def owners_of(session: Session, tokens: list[str]) -> list[Actor]:
    """Whose addresses they are: not revoked, and in a post that may log contacts today."""
    hashes = [token_hash(token) for token in tokens]
    links = select(FilingAddress).where(
        col(FilingAddress.token_hash).in_(hashes), col(FilingAddress.revoked_at).is_(None)
    )
    actors = [actor_now(session, link.office_id, link.user_id) for link in session.execute(links).scalars().all()]
    return [actor for actor in actors if actor and actor.may(Permission.INTERACTIONS_EDIT)]
