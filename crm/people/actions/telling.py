"""What one office changes in the part of a record that others hold too stands in the history of each of them."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.models import JournalEntry
from crm.people.models import Holding, Person

OWN = frozenset({"note", "basis", "email", "phone"})
"""Changes of the form that are the office's own."""


def tell_holders(session: Session, actor: Actor, changed: Mapping[UUID, Mapping[str, Any]]) -> None:
    """``changed``: person → what; without saying who. Fields that are the office's own are left out."""
    shared = {id: said for id, what in changed.items() if (said := {k: v for k, v in what.items() if k not in OWN})}
    for person_id, office_id in _other_holders(session, actor, shared.keys()) if shared else ():
        session.add(
            JournalEntry(
                actor_id=None, office_id=office_id, verb="changed_elsewhere", subject_kind=Person.__tablename__,
                subject_id=person_id, changes=dict(shared[person_id]),
            )
        )  # fmt: skip


def _other_holders(session: Session, actor: Actor, ids: Collection[UUID]) -> list[tuple[UUID, UUID]]:
    held = select(col(Holding.person_id), col(Holding.office_id)).where(
        col(Holding.person_id).in_(ids), col(Holding.office_id) != actor.office_id, col(Holding.until).is_(None)
    )
    return [(person_id, office_id) for person_id, office_id in session.execute(held)]
