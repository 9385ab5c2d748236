"""Consents of two records that become one: whoever has withdrawn on the one is not asked less on the other."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.core.columns import now
from crm.core.contributions import Joined
from crm.core.i18n import gettext as _
from crm.people.models import Person
from crm.privacy.models import ConsentReceipt, Purpose

Key = tuple[UUID, str]


def stricter(session: Session, kept: Person, lost: Person) -> list[tuple[ConsentReceipt, str, datetime]]:
    """Consents in force end where the other record's newest word to the same office on this purpose is a withdrawal."""
    return [(receipt, "withdrawn_at", now()) for receipt in _overruled(session, kept.id, lost.id)]


def consents_joined(session: Session, actor: Actor, kept_id: UUID, lost_id: UUID) -> list[Joined]:
    mine, theirs = [
        [_worded(receipt) for receipt in newest.values() if receipt.office_id == actor.office_id]
        for newest in (_newest(session, kept_id), _newest(session, lost_id))
    ]
    overruled = any(receipt.office_id == actor.office_id for receipt in _overruled(session, kept_id, lost_id))
    then = _("The stricter word stands: what one of them has withdrawn is withdrawn.") if overruled else _("All stand.")
    return [Joined(_("Consents"), mine, theirs, then)]


def _overruled(session: Session, kept_id: UUID, lost_id: UUID) -> Iterator[ConsentReceipt]:
    mine, theirs = _newest(session, kept_id), _newest(session, lost_id)
    for one, other in ((mine, theirs), (theirs, mine)):
        for key, receipt in one.items():
            if receipt.withdrawn_at is None and key in other and other[key].withdrawn_at:
                yield receipt


def _newest(session: Session, person_id: UUID) -> dict[Key, ConsentReceipt]:
    """By office and purpose."""
    receipts = select(ConsentReceipt).where(col(ConsentReceipt.person_id) == person_id)
    rows: Any = session.execute(receipts.order_by(col(ConsentReceipt.given_at), col(ConsentReceipt.id))).scalars()
    return {(receipt.office_id, receipt.purpose): receipt for receipt in rows}


def _worded(receipt: ConsentReceipt) -> str:
    label = Purpose(receipt.purpose).label
    if receipt.withdrawn_at:
        return _("%(purpose)s: withdrawn", purpose=label)
    if receipt.expires_at and receipt.expires_at <= now():
        return _("%(purpose)s: expired", purpose=label)
    return _("%(purpose)s: in force", purpose=label)
