"""Two records that are one person: an office puts its own part together, and can take that back for 90 days.

What no office owns (names, identifiers, links) follows when no other office holds the lost record any more; until then
the kept record gets a copy. So no office learns from a merge who else holds a record; the others are asked, if wanted,
whether their part goes along (``accepting``).
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Table, delete, func, select
from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.journal import record
from crm.core.columns import now
from crm.core.db import Base
from crm.core.errors import Forbidden, Missing, Refused
from crm.core.i18n import lazy_gettext as _l
from crm.people.keys import refresh_search_keys
from crm.people.merging import FIELDS, UNDO_DAYS, MergeForm
from crm.people.models import Holding, Interest, Link, MergeQuestion, Person, PersonMerge, PersonName, Share
from crm.people.pointing import of_office, tables_about_people
from crm.people.queries.joining import joined_note, that_would_show_more
from crm.people.queries.moved import way_of
from crm.people.queries.visible import holding_of
from crm.people.tracing import Trace, bring_back, put_back

_SAME = {
    "person_name": ("full", "kind", "office_id"),
    "affiliation": ("institution", "unit", "title", "until", "office_id"),
}
"""What makes two rows say the same, where no constraint does."""
Rule = Callable[[Session, Person, Person], Sequence[tuple[Any, str, Any]] | None]
"""What a higher room has to say before two records become one: it refuses, is silent, or says what changes."""


def merge_people(
    session: Session, actor: Actor, kept: Person, lost: Person, rules: Sequence[Rule], data: MergeForm
) -> PersonMerge:
    """Forbidden unless the office holds both; Refused where a rule, or a change in the meantime, forbids it."""
    if kept.id == lost.id:
        raise Refused(_l("These two are one record already."))
    if holding_of(session, actor, kept.id) is None or holding_of(session, actor, lost.id) is None:
        raise Forbidden(_l("Your office does not hold both records, so it cannot merge them."))
    lock(session, kept, lost)
    if (data.version, data.other_version) != (kept.version, lost.version):
        raise Refused(_l("Somebody else changed one of the records in the meantime. Please look again."))
    merge = merge_part(session, actor, kept, lost, rules, data)
    if data.ask:
        _ask_others(session, merge)
    return merge


def merge_part(
    session: Session, actor: Actor, kept: Person, lost: Person, rules: Sequence[Rule], data: MergeForm
) -> PersonMerge:
    """What the actor's office has of the lost record; where it did not hold the kept one, it does now."""
    own = Trace(session)
    for row, name, value in [each for rule in rules for each in rule(session, kept, lost) or ()]:
        if row.office_id == actor.office_id:
            own.set(row.__table__.c[name], [row.id], getattr(row, name), value)
    _end(own, that_would_show_more(session, actor, kept.id, lost.id))
    _take_fields(own, kept, lost, data)
    _hold_kept(own, actor, kept, lost)
    _move(own, kept, lost, actor.office_id)
    shared = Trace(session)
    copied = list[dict[str, str]]()
    if _is_held(session, lost):
        copied = _copy_what_is_shared(session, kept, lost)
    else:
        left = select(Share).where(col(Share.person_id) == lost.id, col(Share.from_office_id) != actor.office_id)
        _end(shared, session.execute(left.where(col(Share.withdrawn_at).is_(None))).scalars().all())
        _move(shared, kept, lost, None)
        shared.set(Person.__table__.c.merged_into, [lost.id], lost.merged_into, kept.id)  # type: ignore[attr-defined]
    merge = PersonMerge(
        office_id=actor.office_id, kept_id=kept.id, lost_id=lost.id, merged_by=actor.user_id,
        changes=own.changes, dropped=own.dropped, shared=shared.changes, shared_dropped=shared.dropped, copied=copied,
    )  # fmt: skip
    session.add(merge)
    _made_anew(session, kept, lost)
    record(session, actor, "merged", kept, {"with": [lost.id, lost.full_name]})
    return merge


