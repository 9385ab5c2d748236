"""Lists that were read long ago: the people stay, the copies of the list go."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.journal import record
from crm.core.columns import now
from crm.core.contributions import RetentionRule
from crm.core.i18n import lazy_gettext as _l
from crm.core.i18n import ngettext
from crm.imports.actions.erasing import drop_originals, without_samples
from crm.imports.models import ImportFile, ImportRow

_MOST = 500


def old_lists(session: Session, office_id: UUID, before: date, _in_use: Any) -> Sequence[UUID]:
    since = datetime.combine(before, time(), UTC)
    old = select(col(ImportFile.id)).where(
        col(ImportFile.office_id) == office_id,
        col(ImportFile.created_at) < since,
        col(ImportFile.forgotten_at).is_(None),
    )
    return session.execute(old.order_by(col(ImportFile.id)).limit(_MOST)).scalars().all()


def names_of(session: Session, ids: Sequence[UUID]) -> dict[UUID, tuple[str, str]]:
    """The file's name, and how many rows it had."""
    files = session.execute(select(ImportFile).where(col(ImportFile.id).in_(ids))).scalars()
    rows = {file.id: sum(file.counts.values()) for file in files}
    named = session.execute(select(col(ImportFile.id), col(ImportFile.name)).where(col(ImportFile.id).in_(ids)))
    return {id: (name, ngettext("%(num)s row", "%(num)s rows", rows[id])) for id, name in named}


def forget_list(session: Session, actor: Actor, file_id: UUID, _rules: Any) -> None:
    """What was read of each row goes too; that a row was applied, and the hash that knows it again, stay."""
    file = session.get_one(ImportFile, file_id, with_for_update=True)
    nothing: dict[str, Any] = {"fields": {}, "original": {}, "differences": {}}
    session.execute(update(ImportRow).where(col(ImportRow.file_id) == file_id).values(nothing))
    file.guess, file.forgotten_at = without_samples(file.guess), now()
    drop_originals(session, [file_id])
    session.flush()
    record(session, actor, "erased", file)


LISTS = RetentionRule(
    kind="list",
    label=_l("Kept copies of imported lists"),
    why=_l("The file and the original cells of its rows; the people who came from it stay."),
    months=12,
    due=old_lists,
    names=names_of,
    erase=forget_list,
)
