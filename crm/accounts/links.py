"""Doors without an account: issue, open, revoke. The secret leaves once, in the address; its hash stays."""

import secrets
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from crm.accounts.access import Actor, token_hash
from crm.accounts.models import LinkPurpose, SignedLink
from crm.core.columns import new_id, now
from crm.core.errors import Missing, Problem
from crm.core.i18n import lazy_gettext as _l


class Expired(Problem):
    status = 410
    sentence = _l("This link has expired or has been withdrawn. Please ask the sender for a new one.")


def link_values(
    purpose: LinkPurpose, subject_id: UUID, *, days: float, actor: Actor | None = None
) -> tuple[dict[str, Any], str]:
    """The columns of a link that is not stored yet, and its secret, 43 characters safe in an address."""
    token = secrets.token_urlsafe(32)
    values = {
        "id": new_id(),
        "created_at": now(),
        "purpose": purpose,
        "subject_id": subject_id,
        "token_hash": token_hash(token),
        "expires_at": now() + timedelta(days=days),
        "opened_at": None,
        "used_at": None,
        "revoked_at": None,
        "issued_by": actor.user_id if actor else None,
    }
    return values, token


def issue_link(
    session: Session, purpose: LinkPurpose, subject_id: UUID, *, days: float, actor: Actor | None = None
) -> str:
    """Make a link and return its secret."""
    values, token = link_values(purpose, subject_id, days=days, actor=actor)
    session.add(SignedLink(**values))
    session.flush()
    return token


def find_link(session: Session, purpose: LinkPurpose, token: str) -> SignedLink:
    """The link behind a secret. Raises ``Missing`` for a wrong one, ``Expired`` for one that is over."""
    statement = select(SignedLink).where(SignedLink.token_hash == token_hash(token), SignedLink.purpose == purpose)
    link = session.exec(statement).first()
    if link is None:
        raise Missing(_l("This link is not complete. Please copy the whole address from the message."))
    if link.revoked_at or link.expires_at < now():
        raise Expired()
    return link


def revoke_links(session: Session, purpose: LinkPurpose, subject_id: UUID) -> None:
    of_subject = (col(SignedLink.purpose) == purpose) & (col(SignedLink.subject_id) == subject_id)
    session.execute(update(SignedLink).where(of_subject, col(SignedLink.revoked_at).is_(None)).values(revoked_at=now()))
