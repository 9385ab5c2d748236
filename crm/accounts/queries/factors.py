"""What a user has beside the password."""

from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from crm.accounts.access import factor_exists
from crm.accounts.models import Passkey, RecoveryCode, SecondFactor, User


def has_factor(session: Session, user_id: UUID) -> bool:
    """An app that is set up, or a passkey."""
    return bool(session.execute(select(factor_exists(user_id))).scalar_one())


def factor_of(session: Session, user_id: UUID) -> SecondFactor | None:
    """The authenticator app, confirmed or not."""
    mine = select(SecondFactor).where(col(SecondFactor.user_id) == user_id)
    return session.execute(mine).scalars().first()


def passkeys_of(session: Session, user_id: UUID) -> list[Passkey]:
    mine = select(Passkey).where(col(Passkey.user_id) == user_id).order_by(col(Passkey.id))
    return list(session.execute(mine).scalars())


def codes_left(session: Session, user_id: UUID) -> int:
    unused = select(func.count()).where(col(RecoveryCode.user_id) == user_id, col(RecoveryCode.used_at).is_(None))
    return int(session.execute(unused.select_from(RecoveryCode)).scalar_one())


def proof_of(session: Session, user_id: UUID) -> str:
    """What a user shows before a factor is added or removed: ``password``, else ``code``; nothing where neither is."""
    if session.get_one(User, user_id).password_hash:
        return "password"
    return "code" if codes_left(session, user_id) or factor_of(session, user_id) else ""
