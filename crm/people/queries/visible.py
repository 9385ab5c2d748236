"""Who may see whom. Every read of people begins here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, or_, select, union_all
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.core.columns import now
from crm.core.errors import Missing
from crm.people.models import Affiliation, Holding, Person, Share


def held_by(actor: Actor) -> Any:
    """The open holdings of the reader's office: ``holding.person_id``."""
    return select(col(Holding.person_id)).where(col(Holding.office_id) == actor.office_id, col(Holding.until).is_(None))


def shared_with(actor: Actor) -> Any:
    """The shares to the reader's office in their term: ``share.person_id``."""
    today = now().date()
    return select(col(Share.person_id)).where(
        col(Share.to_office_id) == actor.office_id,
        col(Share.since) <= today,
        or_(col(Share.until).is_(None), col(Share.until) >= today),
    )


def visibility(actor: Actor) -> ColumnElement[bool]:
    """As a condition on ``person.id``, checked row by row: for walking an index in its order."""
    held = held_by(actor).where(col(Holding.person_id) == col(Person.id)).correlate(Person)
    shared = shared_with(actor).where(col(Share.person_id) == col(Person.id)).correlate(Person)
    return or_(exists(held), exists(shared)) & col(Person.merged_into).is_(None)


def people_visible_to(actor: Actor) -> Select[Any]:
    """The people that the actor's office holds or has been shown by another office."""
    return select(Person).where(visibility(actor))


@dataclass(frozen=True)
class Arm:
    """One way in which a person is visible: the office holds them, or was shown them. No person is in both arms.

    ``people`` has no columns yet; ``keys`` are what each order of the list sorts by. An arm for itself can walk an
    index in its order, which both at once could not.
    """

    people: Select[Any]
    person_id: Any
    keys: Mapping[str, Any]


def arms_of(actor: Actor) -> list[Arm]:
    whole = col(Person.merged_into).is_(None)
    held = held_by(actor).join(Person, col(Person.id) == col(Holding.person_id)).where(whole)
    also_held = held_by(actor).where(col(Holding.person_id) == col(Share.person_id)).correlate(Share)
    shared = shared_with(actor).join(Person, col(Person.id) == col(Share.person_id)).where(whole, ~exists(also_held))
    place = select(func.min(col(Affiliation.institution))).where(
        col(Affiliation.person_id) == col(Person.id), col(Affiliation.until).is_(None)
    )
    places = func.coalesce(place.correlate(Person).scalar_subquery(), "")
    return [
        Arm(held, col(Holding.person_id), {"name": col(Holding.sort_key), "institution": col(Holding.place_key)}),
        Arm(shared.distinct(), col(Share.person_id), {"name": col(Person.sort_key), "institution": places}),
    ]


def visible_ids(actor: Actor) -> Any:
    """The ids of ``people_visible_to``, each once, from the office's side: for counting."""
    held = held_by(actor).where(col(Holding.person_id) == col(Share.person_id)).correlate(Share)
    both = union_all(held_by(actor), shared_with(actor).where(~exists(held)).distinct()).subquery()
    return select(both.c.person_id).select_from(both)


def is_visible(session: Session, actor: Actor, person_id: UUID) -> bool:
    return session.execute(people_visible_to(actor).where(col(Person.id) == person_id)).first() is not None


def visible_person(session: Session, actor: Actor, person_id: UUID) -> Person:
    """Missing for a person who is not there, or not open to the reader: nobody learns which."""
    found: Person | None = (
        session.execute(people_visible_to(actor).where(col(Person.id) == person_id)).scalars().first()
    )
    if found is None:
        raise Missing()
    return found


def holding_of(session: Session, actor: Actor, person_id: UUID) -> Holding | None:
    """The open holding of the reader's office; None where the person is only shared with it."""
    statement = select(Holding).where(
        col(Holding.office_id) == actor.office_id, col(Holding.person_id) == person_id, col(Holding.until).is_(None)
    )
    return session.execute(statement).scalars().first()
