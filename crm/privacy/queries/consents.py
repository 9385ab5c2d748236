"""The one place that says whether a person allows something now."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlmodel import Session, col

from crm.core.columns import now
from crm.privacy.models import ConsentReceipt, Purpose


def _in_force(purpose: Purpose) -> Select[ConsentReceipt]:
    unexpired = or_(col(ConsentReceipt.expires_at).is_(None), col(ConsentReceipt.expires_at) > now())
    allowed = col(ConsentReceipt.purpose) == purpose, col(ConsentReceipt.withdrawn_at).is_(None)
    return select(ConsentReceipt).where(*allowed, unexpired)


def valid_receipts(person_id: UUID, purpose: Purpose) -> Select[ConsentReceipt]:
    """Receipts in force, the newest first."""
    mine = _in_force(purpose).where(col(ConsentReceipt.person_id) == person_id)
    return mine.order_by(col(ConsentReceipt.given_at).desc(), col(ConsentReceipt.id).desc())


def who_allow(session: Session, ids: Collection[UUID], purpose: Purpose, office_id: UUID) -> set[UUID]:
    """Those among them who allow this office the purpose now."""
    theirs = _in_force(purpose).where(
        col(ConsentReceipt.person_id).in_(ids), col(ConsentReceipt.office_id) == office_id
    )
    return set(session.execute(theirs.with_only_columns(col(ConsentReceipt.person_id))).scalars())


def consent_to(session: Session, person_id: UUID, purpose: Purpose, office_id: UUID) -> ConsentReceipt | None:
    """The newest consent in force that this office obtained."""
    mine = valid_receipts(person_id, purpose).where(col(ConsentReceipt.office_id) == office_id)
    return session.execute(mine.limit(1)).scalars().first()


def may(session: Session, person_id: UUID, purpose: Purpose) -> bool:
    """Whether the person allows this purpose now, to any office."""
    return session.execute(valid_receipts(person_id, purpose).limit(1)).first() is not None


def receipts_of(office_id: UUID, person_id: UUID) -> Select[ConsentReceipt]:
    """Every receipt of one office about a person, also ended ones, the newest first."""
    mine = (col(ConsentReceipt.person_id) == person_id) & (col(ConsentReceipt.office_id) == office_id)
    return select(ConsentReceipt).where(mine).order_by(col(ConsentReceipt.id).desc())
