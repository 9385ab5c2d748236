"""Consents are given and withdrawn here and nowhere else."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from crm.accounts.access import Actor
from crm.accounts.journal import record
from crm.core.columns import now
from crm.core.errors import Missing, Refused
from crm.core.i18n import lazy_gettext as _l
from crm.privacy.models import Channel, ConsentReceipt, Purpose
from crm.privacy.texts import VERSION


@dataclass(frozen=True)
class Consent:
    """What was agreed to and how it is known. ``given_at`` None is now."""

    purpose: Purpose
    language: str
    channel: Channel = Channel.WEB
    fields: tuple[str, ...] = ()
    text_version: str = VERSION
    given_at: datetime | None = None
    expires_at: datetime | None = None
    evidence: str | None = None


def give_consent(
    session: Session, actor: Actor | None, person_id: UUID, office_id: UUID, consent: Consent
) -> ConsentReceipt:
    """Write a receipt; the actor is who recorded it, None for the person at their own door."""
    given_at = consent.given_at or now()
    if given_at > now():
        raise Refused(_l("A consent cannot be dated in the future."))
    receipt = ConsentReceipt(
        person_id=person_id,
        office_id=office_id,
        purpose=consent.purpose,
        fields=list(consent.fields),
        text_version=consent.text_version,
        language=consent.language,
        channel=consent.channel,
        given_at=given_at,
        expires_at=consent.expires_at,
        evidence=consent.evidence,
        recorded_by=actor.user_id if actor else None,
    )
    session.add(receipt)
    session.flush()
    record(session, actor, "added", receipt, {"purpose": consent.purpose, "channel": consent.channel})
    return receipt


def withdraw_consent(
    session: Session, actor: Actor | None, person_id: UUID, office_id: UUID, purposes: Sequence[Purpose]
) -> int:
    """End every consent to these purposes that this office holds; returns how many were in force."""
    in_force = select(ConsentReceipt).where(
        ConsentReceipt.person_id == person_id,
        ConsentReceipt.office_id == office_id,
        col(ConsentReceipt.purpose).in_(purposes),
        col(ConsentReceipt.withdrawn_at).is_(None),
    )
    receipts = session.exec(in_force.with_for_update()).all()
    for receipt in receipts:
        receipt.withdrawn_at = now()
        record(session, actor, "withdrawn", receipt, {"purpose": receipt.purpose})
    session.flush()
    return len(receipts)


Rule = Callable[[Session, UUID, UUID, Sequence[Purpose]], None]


def withdraw_own(session: Session, person_id: UUID, receipt_id: UUID, rules: Sequence[Rule]) -> ConsentReceipt:
    """By the person, at their own door, with whatever has no ground without it."""
    receipt = session.get(ConsentReceipt, receipt_id)
    if receipt is None or receipt.person_id != person_id:
        raise Missing()
    purposes = Purpose(receipt.purpose).carries
    withdraw_consent(session, None, person_id, receipt.office_id, purposes)
    for rule in rules:
        rule(session, person_id, receipt.office_id, purposes)
    return receipt


def end_consents(session: Session, actor: Actor, person_id: UUID, office_id: UUID, rules: Sequence[Rule]) -> None:
    """All that this person allowed this office, and at once what stood on it in the rooms above."""
    withdraw_consent(session, actor, person_id, office_id, tuple(Purpose))
    for rule in rules:
        rule(session, person_id, office_id, tuple(Purpose))
