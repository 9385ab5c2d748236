"""An event that does not take place after all."""

from sqlmodel import Session

from crm.accounts.access import Actor
from crm.accounts.journal import record
from crm.core.columns import now
from crm.events.actions.pacing import hold_letters
from crm.events.models import Event


def cancel_event(session: Session, actor: Actor, event: Event) -> None:
    """What has not left is held; the personal pages say so at once. Telling the guests is a letter of its own."""
    if event.cancelled_at:
        return
    hold_letters(session, actor, event)
    event.cancelled_at = now()
    session.flush()
    record(session, actor, "withdrawn", event)


def reopen_event(session: Session, actor: Actor, event: Event) -> None:
    """The letters stay held until somebody lets them go."""
    event.cancelled_at = None
    session.flush()
    record(session, actor, "reopened", event)
