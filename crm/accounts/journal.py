"""One line per action, written in the action's own transaction."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlmodel import Session

from crm.accounts.access import Actor
from crm.accounts.models import JournalEntry


def record(
    session: Session, actor: Actor | None, verb: str, subject: Any, changes: dict[str, Any] | None = None
) -> JournalEntry:
    """``subject`` is a row (its table names its kind); ``changes`` maps a field to its new value or ``[old, new]``."""
    entry = JournalEntry(
        actor_id=actor.user_id if actor else None,
        office_id=actor.office_id if actor else getattr(subject, "office_id", None),
        verb=verb,
        subject_kind=subject.__tablename__,
        subject_id=subject.id,
        changes={key: _plain(value) for key, value in changes.items()} if changes else None,
    )
    session.add(entry)
    return entry


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple | set):
        return [_plain(item) for item in value]
    if isinstance(value, UUID | date | datetime | StrEnum):
        return str(value)
    return value


def change(row: Any, values: dict[str, Any]) -> dict[str, Any]:
    """Set the columns that differ, and say what changed as ``{column: [old, new]}``."""
    changes = {}
    for name, value in values.items():
        before = getattr(row, name)
        if before != value:
            setattr(row, name, value)
            changes[name] = [before, value]
    return changes
