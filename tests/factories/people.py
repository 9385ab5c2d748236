"""Invented people."""

from dataclasses import replace
from datetime import date
from typing import Any

from sqlmodel import Session

from crm.accounts.access import Actor
from crm.people.actions import add_people
from crm.people.entries import PersonEntry
from crm.people.keys import refresh_search_keys
from crm.people.models import Basis, Person, Share

TAKASE = PersonEntry(
    full_name="TAKASE Mari",
    family="Takase",
    given="Mari",
    kanji="高瀬 真理",
    kana="タカセ マリ",
    latin="TAKASE Mari",
    title="Associate Professor",
    institution="Northbridge University",
    unit="Quantum Information Center",
    city="Boston",
    country="US",
    research_fields=("quantum information",),
    email="Takase@example.org",
    links=("https://lab.example.org/takase",),
)
"""Fictional."""


def a_person(session: Session, actor: Actor, basis: Basis = Basis.OWN_CONTACT, **changes: Any) -> Person:
    """A fictional person whom the actor's office holds."""
    [person_id] = add_people(session, actor, [replace(TAKASE, **changes)], basis)
    return session.get_one(Person, person_id)


def people_called(session: Session, actor: Actor, *names: str) -> list[Person]:
    """Fictional people with nothing but a name."""
    ids = add_people(session, actor, [PersonEntry(full_name=name) for name in names], Basis.OWN_CONTACT)
    return [session.get_one(Person, person_id) for person_id in ids]


def a_share(session: Session, person: Person, giver: Actor, taker: Actor, until: date | None = None) -> Share:
    share = Share(
        person_id=person.id,
        from_office_id=giver.office_id,
        to_office_id=taker.office_id,
        reason="A visit",
        since=date(2026, 4, 1),
        until=until,
    )
    session.add(share)
    refresh_search_keys(session, [person.id])
    return share
