"""Applying a list: new people, links to known ones. Every batch is one transaction, so a crash loses nothing."""

from collections.abc import Callable, Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select, update
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.acting import actor_for
from crm.accounts.journal import record
from crm.core.columns import now
from crm.core.db import Database
from crm.core.errors import Refused
from crm.core.i18n import lazy_gettext as _l
from crm.core.work import enqueue
from crm.imports.actions.beside import MetRule, add_beside
from crm.imports.actions.erasing import drop_originals, names_erased
from crm.imports.actions.fill import Held, fill_person
from crm.imports.fields import entry_of
from crm.imports.models import Decision, ImportFile, ImportRow, ImportState, Outcome
from crm.people.actions.batch import add_people, identifiers_of
from crm.people.entries import PersonEntry
from crm.people.keys import refresh_search_keys
from crm.people.models import Origin, Source
from crm.people.queries.known import bearers

AT_ONCE = 500
APPLY = "imports:apply"
_PROOF_OF_ANOTHER = frozenset({"identifier_other_name", "identifier_twice", "two_people"})


def ask_to_apply(
    session: Session, actor: Actor, file: ImportFile, *, background: bool = True, meetings: bool = False
) -> None:
    """Have the rows that are decided applied, by the worker or by whoever asks.

    ``meetings``: that cards were exchanged is noted as well.
    """
    if file.state not in (ImportState.READY, ImportState.APPLIED):
        raise Refused(_l("This import cannot be applied now."))
    if not count_to_do(session, file.id):
        raise Refused(_l("There is nothing to apply: no row is new or decided."))
    file.state = ImportState.APPLYING
    if background:
        user = str(actor.user_id) if actor.user_id else None
        payload = {"file": str(file.id), "user": user, "meetings": meetings}
        enqueue(session, APPLY, payload, key=str(file.id))


def to_do() -> Any:
    """Rows that wait for nobody's decision and have not become anybody yet."""
    sure = col(ImportRow.outcome).in_([Outcome.NEW, Outcome.SAME])
    decided = and_(
        col(ImportRow.outcome) == Outcome.PERHAPS, col(ImportRow.decision).in_([Decision.ADD, Decision.LINK])
    )
    return and_(col(ImportRow.person_id).is_(None), or_(and_(sure, col(ImportRow.decision) != Decision.SKIP), decided))


def count_to_do(session: Session, file_id: UUID) -> int:
    counted = select(func.count()).select_from(ImportRow).where(col(ImportRow.file_id) == file_id, to_do())
    number: int = session.execute(counted).scalar_one()
    return number


def apply_list(
    database: Database,
    file_id: UUID,
    user_id: UUID | None,
    progress: Callable[[int, int], None],
    rules: Sequence[MetRule] = (),
) -> None:
    """``rules`` are what rooms above do when somebody was met."""
    with database.reading() as session:
        file = session.get(ImportFile, file_id)
        if file is None or file.state is not ImportState.APPLYING:
            return
        actor = actor_for(session, file.office_id, user_id)
        total = count_to_do(session, file_id)
    done = 0
    position: int | None = -1
    while position is not None:
        with database.writing() as session:
            position, count = _batch(session, actor, file_id, position, rules)
        done += count
        progress(min(done, total), total)
    with database.writing() as session:
        file = session.get_one(ImportFile, file_id)
        file.state, file.applied_at = ImportState.APPLIED, now()
        record(session, actor, "applied", file, {"rows": done})
        if names_erased(session, file_id):
            drop_originals(session, [file_id])


_READ = tuple(
    getattr(ImportRow, name)
    for name in ("id", "file_id", "position", "row", "outcome", "decision", "reason", "fields", "match_id", "made")
)
"""Columns, not objects: the cells as they were written are not needed here."""


def _batch(
    session: Session, actor: Actor, file_id: UUID, after: int, rules: Sequence[MetRule]
) -> tuple[int | None, int]:
    """Returns the place of the last row, None when none was left, and how many rows there were."""
    wanted = select(*_READ).where(col(ImportRow.file_id) == file_id, col(ImportRow.position) > after, to_do())
    rows = session.execute(wanted.order_by(col(ImportRow.position)).limit(AT_ONCE)).all()
    if not rows:
        return None, 0
    made: dict[UUID, tuple[UUID, dict[str, Any]]] = {}
    file = session.get_one(ImportFile, file_id)
    added = [row for row in rows if _is_added(row)]
    _add(session, actor, file, added, made)
    _link(session, actor, file, [row for row in rows if not _is_added(row)], made)
    add_beside(session, actor, rows, made, rules)
    values = [{"id": id, "person_id": person_id, "made": what} for id, (person_id, what) in made.items()]
    if values:
        session.execute(update(ImportRow), values)
    return rows[-1].position, len(rows)


def _is_added(row: Any) -> bool:
    return row.outcome is Outcome.NEW or (row.outcome is Outcome.PERHAPS and row.decision is Decision.ADD)


def _add(session: Session, actor: Actor, file: ImportFile, rows: Sequence[Any], made: dict[UUID, Any]) -> None:
    entries = [_entry(row, file) for row in rows]
    known = set(bearers(session, {pair for entry in entries for pair in identifiers_of(entry)}).values())
    before = Held(session, actor, known)
    people = add_people(session, actor, entries, file.basis)
    new: set[UUID] = set()
    after = Held(session, actor, known)
    for row, person_id in zip(rows, people, strict=True):
        if person_id in known or person_id in new:
            made[row.id] = (person_id, {**row.made, "rows": after.beyond(before, person_id)})
        else:
            made[row.id] = (person_id, {**row.made, "person": True})
            new.add(person_id)


def _entry(row: Any, file: ImportFile) -> PersonEntry:
    """Somebody added in spite of another bearer of the identifier gets none: it proves the other one."""
    proof = frozenset({"orcid", "erad"}) if row.reason in _PROOF_OF_ANOTHER else frozenset()
    return entry_of(row.fields, Source(Origin.IMPORT, file.name, row.row), without=proof)


def _link(session: Session, actor: Actor, file: ImportFile, rows: Sequence[Any], made: dict[UUID, Any]) -> None:
    places = {row.made["first"] for row in rows if row.match_id is None and "first" in row.made}
    firsts = _applied_at(session, file.id, places, made)
    filled: set[UUID] = set()
    for row in rows:
        person_id = row.match_id or firsts.get(row.made.get("first", -1))
        if person_id is None:
            continue
        if row.reason == "applied_before":
            made[row.id] = (person_id, dict(row.made))
            continue
        changes = fill_person(session, actor, person_id, row, file)
        made[row.id] = (person_id, {**row.made, **changes})
        if changes:
            filled.add(person_id)
    refresh_search_keys(session, filled)


def _applied_at(session: Session, file_id: UUID, places: Collection[int], made: dict[UUID, Any]) -> dict[int, UUID]:
    """Whom the rows at these places became, in earlier batches or in this one."""
    wanted = select(col(ImportRow.id), col(ImportRow.position), col(ImportRow.person_id)).where(
        col(ImportRow.file_id) == file_id, col(ImportRow.position).in_(places)
    )
    found: dict[int, UUID] = {}
    for id, position, person_id in session.execute(wanted):
        became = person_id or (made[id][0] if id in made else None)
        if became:
            found[position] = became
    return found
