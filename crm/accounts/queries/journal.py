"""The journal as far as the reader may see it: the lines of the own office; for the operator those about accounts."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Row, select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.forms import JournalSearch
from crm.accounts.models import JournalEntry, OfficeKind, User
from crm.accounts.verbs import SUBJECTS, VERBS, meant
from crm.core.paging import PER_PAGE, beyond, cut

ABOUT_ACCOUNTS = ("user_account", "membership", "user_session", "office")
MOST_EXPORTED = 20_000


def list_journal(session: Session, actor: Actor, wanted: JournalSearch) -> tuple[Any, str | None]:
    """Rows (line, name of who did it), one page from the newest, and the cursor of the next."""
    id: Any = col(JournalEntry.id)
    chosen = _matching(actor, wanted).where(beyond(wanted.after, [id], [UUID], True))
    rows = session.execute(chosen.order_by(id.desc()).limit(PER_PAGE + 1)).all()
    return cut(rows, PER_PAGE, lambda row: (row[0].id,))


def journal_to_export(session: Session, actor: Actor, wanted: JournalSearch) -> list[Row[Any]]:
    """As ``list_journal``, the newest ``MOST_EXPORTED`` from the oldest of them."""
    newest = _matching(actor, wanted).order_by(col(JournalEntry.id).desc()).limit(MOST_EXPORTED)
    return list(reversed(session.execute(newest).all()))


def _matching(actor: Actor, wanted: JournalSearch) -> Any:
    lines = select(JournalEntry, col(User.name)).outerjoin(User, col(User.id) == col(JournalEntry.actor_id))
    if actor.office_kind is OfficeKind.OPERATOR:
        lines = lines.where(col(JournalEntry.subject_kind).in_(ABOUT_ACCOUNTS))
    else:
        lines = lines.where(col(JournalEntry.office_id) == actor.office_id)
    for column, values in (
        (JournalEntry.actor_id, wanted.who),
        (JournalEntry.verb, meant(wanted.verb, VERBS)),
        (JournalEntry.subject_kind, meant(wanted.kind, SUBJECTS)),
    ):
        lines = lines.where(col(column).in_(values)) if values else lines
    if wanted.subject:
        lines = lines.where(col(JournalEntry.subject_id) == wanted.subject)
    if wanted.since:
        lines = lines.where(col(JournalEntry.created_at) >= _midnight(actor, wanted.since))
    if wanted.until:
        lines = lines.where(col(JournalEntry.created_at) < _midnight(actor, wanted.until + timedelta(days=1)))
    return lines


def _midnight(actor: Actor, day: Any) -> datetime:
    """The beginning of a day where the office is."""
    return datetime.combine(day, time(), ZoneInfo(actor.zone))
