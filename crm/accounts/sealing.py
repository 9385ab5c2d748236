"""What a seal is made of: a day's lines in the order of their ids, and the seal of the day before.

The key is kept outside the database, so that who changes the database cannot make the seal that would fit.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from crm.core.settings import Settings

Line = Sequence[Any]
"""Values of ``SEALED`` columns, in that order."""
SEALED = (
    "id",
    "created_at",
    "actor_id",
    "office_id",
    "verb",
    "subject_kind",
    "subject_id",
    "payload_digest",
)
_written = json.JSONEncoder(sort_keys=True).encode
"""Made once: ``json.dumps`` with an option makes an encoder for each line."""


def seal_key(settings: Settings) -> bytes:
    return hmac.digest(settings.secret_key.encode(), b"journal", "sha256")


def payload_digest(key: bytes, changes: Any) -> str | None:
    """Stands for what a line says in detail; nothing for a line without."""
    if changes is None:
        return None
    return hmac.digest(key, _written(changes).encode(), "sha256").hex()


def seal_of(key: bytes, day: date, before: str, lines: Iterable[Line]) -> tuple[str, int]:
    """The seal, and how many lines it covers."""
    made = hmac.new(key, f"{day.isoformat()} {before}".encode(), hashlib.sha256)
    number = 0
    for id, at, actor, office, verb, kind, subject, detail in lines:
        words = f"{id} {at.isoformat()} {actor} {office} {verb!r} {kind!r} {subject} {detail!r}\n"
        made.update(words.encode())
        number += 1
    return made.hexdigest(), number
