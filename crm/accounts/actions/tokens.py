import secrets
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from crm.accounts.access import Actor, token_hash
from crm.accounts.forms import TokenForm
from crm.accounts.journal import record
from crm.accounts.models import AccessToken
from crm.core.columns import now
from crm.core.errors import Missing


def make_token(session: Session, actor: Actor, data: TokenForm) -> tuple[AccessToken, str]:
    """For the post in which the actor works now; the secret is returned this once."""
    post = next(post.id for post in actor.offices if post.current)
    secret = f"meguri_{secrets.token_urlsafe(32)}"
    token = AccessToken(
        user_id=actor.user_id, membership_id=post, name=data.name, scopes=[scope.value for scope in data.scopes],
        token_hash=token_hash(secret), expires_at=now() + timedelta(days=data.days),
    )  # fmt: skip
    session.add(token)
    session.flush()
    record(session, actor, "added", token, {"name": data.name})
    return token, secret


def own_tokens(session: Session, actor: Actor) -> list[AccessToken]:
    """The newest first; those that are revoked are gone."""
    mine = select(AccessToken).where(col(AccessToken.user_id) == actor.user_id, col(AccessToken.revoked_at).is_(None))
    return list(session.execute(mine.order_by(col(AccessToken.id).desc())).scalars())


def revoke_token(session: Session, actor: Actor, token_id: UUID) -> None:
    token = session.get(AccessToken, token_id)
    if token is None or token.user_id != actor.user_id:
        raise Missing()
    if token.revoked_at is None:
        token.revoked_at = now()
        session.flush()
        record(session, actor, "withdrawn", token)
