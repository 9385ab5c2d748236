"""Whom the reader's office may see: the people that it holds, and those that another office has shown it.

The statements are made once, with the reader left open.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Uuid, and_, bindparam, exists, func, or_, select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.reader import OFFICE, TODAY, seen_by
from crm.core.errors import Missing, Moved
from crm.people.models import Affiliation, Holding, Person, Share
from crm.people.queries.moved import now_known_as

HELD = select(col(Holding.person_id)).where(col(Holding.office_id) == OFFICE, col(Holding.until).is_(None))
"""The open holdings of the reader's office: ``holding.person_id``."""
IN_FORCE = and_(
    col(Share.withdrawn_at).is_(None),
    col(Share.since) <= TODAY,
    or_(col(Share.until).is_(None), col(Share.until) >= TODAY),
)
"""A condition on ``share``."""
SHARED = select(col(Share.person_id)).where(col(Share.to_office_id) == OFFICE, IN_FORCE)
"""The shares to the reader's office in their term: ``share.person_id``."""


def sees(person_id: Any) -> ColumnElement[bool]:
    """As a condition on a column that holds a person's id, checked row by row."""
    around = person_id.parent.entity
    held = HELD.where(col(Holding.person_id) == person_id).correlate(around)
    shared = SHARED.where(col(Share.person_id) == person_id).correlate(around)
    return or_(exists(held), exists(shared))


VISIBLE = select(Person).where(sees(col(Person.id)), col(Person.merged_into).is_(None))
_ONE = VISIBLE.where(col(Person.id) == bindparam("person", type_=Uuid()))
_HOLDING = select(Holding).where(
    col(Holding.office_id) == OFFICE,
    col(Holding.person_id) == bindparam("person", type_=Uuid()),
    col(Holding.until).is_(None),
)

_ITS_HOLDING = and_(
    col(Holding.person_id) == col(Person.id), col(Holding.office_id) == OFFICE, col(Holding.until).is_(None)
)
_KNOWN = _ONE.add_columns(Holding).outerjoin(Holding, _ITS_HOLDING)


@dataclass(frozen=True)
class Arm:
    """One way in which a person is visible: the office holds them, or was shown them. No person is in both arms.

    ``people`` has no columns yet; ``keys`` are what each order of the list sorts by. An arm for itself can walk an
    index in its order, which both at once could not.
    """

    people: Select[Any]
    person_id: Any
    keys: Mapping[str, Any]


def _arms() -> list[Arm]:
    whole = col(Person.merged_into).is_(None)
    held = HELD.join(Person, col(Person.id) == col(Holding.person_id)).where(whole)
    also_held = HELD.where(col(Holding.person_id) == col(Share.person_id)).correlate(Share)
    shared = SHARED.join(Person, col(Person.id) == col(Share.person_id)).where(whole, ~exists(also_held))
    place = select(func.min(col(Affiliation.institution))).where(
        col(Affiliation.person_id) == col(Person.id), col(Affiliation.until).is_(None)
    )
    places = func.coalesce(place.correlate(Person).scalar_subquery(), "")
    return [
        Arm(held, col(Holding.person_id), {"name": col(Holding.sort_key), "institution": col(Holding.place_key)}),
        Arm(shared.distinct(), col(Share.person_id), {"name": col(Person.sort_key), "institution": places}),
    ]


ARMS = _arms()


def is_visible(session: Session, actor: Actor, person_id: UUID) -> bool:
    return _find(session, _ONE, actor, person_id) is not None


def visible_person(session: Session, actor: Actor, person_id: UUID) -> Person:
    """Missing for a person who is not there, or not open to the reader: nobody learns which. Moved after a merge."""
    found: Person | None = _find(session, _ONE, actor, person_id)
    if found is None:
        raise _gone(session, actor, person_id)
    return found


def known_person(session: Session, actor: Actor, person_id: UUID) -> tuple[Person, Holding | None]:
    """As ``visible_person`` and ``holding_of``, in one query."""
    found = session.execute(_KNOWN, {**seen_by(actor), "person": person_id}).first()
    if found is None:
        raise _gone(session, actor, person_id)
    return found.Person, found.Holding


def _gone(session: Session, actor: Actor, person_id: UUID) -> Missing:
    stands = now_known_as(session, actor, person_id)
    return Moved(person_id, stands) if stands and is_visible(session, actor, stands) else Missing()


def holding_of(session: Session, actor: Actor, person_id: UUID) -> Holding | None:
    """The open holding of the reader's office; None where the person is only shared with it."""
    found: Holding | None = _find(session, _HOLDING, actor, person_id)
    return found


def _find(session: Session, statement: Select[Any], actor: Actor, person_id: UUID) -> Any:
    return session.execute(statement, {**seen_by(actor), "person": person_id}).scalars().first()