def lock(session: Session, *people: Person) -> None:
    """Always in one order, so that two who merge do not wait for each other."""
    for person in sorted(people, key=lambda person: person.id):
        session.refresh(person, with_for_update=True)


def _ask_others(session: Session, merge: PersonMerge) -> None:
    held = select(col(Holding.office_id)).where(
        col(Holding.person_id) == merge.lost_id,
        col(Holding.office_id) != merge.office_id,
        col(Holding.until).is_(None),
    )
    session.flush()
    session.add_all(
        MergeQuestion(merge_id=merge.id, office_id=office_id) for office_id in session.execute(held).scalars().all()
    )
    session.flush()


def undo_merge(session: Session, actor: Actor, merge_id: UUID) -> tuple[Person, list[str]]:
    """The record that is back, and the tables of what could not be put back, since it was changed after the merge."""
    merge = session.get(PersonMerge, merge_id, with_for_update=True)
    if merge is None or merge.office_id != actor.office_id:
        raise Missing()
    if merge.undone_at:
        raise Refused(_l("This merge has been undone already."))
    if merge.created_at < now() - timedelta(days=UNDO_DAYS):
        raise Refused(_l("A merge can be undone for 90 days; this one is older."))
    same = way_of(session, actor, merge.kept_id)
    _bring_back_twins(session, merge, same[1:])
    left = []
    for part in _wholes(session, merge):
        left += put_back(session, part.shared, same) + bring_back(session, part.shared_dropped)
        part.shared, part.shared_dropped = [], []
    left += put_back(session, merge.changes, same)
    left += bring_back(session, merge.dropped)
    for copy in merge.copied:
        table = Base.metadata.tables[copy["table"]]
        session.execute(delete(table).where(table.c.id == UUID(copy["id"])))
    merge.undone_at = now()
    session.flush()
    session.expire_all()
    kept, lost = session.get_one(Person, merge.kept_id), session.get_one(Person, merge.lost_id)
    _made_anew(session, kept, lost)
    for one, other in ((lost, kept), (kept, lost)):
        record(session, actor, "unmerged", one, {"with": [other.id, other.full_name]})
    return lost, left


def _wholes(session: Session, merge: PersonMerge) -> list[PersonMerge]:
    """The merge, whichever office's, that took along what no office owns."""
    same = select(PersonMerge).where(col(PersonMerge.lost_id) == merge.lost_id)
    return [part for part in session.execute(same).scalars() if part.shared]


def _bring_back_twins(session: Session, merge: PersonMerge, later: list[UUID]) -> None:
    """Rows of this merge that a later one has dropped as twins: they are wanted again."""
    moved = {(change["table"], change["id"]) for change in [*merge.changes, *merge.shared]}
    since = select(PersonMerge).where(col(PersonMerge.kept_id).in_(later), col(PersonMerge.undone_at).is_(None))
    for other in session.execute(since).scalars():
        for name in ("dropped", "shared_dropped"):
            dropped = getattr(other, name)
            ours = [each for each in dropped if (each["table"], each["row"]["id"]) in moved]
            if ours and not bring_back(session, ours):
                setattr(other, name, [each for each in dropped if each not in ours])


def _take_fields(trace: Trace, kept: Person, lost: Person, data: MergeForm) -> None:
    """A field that is empty, or for which the other was chosen, comes from the lost record; spoken languages unite."""
    table: Table = Person.__table__  # type: ignore[attr-defined]
    for name in FIELDS:
        mine, theirs = getattr(kept, name), getattr(lost, name)
        if theirs and mine != theirs and (not mine or getattr(data, name) == "other"):
            trace.set(table.c[name], [kept.id], mine, theirs)
    if data.full_name == "other" or not kept.sort_key:
        trace.set(table.c.sort_key, [kept.id], kept.sort_key, lost.sort_key)
    spoken = list(dict.fromkeys([*kept.spoken_languages, *lost.spoken_languages]))
    if spoken != kept.spoken_languages:
        trace.set(table.c.spoken_languages, [kept.id], kept.spoken_languages, spoken)


