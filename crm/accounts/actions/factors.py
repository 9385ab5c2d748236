"""The second factor of a user: set up, confirmed, asked for, taken away."""

from uuid import UUID

from sqlalchemy import delete, select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.actions.users import check_manages
from crm.accounts.codes import Vault, hash_of, new_recovery_codes, new_secret, step_of, typed
from crm.accounts.journal import change, record
from crm.accounts.letters import factor_removed
from crm.accounts.models import Membership, Office, RecoveryCode, SecondFactor, User
from crm.accounts.queries.factors import codes_left, factor_of, has_factor, passkeys_of
from crm.core.columns import now
from crm.core.errors import Missing, Refused, WrongField
from crm.core.i18n import lazy_gettext as _l
from crm.core.mail import post


def begin(session: Session, actor: Actor, vault: Vault) -> None:
    """A new secret, which does not count yet; one that counts is not thrown away by this."""
    factor = factor_of(session, actor.user_id)
    if factor and factor.confirmed_at:
        raise Refused(_l("Your second factor is set up already."))
    if factor:
        session.delete(factor)
        session.flush()
    session.add(SecondFactor(user_id=actor.user_id, secret=vault.seal(new_secret())))
    session.flush()


def confirm(session: Session, actor: Actor, vault: Vault, code: str) -> list[str]:
    """From now on it is asked for; returns new recovery codes, which are shown this once."""
    factor = factor_of(session, actor.user_id)
    if factor is None or factor.confirmed_at:
        raise Refused(_l("Please begin with the set-up again."))
    step = step_of(vault.open(factor.secret), typed(code), now(), factor.last_step)
    if step is None:
        raise WrongField("code", _l("This code is not right. Please type the one that your app shows now."))
    factor.confirmed_at, factor.last_step = now(), step
    record(session, actor, "set_factor", factor)
    return first_codes(session, actor.user_id)


def first_codes(session: Session, user_id: UUID) -> list[str]:
    """New recovery codes with the first factor; none while the user has some left."""
    if codes_left(session, user_id):
        return []
    session.execute(delete(RecoveryCode).where(col(RecoveryCode.user_id) == user_id))
    codes = new_recovery_codes()
    session.add_all(RecoveryCode(user_id=user_id, code_hash=hash_of(code)) for code in codes)
    session.flush()
    return codes


def accept(session: Session, user_id: UUID, vault: Vault, code: str) -> bool:
    """Whether this is a code of theirs that has not been used; it is used up by this."""
    mine = select(SecondFactor).where(col(SecondFactor.user_id) == user_id, col(SecondFactor.confirmed_at).is_not(None))
    factor = session.execute(mine.with_for_update()).scalars().first()
    step = step_of(vault.open(factor.secret), typed(code), now(), factor.last_step) if factor else None
    if factor and step is not None:
        factor.last_step = step
        session.flush()
        return True
    unused = select(RecoveryCode).where(
        col(RecoveryCode.user_id) == user_id,
        col(RecoveryCode.code_hash) == hash_of(code),
        col(RecoveryCode.used_at).is_(None),
    )
    paper = session.execute(unused.with_for_update()).scalars().first()
    if paper is None:
        return False
    paper.used_at = now()
    session.flush()
    record(session, None, "used_recovery_code", paper)
    return True


def remove(session: Session, actor: Actor, vault: Vault, code: str) -> None:
    """The app, by the user, who still has it."""
    if not accept(session, actor.user_id, vault, code):
        raise WrongField("code", _l("This code is not right. Please type the one that your app shows now."))
    factor = factor_of(session, actor.user_id)
    if factor:
        record(session, actor, "removed_factor", factor)
        session.delete(factor)
    forget_codes(session, actor.user_id)


def reset(session: Session, actor: Actor, membership_id: UUID) -> User:
    """App, passkeys and all, by an administrator for a colleague who has lost them; the colleague is told."""
    membership = session.get(Membership, membership_id)
    if membership is None:
        raise Missing()
    check_manages(actor, membership.office_id)
    user = session.get_one(User, membership.user_id)
    factor = factor_of(session, user.id)
    lost = [*([factor] if factor else []), *passkeys_of(session, user.id)]
    if not lost:
        raise Refused(_l("This account has no second factor."))
    for each in lost:
        record(session, actor, "removed_factor", each)
        session.delete(each)
    forget_codes(session, user.id)
    post(session, factor_removed(user))
    return user


def forget_codes(session: Session, user_id: UUID) -> None:
    """Recovery codes go with the last factor."""
    session.flush()
    if not has_factor(session, user_id):
        session.execute(delete(RecoveryCode).where(col(RecoveryCode.user_id) == user_id))


def set_required(session: Session, actor: Actor, office_id: UUID, *, required: bool) -> Office:
    """Whether an office's members must have one: who has none is led to it, and reaches nothing else before."""
    check_manages(actor, office_id)
    office = session.get(Office, office_id)
    if office is None:
        raise Missing()
    changes = change(office, {"factor_required": required})
    session.flush()
    if changes:
        record(session, actor, "changed", office, changes)
    return office
