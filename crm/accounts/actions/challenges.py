"""What a browser is asked: kept here under the hash of its cookie, answered once, within minutes."""

import json
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col

from crm.accounts.access import token_hash
from crm.accounts.codes import Vault
from crm.accounts.models import Challenge, ChallengeKind
from crm.core.columns import now
from crm.core.db import Database

MINUTES = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked, and of whom, where that was known."""

    content: dict[str, Any]
    user_id: UUID | None = None


def ask(session: Session, vault: Vault, kind: ChallengeKind, asked: Asked) -> str:
    """Keep it and return the secret for the cookie; what nobody answered in time goes on the way."""
    session.execute(delete(Challenge).where(col(Challenge.expires_at) < now()))
    token = secrets.token_urlsafe(32)
    kept = Challenge(
        token_hash=token_hash(token), kind=kind, user_id=asked.user_id, sealed=vault.seal(json.dumps(asked.content)),
        expires_at=now() + timedelta(minutes=MINUTES),
    )  # fmt: skip
    session.add(kept)
    session.flush()
    return token


def take(database: Database, vault: Vault, kind: ChallengeKind, token: str) -> Asked | None:
    """Once and never again, whatever becomes of the answer: so in a transaction of its own."""
    mine = (col(Challenge.token_hash) == token_hash(token)) & (col(Challenge.kind) == kind)
    gone = (
        delete(Challenge)
        .where(mine)
        .returning(col(Challenge.sealed), col(Challenge.user_id), col(Challenge.expires_at))
    )
    with database.writing() as session:
        row = session.execute(gone).first()
    if row is None or row.expires_at < now():
        return None
    return Asked(json.loads(vault.open(row.sealed)), row.user_id)
