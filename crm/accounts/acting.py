"""In whose name background work and the command line act."""

from typing import cast
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from crm.accounts.access import Actor, make_actor
from crm.accounts.models import Membership, Office, Role, User
from crm.accounts.permissions import PERMISSIONS
from crm.accounts.queries import in_term
from crm.core.errors import Missing


def command_line(office: Office) -> Actor:
    """Whoever may use the command line of the machine acts for an office, without an account."""
    return Actor(
        user_id=cast(UUID, None),
        session_id=None,
        office_id=office.id,
        office_code=office.code,
        office_kind=office.kind,
        office_name=office.name,
        zone=office.zone,
        role=Role.ATTACHE,
        name="",
        email="",
        language="en",
        permissions=PERMISSIONS[Role.ATTACHE],
    )


def actor_now(session: Session, office_id: UUID, user_id: UUID) -> Actor | None:
    """The user in a post of today; None once the post or the account has ended."""
    mine = (
        select(User, Membership, Office)
        .join(Membership, col(Membership.user_id) == col(User.id))
        .join(Office, col(Office.id) == col(Membership.office_id))
        .where(col(User.id) == user_id, col(User.closed_at).is_(None), col(Office.id) == office_id, in_term())
    )
    row = session.execute(mine.order_by(col(Membership.since).desc())).first()
    return make_actor(*row) if row else None


def actor_for(session: Session, office_id: UUID, user_id: UUID | None) -> Actor:
    """The user in this office; background work outlives the end of a post, so a past one will do."""
    office = session.get(Office, office_id)
    if office is None:
        raise Missing()
    mine = select(User, Membership).join(Membership, col(Membership.user_id) == col(User.id))
    mine = mine.where(col(User.id) == user_id, col(Membership.office_id) == office_id)
    row = session.execute(mine.order_by(col(Membership.since).desc()).limit(1)).first() if user_id else None
    return make_actor(row[0], row[1], office) if row else command_line(office)
