"""Whom a person is related to, as the reader's office knows it; only people whom it may see."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.reader import seen_by
from crm.core.errors import Missing
from crm.people.models import Person
from crm.people.models.relations import Part, Relation
from crm.people.queries.visible import sees
from crm.people.relating import Dot, around


@dataclass(frozen=True)
class Related:
    relation: Relation
    person: Person
    part: Part


@dataclass(frozen=True)
class Network:
    """The people around, where they are drawn, and which of them are related to each other."""

    dots: list[Dot]
    people: dict[UUID, Person]
    lines: list[tuple[Dot, Dot]]


def relations_of(session: Session, actor: Actor, person_id: UUID, office_id: UUID | None = None) -> list[Related]:
    """In the order of the parts: supervisors first, family last. ``office_id``: of an office that shows its own."""
    mine = select(Relation).where(
        col(Relation.office_id) == (office_id or actor.office_id),
        or_(col(Relation.first_id) == person_id, col(Relation.second_id) == person_id),
        col(Relation.first_id) != col(Relation.second_id),
    )
    rows = list(session.execute(mine.order_by(col(Relation.id))).scalars())
    others = {row.other_than(person_id) for row in rows}
    seen = select(Person).where(col(Person.id).in_(others), sees(col(Person.id)), col(Person.merged_into).is_(None))
    people = {person.id: person for person in session.execute(seen, seen_by(actor)).scalars()}
    found = [
        Related(row, people[row.other_than(person_id)], row.part_of_other(person_id))
        for row in rows
        if row.other_than(person_id) in people
    ]
    return sorted(found, key=lambda one: list(Part).index(one.part))


def network_of(session: Session, actor: Actor, related: list[Related]) -> Network:
    people = {one.person.id: one.person for one in related}
    dots = {dot.id: dot for dot in around(list(people))}
    between = select(Relation).where(
        col(Relation.office_id) == actor.office_id,
        col(Relation.first_id).in_(dots),
        col(Relation.second_id).in_(dots),
    )
    rows = session.execute(between).scalars() if len(dots) > 1 else ()
    lines = [(dots[row.first_id], dots[row.second_id]) for row in rows]
    return Network(list(dots.values()), people, lines)


def relation_of(session: Session, actor: Actor, person_id: UUID, relation_id: UUID) -> Relation:
    """Missing for another office's, or one of other people."""
    relation = session.get(Relation, relation_id)
    if relation is None or relation.office_id != actor.office_id:
        raise Missing()
    if person_id not in (relation.first_id, relation.second_id):
        raise Missing()
    return relation
