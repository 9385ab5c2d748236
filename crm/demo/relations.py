"""A teacher, students and a friend of theirs among one office's people; all of it invented."""

from datetime import date

from sqlmodel import Session, col, select

from crm.accounts.access import Actor
from crm.people.actions.relate import relate
from crm.people.models import Holding, Person
from crm.people.models.relations import Part
from crm.people.relating import RelationForm


def relate_some(session: Session, actor: Actor) -> None:
    held = select(Person).join(Holding).where(Holding.office_id == actor.office_id).order_by(col(Person.sort_key))
    people = list(session.exec(held.limit(4)))
    if len(people) < 4:
        return
    teacher, first, second, friend = people
    for person, other, part, since in (
        (teacher, first, Part.STUDENT, date(2016, 4, 1)),
        (teacher, second, Part.STUDENT, date(2019, 4, 1)),
        (teacher, friend, Part.COLLABORATOR, None),
        (first, friend, Part.HOST, date(2024, 9, 1)),
    ):
        relate(session, actor, person, RelationForm(other=other.id, part=part, since=since))
