"""``crm find``: an operator looks somebody up."""

import json
from typing import Annotated, Any

import typer
from rich import print as say
from sqlalchemy import select
from sqlmodel import Session, col

from crm.accounts.models import JournalEntry
from crm.core.db import Database
from crm.core.search import queries_for
from crm.core.settings import read_settings
from crm.people.models import Affiliation, ContactKind, ContactPoint, Person, PersonName
from crm.people.queries.words import everywhere, matched_by

_MOST = 200


def find(
    text: Annotated[str, typer.Argument(help="Name, reading, institution, keyword, address or identifier")],
    as_json: Annotated[bool, typer.Option("--json", help="Machine-readable")] = False,
) -> None:
    """Find people of all offices. What an operator reads is journalled."""
    with Database(read_settings().database_url).writing() as session:
        found = find_people(session, text)
        session.add(JournalEntry(verb="find", subject_kind="person", changes={"text": text, "found": len(found)}))
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    for person in found:
        say(f"[bold]{person['full_name']}[/bold]  {person['institution']}  ({person['matched']})  {person['id']}")
    if not found:
        say("Nobody found.")


def find_people(session: Session, text: str) -> list[dict[str, Any]]:
    """At most 200 people of all offices, by name."""
    if not queries_for(text):
        return []
    wanted = select(Person).where(*everywhere(text), col(Person.merged_into).is_(None))
    people = list(session.execute(wanted.order_by(col(Person.sort_key), col(Person.id)).limit(_MOST)).scalars())
    ids = [person.id for person in people]
    names, places, emails = _beside(session, ids)
    reasons = matched_by(session, text, ids, None)
    return [
        {
            "id": str(person.id),
            "full_name": person.full_name,
            "names": names.get(person.id, []),
            "institution": next(iter(places.get(person.id, [])), ""),
            "emails": emails.get(person.id, []),
            "matched": reasons.get(person.id, ""),
        }
        for person in people
    ]


def _beside(session: Session, ids: list[Any]) -> list[dict[Any, list[str]]]:
    names = select(col(PersonName.person_id), col(PersonName.full)).where(col(PersonName.person_id).in_(ids))
    places = select(col(Affiliation.person_id), col(Affiliation.institution)).where(
        col(Affiliation.person_id).in_(ids), col(Affiliation.until).is_(None)
    )
    emails = select(col(ContactPoint.person_id), col(ContactPoint.value)).where(
        col(ContactPoint.person_id).in_(ids), col(ContactPoint.kind) == ContactKind.EMAIL
    )
    gathered: list[dict[Any, list[str]]] = []
    for statement in (names, places, emails):
        found: dict[Any, list[str]] = {}
        for person_id, value in session.execute(statement):
            if value not in found.setdefault(person_id, []):
                found[person_id].append(value)
        gathered.append(found)
    return gathered
