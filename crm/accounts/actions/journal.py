from sqlmodel import Session

from crm.accounts.access import Actor
from crm.accounts.models import JournalEntry


def record_export(session: Session, actor: Actor, lines: int) -> None:
    """Who takes the journal out leaves a line in it."""
    entry = JournalEntry(
        actor_id=actor.user_id, office_id=actor.office_id, verb="exported", subject_kind="journal_entry",
        changes={"lines": lines},
    )  # fmt: skip
    session.add(entry)
