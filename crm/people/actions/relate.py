"""Two people and what they are to each other: said, and taken back."""

from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.journal import record
from crm.core.errors import Forbidden, Missing, WrongField
from crm.core.i18n import lazy_gettext as _l
from crm.people.models import Person
from crm.people.models.relations import ALIKE, FIRST, SECOND, Part, Relation, RelationKind
from crm.people.queries.visible import holding_of, visible_person
from crm.people.relating import RelationForm


def relate(session: Session, actor: Actor, person: Person, data: RelationForm) -> Relation:
    """Forbidden unless the actor's office holds the person; the other one it must at least see."""
    if holding_of(session, actor, person.id) is None:
        raise Forbidden(_l("Your office does not hold this record, so it cannot change it."))
    try:
        other = visible_person(session, actor, data.other)
    except Missing as fault:
        raise WrongField("other", _l("Please choose one of the options.")) from fault
    if other.id == person.id:
        raise WrongField("other", _l("Please choose somebody else."))
    kind, first, second = pair_of(data.part, person.id, other.id)
    same = select(col(Relation.id)).where(
        col(Relation.office_id) == actor.office_id,
        col(Relation.kind) == kind,
        col(Relation.first_id) == first,
        col(Relation.second_id) == second,
    )
    if session.execute(same).first():
        raise WrongField("part", _l("This is noted already."))
    relation = Relation(
        office_id=actor.office_id, kind=kind, first_id=first, second_id=second,
        since=data.since, until=data.until, note=data.note,
    )  # fmt: skip
    session.add(relation)
    session.flush()
    record(session, actor, "added", relation, {"kind": kind, "people": [first, second]})
    return relation


def pair_of(part: Part, person_id: UUID, other_id: UUID) -> tuple[RelationKind, UUID, UUID]:
    """``part``: what the other one is to the person."""
    for kind, name in ALIKE.items():
        if name == part:
            first, second = sorted((person_id, other_id))
            return kind, first, second
    for kind, name in FIRST.items():
        if name == part:
            return kind, other_id, person_id
    [kind] = (kind for kind, name in SECOND.items() if name == part)
    return kind, person_id, other_id


def end_relation(session: Session, actor: Actor, relation: Relation) -> None:
    record(session, actor, "removed", relation, {"people": [relation.first_id, relation.second_id]})
    session.delete(relation)
    session.flush()
