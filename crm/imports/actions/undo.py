"""Undoing a whole import, while nothing else has built on it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import String, Table, delete, exists, func, or_, select, update
from sqlalchemy import cast as as_type
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.journal import record
from crm.accounts.models import JournalEntry
from crm.accounts.verbs import SUBJECTS
from crm.core.columns import now
from crm.core.db import Base
from crm.core.errors import Refused
from crm.core.i18n import gettext as _
from crm.core.i18n import lazy_gettext as _l
from crm.imports.models import ImportFile, ImportRow, ImportState, Outcome
from crm.people.keys import refresh_search_keys
from crm.people.models import BulkChange, Holding, Person, PersonTag, Tag
from crm.people.pointing import KEPT_ANEW, pointing
from crm.people.queries.known import chunks

_OWN = frozenset({"person_name", "identifier", "affiliation", "interest", "person_link", "contact_point", "holding"})
"""Tables that an import itself writes; what others write into them shows in the journal."""


def undo_import(session: Session, actor: Actor, file: ImportFile) -> int:
    """Returns how many people were taken away. Refused with the reasons when anything else needs them."""
    session.refresh(file, with_for_update=True)
    if file.state is not ImportState.APPLIED:
        raise Refused(_l("Only an import that has been applied can be undone."))
    people = made_people(session, file)
    if reasons := built_on(session, file, people):
        raise Refused(_("This import cannot be undone, because something else has built on it: %(reasons)s",
                        reasons="; ".join(reasons)))  # fmt: skip
    filled = _take_back(session, file)
    for part in chunks(people):
        _unmatch(session, part)
        session.execute(delete(Person).where(col(Person.id).in_(part)).execution_options(synchronize_session=False))
    refresh_search_keys(session, filled - set(people))
    forget = update(ImportRow).where(col(ImportRow.file_id) == file.id).values(person_id=None)
    session.execute(forget.execution_options(synchronize_session=False))
    file.state, file.undone_at = ImportState.UNDONE, now()
    record(session, actor, "undone", file, {"people": len(people)})
    session.flush()
    return len(people)


def _unmatch(session: Session, ids: list[UUID]) -> None:
    """Rows of other imports that still wait were matched with people who are going: they are new again."""
    waiting = col(ImportRow.match_id).in_(ids) & col(ImportRow.person_id).is_(None)
    files = list(session.execute(select(col(ImportRow.file_id)).where(waiting).distinct()).scalars())
    anew = update(ImportRow).where(waiting).values(match_id=None, outcome=Outcome.NEW, reason=None, differences={})
    session.execute(anew.execution_options(synchronize_session=False))
    for file_id in files:
        tally = select(col(ImportRow.outcome), func.count()).where(col(ImportRow.file_id) == file_id)
        counts = dict(session.execute(tally.group_by(col(ImportRow.outcome))).all())
        session.get_one(ImportFile, file_id).counts = {str(one): counts.get(one, 0) for one in Outcome}


def made_people(session: Session, file: ImportFile) -> list[UUID]:
    wanted = select(col(ImportRow.person_id), col(ImportRow.made)).where(
        col(ImportRow.file_id) == file.id, col(ImportRow.person_id).is_not(None)
    )
    return [person_id for person_id, made in session.execute(wanted) if made.get("person")]


def built_on(session: Session, file: ImportFile, people: list[UUID]) -> list[str]:
    """What else needs these people, or what was noted with them, in words."""
    own = _rows_made(session, file)
    counts = {_("contacts that were changed since"): _worked_on(session, own["interaction"])}
    for part in chunks(people):
        for what, number in (*_changed(session, file, part), *_held(session, file, part), *_used(session, part, own)):
            counts[what] = counts.get(what, 0) + number
    return [f"{what} ({number})" for what, number in counts.items() if number]


def _made(session: Session, file: ImportFile) -> list[tuple[UUID, dict[str, Any]]]:
    """Person and what was made beside them; that a person was made says ``made_people``."""
    wanted = select(col(ImportRow.person_id), col(ImportRow.made)).where(
        col(ImportRow.file_id) == file.id, or_(*(_tells(key) for key in ("rows", "set", "tags")))
    )
    return [(person_id, made) for person_id, made in session.execute(wanted)]


def _tells(key: str) -> Any:
    return as_type(col(ImportRow.made), String).contains(f'"{key}"')


def _rows_made(session: Session, file: ImportFile) -> dict[str, set[UUID]]:
    """By table."""
    found: dict[str, set[UUID]] = defaultdict(set)
    for _person, made in _made(session, file):
        for name, id in made.get("rows", ()):
            found[name].add(UUID(id))
    return found


def _worked_on(session: Session, contacts: Collection[UUID]) -> int:
    """Contacts that somebody has written on since the list was applied."""
    number = 0
    for part in chunks(contacts):
        later = col(JournalEntry.subject_id).in_(part) & (col(JournalEntry.verb) == "changed")
        number += session.execute(select(func.count(col(JournalEntry.subject_id).distinct())).where(later)).scalar_one()
    return number


def _changed(session: Session, file: ImportFile, ids: list[UUID]) -> Iterable[tuple[str, int]]:
    lines = session.execute(
        select(JournalEntry).where(
            col(JournalEntry.subject_kind) == "person",
            col(JournalEntry.subject_id).in_(ids),
            col(JournalEntry.verb) != "added",
        )
    ).scalars()
    changed = {line.subject_id for line in lines if (line.changes or {}).get("import") != str(file.id)}
    yield _("changed by hand"), len(changed)


def _held(session: Session, file: ImportFile, ids: list[UUID]) -> Iterable[tuple[str, int]]:
    others = select(func.count()).where(col(Holding.person_id).in_(ids), col(Holding.office_id) != file.office_id)
    yield _("held by another office"), session.execute(others).scalar_one()
    rows = select(func.count()).where(col(ImportRow.file_id) != file.id, col(ImportRow.person_id).in_(ids))
    yield _("found again by another import"), session.execute(rows).scalar_one()


def _used(session: Session, ids: list[UUID], own: Mapping[str, set[UUID]]) -> Iterable[tuple[str, int]]:
    """Any other row that points at a person, in whatever room: foreign keys and marked columns."""
    for table in Base.metadata.sorted_tables:
        if table.name in _OWN | KEPT_ANEW or table.name == "import_row":
            continue
        for column in pointing(table):
            key = table.c.get("id", column)
            there = session.execute(select(key).where(column.in_(ids))).scalars()
            number = sum(id not in own.get(table.name, ()) for id in there)
            yield str(SUBJECTS.get(table.name, _("another record"))), number


def _take_back(session: Session, file: ImportFile) -> set[UUID]:
    """Remove what was added to people who were known before; a value that somebody changed since stays."""
    filled: set[UUID] = set()
    tags: list[str] = []
    for person_id, made in _made(session, file):
        tags += made.get("tags", ())
        for name, id in made.get("rows", ()):
            table = Base.metadata.tables[name]
            session.execute(table.delete().where(table.c.id == UUID(id)))
        for name, id, column, value in made.get("set", ()):
            _empty(session, Base.metadata.tables[name], UUID(id), column, value)
        if made.get("rows") or made.get("set"):
            filled.add(person_id)
    _drop_tags(session, tags)
    return filled


def _drop_tags(session: Session, ids: list[str]) -> None:
    """Tags that the list brought and nobody bears."""
    used = [exists().where(col(model.tag_id) == col(Tag.id)) for model in (PersonTag, BulkChange)]
    gone = delete(Tag).where(col(Tag.id).in_([UUID(id) for id in ids]), ~or_(*used))
    session.execute(gone.execution_options(synchronize_session=False))


def _empty(session: Session, table: Table, id: UUID, column: str, value: Any) -> None:
    blank = None if table.c[column].nullable else ""
    row = table.update().where(table.c.id == id, table.c[column] == value)
    session.execute(row.values({column: blank}))
