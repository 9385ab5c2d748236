from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select
from sqlmodel import Session, col

from crm.accounts.access import Actor, factor_exists
from crm.accounts.models import Membership, Office, OfficeKind, ProviderLink, User, UserSession
from crm.core.columns import now


def in_term(day: date | None = None) -> ColumnElement[bool]:
    today = day or now().date()
    return (col(Membership.since) <= today) & or_(col(Membership.until).is_(None), col(Membership.until) >= today)


def current_posts(session: Session, user_id: UUID) -> list[tuple[Membership, Office]]:
    statement = (
        select(Membership, Office)
        .join(Office, col(Office.id) == col(Membership.office_id))
        .where(col(Membership.user_id) == user_id, in_term())
        .order_by(col(Office.position), col(Office.code))
    )
    return [(membership, office) for membership, office in session.execute(statement)]


def managed_members(actor: Actor) -> Select[Membership, User, Office]:
    """Memberships whose office the actor manages, current and past."""
    statement = (
        select(Membership, User, Office)
        .join(User, col(User.id) == col(Membership.user_id))
        .join(Office, col(Office.id) == col(Membership.office_id))
        .order_by(col(Office.position), col(Office.code), col(User.name))
    )
    if actor.office_kind is OfficeKind.OPERATOR:
        return statement
    return statement.where(col(Membership.office_id) == actor.office_id)


def managed_offices(actor: Actor) -> Select[Office]:
    statement = select(Office).order_by(col(Office.position), col(Office.code))
    return statement if actor.office_kind is OfficeKind.OPERATOR else statement.where(col(Office.id) == actor.office_id)


def confirmed_factors(user_ids: Sequence[UUID]) -> Select[UUID]:
    """Ids of those of the users who have a second factor."""
    return select(col(User.id)).where(col(User.id).in_(user_ids), factor_exists(col(User.id)))


def linked_users(user_ids: Sequence[UUID]) -> Select[UUID]:
    """Ids of those of the users whom the provider has brought."""
    return select(col(ProviderLink.user_id)).where(col(ProviderLink.user_id).in_(user_ids))


def own_link(session: Session, user_id: UUID, issuer: str) -> ProviderLink | None:
    """Who the user is at this provider, once that is known."""
    mine = select(ProviderLink).where(col(ProviderLink.user_id) == user_id, col(ProviderLink.issuer) == issuer)
    found: ProviderLink | None = session.execute(mine).scalars().first()
    return found


def open_sessions(actor: Actor) -> Select[UserSession]:
    mine = (col(UserSession.user_id) == actor.user_id) & col(UserSession.ended_at).is_(None)
    return select(UserSession).where(mine, col(UserSession.expires_at) > now()).order_by(col(UserSession.id).desc())


def colleagues(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """(id, name) of who works in the reader's office now, the reader first."""
    current = (
        select(col(User.id), col(User.name))
        .join(Membership, col(Membership.user_id) == col(User.id))
        .where(col(Membership.office_id) == actor.office_id, col(User.closed_at).is_(None), in_term(actor.today))
        .order_by(col(User.id) != actor.user_id, col(User.name))
    )
    return [(str(id), name) for id, name in session.execute(current)]


def offices_beside(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """(id, name) of the other offices that hold records, as they are ordered."""
    others = select(Office).where(col(Office.id) != actor.office_id, col(Office.kind) != OfficeKind.OPERATOR)
    return [
        (str(office.id), office.name) for office in session.execute(others.order_by(col(Office.position))).scalars()
    ]
