"""Private addresses that programs use for a user in one office: one of a kind stands until it is renewed or revoked."""

from typing import TypeVar

from sqlalchemy import select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.journal import record
from crm.accounts.models import PrivateAddress
from crm.core.columns import now

A = TypeVar("A", bound=PrivateAddress)


def standing_address(session: Session, actor: Actor, kind: type[A]) -> A | None:
    mine = select(kind).where(
        col(kind.user_id) == actor.user_id, col(kind.office_id) == actor.office_id, col(kind.revoked_at).is_(None)
    )
    found: A | None = session.execute(mine).scalars().first()
    return found


def renew_address(session: Session, actor: Actor, address: A) -> A:
    """The old address ends with the new one."""
    revoke_address(session, actor, type(address))
    session.add(address)
    session.flush()
    record(session, actor, "added", address)
    return address


def revoke_address(session: Session, actor: Actor, kind: type[PrivateAddress]) -> None:
    if address := standing_address(session, actor, kind):
        address.revoked_at = now()
        record(session, actor, "withdrawn", address)
        session.flush()
