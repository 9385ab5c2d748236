import secrets
from datetime import timedelta
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from crm.accounts.access import Actor, make_actor, token_hash
from crm.accounts.journal import record
from crm.accounts.models import Membership, User, UserSession
from crm.accounts.queries import current_posts
from crm.core.columns import now
from crm.core.errors import Missing, Refused
from crm.core.i18n import lazy_gettext as _l

SESSION_HOURS = 12


def open_user_session(
    session: Session, user: User, device: str, *, by_provider: bool = False, vouched: bool = False
) -> str:
    """Sign a user in to the post where they last worked, or to their earliest; returns the secret for the cookie."""
    posts = current_posts(session, user.id)
    if not posts:
        raise Refused(_l("Your term in every office has ended. Please ask your administrator."))
    used = select(UserSession.membership_id).where(UserSession.user_id == user.id).order_by(col(UserSession.id).desc())
    last = session.exec(used.limit(1)).first()
    membership, office = next((post for post in posts if post[0].id == last), min(posts, key=lambda post: post[0].id))
    token = secrets.token_urlsafe(32)
    opened = UserSession(
        token_hash=token_hash(token),
        user_id=user.id,
        membership_id=membership.id,
        device=device[:200],
        by_provider=by_provider,
        vouched=vouched,
        expires_at=now() + timedelta(hours=SESSION_HOURS),
    )
    session.add(opened)
    session.flush()
    record(session, make_actor(user, membership, office), "signed_in", opened)
    return token


def end_user_session(session: Session, actor: Actor, session_id: UUID) -> None:
    opened = session.get(UserSession, session_id)
    if opened is None or opened.user_id != actor.user_id:
        raise Missing()
    opened.ended_at = now()
    record(session, actor, "signed_out", opened)


def end_all_sessions(session: Session, user_id: UUID, *, but: UUID | None = None) -> None:
    mine = (col(UserSession.user_id) == user_id) & col(UserSession.ended_at).is_(None)
    if but:
        mine = mine & (col(UserSession.id) != but)
    session.execute(update(UserSession).where(mine).values(ended_at=now()))


def switch_post(session: Session, actor: Actor, membership_id: UUID) -> None:
    """Go on in another office of one's own."""
    if membership_id not in {post.id for post in actor.offices}:
        raise Missing()
    opened = session.get(UserSession, actor.session_id)
    membership = session.get(Membership, membership_id)
    if opened is None or membership is None:
        raise Missing()
    opened.membership_id = membership.id
    record(session, actor, "switched_office", opened)
