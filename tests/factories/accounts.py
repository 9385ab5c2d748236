"""Offices, users and their posts."""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlmodel import Session, select

from crm.accounts.access import Actor, make_actor, token_hash
from crm.accounts.models import AccessToken, Membership, Office, OfficeKind, Role, Scope, User, UserSession
from crm.core.columns import now


def boston_today() -> date:
    """Where the office of most tests is: in the first hours of a day in Greenwich it is still yesterday there."""
    return now().astimezone(ZoneInfo("America/New_York")).date()


@dataclass(frozen=True)
class Post:
    """A user in an office; ``actor`` is how the program sees them."""

    user: User
    office: Office
    membership: Membership
    actor: Actor


def an_office(session: Session, code: str = "us-bos", kind: OfficeKind = OfficeKind.CONSULATE_GENERAL) -> Office:
    """The office of the reference data with this code, or an invented one."""
    office = session.exec(select(Office).where(Office.code == code)).first()
    if office is None:
        office = Office(code=code, kind=kind, name_ja=f"架空の公館 {code}", name_en=f"Invented office {code}")
        session.add(office)
        session.flush()
    return office


def a_post(session: Session, role: str = "attache", office_code: str = "us-bos", language: str = "en") -> Post:
    """A new invented user with a current post."""
    office = an_office(session, office_code)
    name = f"{role.replace('_', ' ').title()} Example"
    user = User(email=f"{role}-{uuid4().hex[:8]}@example.org", name=name, language=language)
    session.add(user)
    session.flush()
    membership = Membership(user_id=user.id, office_id=office.id, role=Role(role), since=date(2026, 4, 1))
    session.add(membership)
    session.flush()
    return Post(user, office, membership, make_actor(user, membership, office))


def an_actor(session: Session, role: str = "attache", office_code: str = "us-bos") -> Actor:
    return a_post(session, role, office_code).actor


def a_session_cookie(session: Session, post: Post) -> str:
    """Sign the user of a post in; returns the cookie's value."""
    token = secrets.token_urlsafe(32)
    session.add(
        UserSession(
            token_hash=token_hash(token),
            user_id=post.user.id,
            membership_id=post.membership.id,
            expires_at=now() + timedelta(days=1),
        )
    )
    session.flush()
    return token


def a_token(session: Session, post: Post, *scopes: str) -> str:
    """The secret of a program's token for this post; of every scope where none is named."""
    secret = f"meguri_{secrets.token_urlsafe(32)}"
    token = AccessToken(
        user_id=post.user.id, membership_id=post.membership.id, name="A program",
        scopes=list(scopes) or [scope.value for scope in Scope], token_hash=token_hash(secret),
        expires_at=now() + timedelta(days=30),
    )  # fmt: skip
    session.add(token)
    session.flush()
    return secret
