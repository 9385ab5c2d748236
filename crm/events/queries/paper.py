"""Invitations on paper."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlmodel import Session, col

from crm.events.models import Event, Guest, LetterKind
from crm.events.queries.sending import REACHABLE, addressees, mailing_of

PRINTED = col(Guest.printed_at).is_not(None) & col(Guest.invited_at).is_(None)
"""And not noted as posted."""


def cards_printed(session: Session, event: Event) -> list[Guest]:
    printed = select(Guest).where(col(Guest.event_id) == event.id, PRINTED)
    return list(session.execute(printed.order_by(col(Guest.sort_key), col(Guest.id))).scalars())


def cards_due(session: Session, event: Event, *, decided: bool) -> list[Guest]:
    """Still to be invited, without an address, not on the reserve; ``decided``: only whom the office has decided on."""
    chosen = addressees(event, mailing_of(session, event, LetterKind.INVITE)).where(~REACHABLE)
    if decided:
        chosen = chosen.where(col(Guest.approved_at).is_not(None))
    return list(session.execute(chosen.order_by(col(Guest.sort_key), col(Guest.id))).scalars())


@dataclass(frozen=True)
class Paper:
    """Cards that can be printed, and guests whose card is printed and not noted as posted."""

    due: int = 0
    printed: int = 0


def paper_of(session: Session, event: Event, *, decided: bool) -> Paper:
    printed = select(func.count()).select_from(Guest).where(col(Guest.event_id) == event.id, PRINTED)
    return Paper(len(cards_due(session, event, decided=decided)), session.execute(printed).scalar_one())
