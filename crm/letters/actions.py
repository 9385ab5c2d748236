from sqlmodel import Session

from crm.accounts.access import Actor
from crm.accounts.journal import record
from crm.core.columns import now
from crm.core.errors import Refused
from crm.core.i18n import lazy_gettext as _l
from crm.core.mail import LetterState, OutboxLetter


def stop_letter(session: Session, actor: Actor, letter: OutboxLetter) -> None:
    """Call a letter back that has not left yet."""
    session.refresh(letter, with_for_update=True)
    if letter.state not in (LetterState.QUEUED, LetterState.HELD):
        raise Refused(_l("Only a letter that waits can be stopped."))
    letter.state = LetterState.STOPPED
    session.flush()
    record(session, actor, "withdrawn", letter)


def retry_letter(session: Session, actor: Actor, letter: OutboxLetter) -> None:
    """Put a failed or stopped letter back; it keeps its Message-ID."""
    session.refresh(letter, with_for_update=True)
    if letter.state not in (LetterState.FAILED, LetterState.STOPPED, LetterState.HELD):
        raise Refused(_l("Only a letter that failed or was stopped can be sent again."))
    letter.state, letter.due_at, letter.attempts, letter.error = LetterState.QUEUED, now(), 0, None
    session.flush()
    record(session, actor, "requested", letter)
