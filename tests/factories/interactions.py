"""Contacts and follow-ups."""

from datetime import timedelta
from typing import Any

from sqlmodel import Session

from crm.accounts.access import Actor
from crm.interactions.actions import log_interaction
from crm.interactions.forms import InteractionForm
from crm.interactions.models import Interaction
from crm.people.models import Person
from crm.tasks.actions import add_task
from crm.tasks.forms import TaskForm
from crm.tasks.models import Task


def a_contact(session: Session, actor: Actor, *people: Person, ago: int = 0, **values: Any) -> Interaction:
    day = actor.today - timedelta(days=ago)
    said = {"text": "Asked about a visit", "people": [person.id for person in people], "day": day, **values}
    return log_interaction(session, actor, InteractionForm(**said))


def a_task(session: Session, actor: Actor, person: Person | None = None, in_days: int = 0, **values: Any) -> Task:
    due = actor.today + timedelta(days=in_days)
    about = person.id if person else None
    return add_task(session, actor, TaskForm(**{"title": "Send the calls", "due": due, "person": about, **values}))