def _hold_kept(trace: Trace, actor: Actor, kept: Person, lost: Person) -> None:
    """The office's holding of the lost record ends, its note beside the other; or moves where there was no other."""
    holding, mine = (holding_of(trace.session, actor, one.id) for one in (lost, kept))
    table: Table = Holding.__table__  # type: ignore[attr-defined]
    if holding and mine:
        both = joined_note(mine.note, holding.note)
        for row, note in ((mine, both), (holding, None)):
            if row.note != note:
                trace.set(table.c.note, [row.id], row.note, note)
        trace.set(table.c.until, [holding.id], None, max(now().date(), holding.since))
    elif holding:
        trace.set(table.c.person_id, [holding.id], lost.id, kept.id)


def _end(trace: Trace, shares: Sequence[Share]) -> None:
    """No share shows more through a merge than it was given for."""
    table: Table = Share.__table__  # type: ignore[attr-defined]
    trace.set(table.c.withdrawn_at, [share.id for share in shares], None, now())


def _move(trace: Trace, kept: Person, lost: Person, office_id: UUID | None) -> None:
    """Every row about the lost record, of one office or (None) all that is left; a twin of a kept row is dropped."""
    for table, columns in tables_about_people():
        if table.name == "holding" and office_id:
            continue
        for column in columns:
            mine = [column == lost.id] if office_id is None else [column == lost.id, of_office(table, office_id)]
            rows = trace.session.execute(select(table).where(*mine).order_by(table.c.id)).all()
            twins = _twins(trace.session, table, column, rows, kept.id)
            trace.drop(table, [row for row in rows if row.id in twins])
            trace.set(column, [row.id for row in rows if row.id not in twins], lost.id, kept.id)


def _twins(session: Session, table: Table, column: Column[Any], rows: Sequence[Any], kept_id: UUID) -> set[UUID]:
    """Which of the rows say what a row of the kept record says already."""
    unique = ([each.name for each in getattr(rule, "columns", ())] for rule in table.constraints)
    names = _SAME.get(table.name) or next((each for each in unique if column.name in each and len(each) > 1), [])
    others = [name for name in names if name != column.name]
    if not (rows and others):
        return set()
    said = {tuple(row) for row in session.execute(select(*(table.c[name] for name in others)).where(column == kept_id))}
    return {row.id for row in rows if tuple(row._mapping[name] for name in others) in said}


def _is_held(session: Session, person: Person) -> bool:
    held = select(func.count()).where(col(Holding.person_id) == person.id, col(Holding.until).is_(None))
    return bool(session.execute(held).scalar_one())


def _copy_what_is_shared(session: Session, kept: Person, lost: Person) -> list[dict[str, str]]:
    """Names, interests and links; an identifier stays where it is, for it can stand only once."""
    copies = []
    for model, key in ((PersonName, "full"), (Interest, "value"), (Link, "address")):
        of = [
            {getattr(row, key): row for row in session.execute(_shared(model, person)).scalars()}
            for person in (kept, lost)
        ]
        for value, row in of[1].items():
            if value not in of[0]:
                copy = type(row)(**{**row.model_dump(exclude={"id"}), "person_id": kept.id})
                session.add(copy)
                copies.append({"table": copy.__tablename__, "id": str(copy.id)})
    return copies


def _shared(model: Any, person: Person) -> Any:
    rows = select(model).where(model.person_id == person.id)
    return rows.where(model.office_id.is_(None)) if "office_id" in model.model_fields else rows


def _made_anew(session: Session, kept: Person, lost: Person) -> None:
    """The rows were changed past the session; both records count as changed, for whoever edits one of them."""
    session.flush()
    session.expire_all()
    for person in (kept, lost):
        session.refresh(person)
        flag_modified(person, "full_name")
    refresh_search_keys(session, [kept.id, lost.id])
