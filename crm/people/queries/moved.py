"""Records that went into others, for the reader's office or for everybody, through any number of merges."""

from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, or_, select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.reader import OFFICE
from crm.people.models import Person, PersonMerge

_OWN = (col(PersonMerge.office_id) == OFFICE, col(PersonMerge.undone_at).is_(None))
_PERSON = bindparam("person", type_=Uuid())
_INTO = select(col(PersonMerge.kept_id)).where(col(PersonMerge.lost_id) == _PERSON, *_OWN)
_INTO = _INTO.order_by(col(PersonMerge.id).desc()).limit(1)
_FIRST: Any = select(col(PersonMerge.lost_id).label("id")).where(col(PersonMerge.kept_id) == _PERSON, *_OWN)
_WENT_IN = _FIRST.cte("went_in", recursive=True)
_WENT_IN = _WENT_IN.union(
    select(col(PersonMerge.lost_id)).join(_WENT_IN, col(PersonMerge.kept_id) == _WENT_IN.c.id).where(*_OWN)
)
WENT_IN = select(_WENT_IN.c.id)
"""Ids of what the reader's office has merged into ``person``."""


def way_of(session: Session, actor: Actor, person_id: UUID) -> list[UUID]:
    """The record, and those that it has been merged into since, by everybody or by the actor's office."""
    found = [person_id]
    while (following := _next(session, actor, found[-1])) and following not in found:
        found.append(following)
    return found


def now_known_as(session: Session, actor: Actor, person_id: UUID) -> UUID | None:
    """The record that stands now for one that went into others; None for one that stands itself."""
    way = way_of(session, actor, person_id)
    return way[-1] if len(way) > 1 else None


def all_of(session: Session, actor: Actor, person_id: UUID) -> list[UUID]:
    """The record that stands, first, and each that went into it, whoever merged it for everybody."""
    found = way_of(session, actor, person_id)[-1:]
    own = select(col(PersonMerge.lost_id)).where(*_OWN)
    for id in found:
        went = own.where(col(PersonMerge.kept_id) == id)
        everywhere = select(col(Person.id)).where(or_(col(Person.merged_into) == id, col(Person.id).in_(went)))
        ids = session.execute(everywhere, {"office": actor.office_id}).scalars()
        found += [each for each in ids if each not in found]
    return found


def _next(session: Session, actor: Actor, person_id: UUID) -> UUID | None:
    own: UUID | None = session.execute(_INTO, {"person": person_id, "office": actor.office_id}).scalar()
    person = session.get(Person, person_id)
    return own or (person.merged_into if person else None)
