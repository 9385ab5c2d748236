"""The outbox as an office may see it."""

from uuid import UUID

from sqlalchemy import Select, func, select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.permissions import Permission
from crm.core.errors import Missing
from crm.core.mail import LetterState, OutboxLetter

ACCOUNT_KINDS = (
    "invitation", "password_reset", "factor_removed", "passkey_added", "provider_linked", "provider_unlinked",
)  # fmt: skip
"""Letters whose link opens an account: only for those who manage accounts."""


def letters_of(actor: Actor, state: LetterState | None = None) -> Select[OutboxLetter]:
    """The letters of the reader's office, the newest first, perhaps only those in one state."""
    mine = select(OutboxLetter).where(col(OutboxLetter.office_id) == actor.office_id)
    if not actor.may(Permission.ACCOUNTS_MANAGE):
        mine = mine.where(col(OutboxLetter.kind).not_in(ACCOUNT_KINDS))
    if state:
        mine = mine.where(col(OutboxLetter.state) == state)
    return mine.order_by(col(OutboxLetter.id).desc())


def counts_of(session: Session, actor: Actor) -> dict[LetterState, int]:
    inner = letters_of(actor).order_by(None).with_only_columns(col(OutboxLetter.state)).subquery()
    counted = select(inner.c.state, func.count()).group_by(inner.c.state)
    return dict(session.execute(counted).all())


def letter_of(session: Session, actor: Actor, letter_id: UUID) -> OutboxLetter:
    letter: OutboxLetter | None = (
        session.execute(letters_of(actor).where(col(OutboxLetter.id) == letter_id)).scalars().first()
    )
    if letter is None:
        raise Missing()
    return letter
