"""What one office holds of a person is erased, table by table as the schema says; its tombstones stay.

A person is the record that stands and each that went into it, whichever of them is asked for.

The thin identity that offices share goes with the last office that knows the person: then an empty row is left, to
which receipts of consent still point.
"""

from collections.abc import Callable, Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column, String, Table, cast, delete, exists, func, or_, select, update
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.journal import record
from crm.accounts.models import JournalEntry
from crm.core.columns import now
from crm.core.db import Base
from crm.core.errors import Forbidden
from crm.core.i18n import lazy_gettext as _l
from crm.core.search import tokens_for
from crm.core.work import enqueue
from crm.people.actions.export import FORGET
from crm.people.keys import refresh_search_keys
from crm.people.models import (
    Affiliation,
    ContactPoint,
    Export,
    Holding,
    Identifier,
    LikelyPair,
    MergeQuestion,
    Person,
    PersonMerge,
    PersonName,
    SearchKey,
    SearchToken,
    Tombstone,
)
from crm.people.pointing import of_office, tables_about_people
from crm.people.queries.moved import all_of
from crm.people.queries.visible import holding_of
from crm.people.rows import insert_missing
from crm.people.tombstones import digests_of, marks_of

Rule = Callable[[Session, Actor, UUID], None]


class Erasure:
    """``gone``: ids of rows that say nothing any more; ``left``: ``table:id`` of what names other people as well."""

    def __init__(self, session: Session, ids: Sequence[UUID]) -> None:
        self.session = session
        self.gone: set[UUID] = set(ids)
        self.left: list[str] = []

    def walk(
        self, ids: Sequence[UUID], owned: Callable[[Table], ColumnElement[bool]], only: Collection[str] = ()
    ) -> None:
        """What hangs on other rows goes before them. ``only``: names of tables, where not all are meant."""
        for table, columns in reversed(tables_about_people()):
            if only and table.name not in only:
                continue
            about = or_(*(column.in_(ids) for column in columns))
            rows = self.session.execute(select(table).where(about, owned(table))).all()
            if rows:
                self._erase(table, rows)

    def _erase(self, table: Table, rows: Sequence[Any]) -> None:
        said = [column for column in table.columns if "erase" in column.info]
        self.gone |= {row.id for row in rows}
        if not said:
            self._unlink(table, rows)
        elif any(column.info["erase"] == "row" or not _can_be_empty(column) for column in said):
            self.session.execute(delete(table).where(table.c.id.in_([row.id for row in rows])))
        else:
            for row in rows:
                empty = {c.name: _nothing(c, row._mapping[c.name]) for c in said if c.info["erase"] == "empty"}
                if empty:
                    self.session.execute(update(table).where(table.c.id == row.id).values(empty))

    def _unlink(self, table: Table, rows: Sequence[Any]) -> None:
        """Somebody's part in something: gone, and with the last one that thing itself."""
        self.session.execute(delete(table).where(table.c.id.in_([row.id for row in rows])))
        for key in table.foreign_keys:
            parent = key.column.table
            if parent.name != "person" and any(column.info.get("personal") for column in parent.columns):
                for id in {row._mapping[key.parent.name] for row in rows}:
                    self._drop_or_keep(parent, id, exists().where(key.parent == id))

    def _drop_or_keep(self, table: Table, id: UUID, linked: ColumnElement[bool]) -> None:
        if self.session.execute(select(linked)).scalar():
            self.left.append(f"{table.name}:{id}")
        else:
            self.gone.add(id)
            self.session.execute(delete(table).where(table.c.id == id))


def erase_person(session: Session, actor: Actor, person: Person, key: bytes, rules: Sequence[Rule]) -> list[str]:
    """Forbidden unless the actor's office holds the person. ``key``: of the tombstones. Returns what is left over."""
    ids = all_of(session, actor, person.id)
    if holding_of(session, actor, ids[0]) is None:
        raise Forbidden(_l("Your office does not hold this record, so it cannot erase it."))
    session.flush()
    people = [session.get_one(Person, id, with_for_update=True, populate_existing=True) for id in sorted(ids)]
    names = _names(session, people, actor.office_id)
    _leave_tombstones(session, actor, ids, names, key)
    erasure = Erasure(session, ids)
    for id in ids:
        for rule in rules:
            rule(session, actor, id)
    erasure.walk(ids, lambda table: of_office(table, actor.office_id))
    _forget_around(session, actor, ids)
    unknown = [id for id in ids if not _is_known(session, id)]
    if unknown:
        erasure.walk(unknown, _nobodys)
        _empty_identity(session, unknown)
    refresh_search_keys(session, ids)
    _forget_tokens(session, names)
    _empty_lines(session, actor, erasure.gone, ids)
    session.expire_all()
    record(session, actor, "erased", session.get_one(Person, ids[0]))
    return erasure.left


def erase_parts(session: Session, actor: Actor, person: Person, parts: Collection[str]) -> list[str]:
    """Only these tables of what the office holds, and with ``note`` its note; it goes on holding the person."""
    ids = all_of(session, actor, person.id)
    if holding_of(session, actor, ids[0]) is None:
        raise Forbidden(_l("Your office does not hold this record, so it cannot erase it."))
    erasure = Erasure(session, ids)
    if parts:
        erasure.walk(ids, lambda table: of_office(table, actor.office_id), parts)
    if "note" in parts:
        mine = col(Holding.person_id).in_(ids) & (col(Holding.office_id) == actor.office_id)
        session.execute(update(Holding).where(mine).values(note=None))
    _forget_around(session, actor, ids)
    session.expire_all()
    refresh_search_keys(session, ids)
    _empty_lines(session, actor, erasure.gone, ids)
    record(session, actor, "erased", session.get_one(Person, ids[0]), {"parts": sorted(parts)})
    return erasure.left


def _can_be_empty(column: Column[Any]) -> bool:
    return column.info["erase"] == "keep" or bool(column.nullable) or isinstance(column.type, String | JSON)


def _nothing(column: Column[Any], value: Any) -> Any:
    if column.nullable:
        return None
    return type(value)() if isinstance(column.type, JSON) else ""


def _nobodys(table: Table) -> ColumnElement[bool]:
    """Rows that belong to no office."""
    if "office_id" in table.c:
        return table.c.office_id.is_(None)
    owned = any("office_id" in key.column.table.c for key in table.foreign_keys)
    return table.c.id.is_(None) if owned or "from_office_id" in table.c else table.c.id.is_not(None)


def _names(session: Session, people: Sequence[Person], office_id: UUID) -> list[str]:
    mine = or_(col(PersonName.office_id).is_(None), col(PersonName.office_id) == office_id)
    theirs = col(PersonName.person_id).in_([person.id for person in people])
    forms = session.execute(select(col(PersonName.full)).where(theirs, mine)).scalars()
    return list(dict.fromkeys([*(word for each in people for word in each.as_words().values() if word), *forms]))


def _leave_tombstones(session: Session, actor: Actor, ids: Sequence[UUID], names: list[str], key: bytes) -> None:
    places = select(col(Affiliation.institution)).where(col(Affiliation.person_id).in_(ids))
    emails = select(col(ContactPoint.value)).where(
        col(ContactPoint.person_id).in_(ids), col(ContactPoint.office_id) == actor.office_id
    )
    numbers = select(col(Identifier.scheme), col(Identifier.value)).where(col(Identifier.person_id).in_(ids))
    marks = marks_of(
        names,
        set(session.execute(places).scalars()),
        set(session.execute(emails).scalars()),
        {(scheme, value) for scheme, value in session.execute(numbers)},
    )
    stones = [
        Tombstone(office_id=actor.office_id, person_id=ids[0], digest=digest).model_dump()
        for digest in sorted(digests_of(key, actor.office_id, marks))
    ]
    insert_missing(session, Tombstone, stones)


def _forget_around(session: Session, actor: Actor, ids: Sequence[UUID]) -> None:
    """Merges that could be undone, pairs to be looked at, and lists that wait to be fetched."""
    made_of: tuple[tuple[Any, tuple[str, str]], ...] = (
        (PersonMerge, ("kept_id", "lost_id")),
        (LikelyPair, ("first_id", "second_id")),
    )
    for model, pair in made_of:
        either = or_(*(getattr(model, name).in_(ids) for name in pair))
        session.execute(delete(model).where(model.office_id == actor.office_id, either))
    lost = select(col(PersonMerge.id)).where(col(PersonMerge.lost_id).in_(ids))
    asked = (col(MergeQuestion.office_id) == actor.office_id) & col(MergeQuestion.merge_id).in_(lost)
    session.execute(delete(MergeQuestion).where(asked))
    waiting = (col(Export.office_id) == actor.office_id) & col(Export.forgotten_at).is_(None)
    session.execute(update(Export).where(waiting).values(forgotten_at=now()))
    enqueue(session, FORGET, {}, key=f"erasure {ids[0]}")


def _is_known(session: Session, person_id: UUID) -> bool:
    """To any office, also one whose holding has ended: its own facets still need a name."""
    held = select(func.count()).where(col(Holding.person_id) == person_id)
    return bool(session.execute(held).scalar_one())


def _empty_identity(session: Session, ids: Sequence[UUID]) -> None:
    table: Table = Base.metadata.tables["person"]
    nothing = {
        column.name: None if column.nullable else [] if isinstance(column.type, JSON) else ""
        for column in table.columns
        if column.info.get("personal") and (column.nullable or type(column.type).__name__ != "Enum")
    }
    session.execute(update(table).where(table.c.id.in_(ids)).values(nothing))


def _forget_tokens(session: Session, names: Sequence[str]) -> None:
    """Words that nobody else's name has."""
    for token in tokens_for(names):
        others = select(exists().where(col(SearchKey.key).startswith(token, autoescape=True)))
        if not session.execute(others).scalar():
            session.execute(delete(SearchToken).where(col(SearchToken.token) == token))


def _empty_lines(session: Session, actor: Actor, gone: set[UUID], ids: Sequence[UUID]) -> None:
    """The journal still says that something was done, by whom and when: not what it said. The seals hold."""
    mine = or_(col(JournalEntry.office_id) == actor.office_id, col(JournalEntry.office_id).is_(None))
    words = cast(col(JournalEntry.changes), String)
    of_merges = col(JournalEntry.verb).in_(["merged", "unmerged"]) & or_(*(words.contains(str(id)) for id in ids))
    about = or_(col(JournalEntry.subject_id).in_(gone), of_merges)
    session.execute(update(JournalEntry).where(about, mine).values(changes=None))
