"""All that an office shows to others, and what others show to it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.models import Office, User
from crm.accounts.reader import OFFICE, seen_by
from crm.people.models import Person, Share
from crm.people.queries.visible import IN_FORCE

_MANY = 500


@dataclass(frozen=True)
class Shared:
    """``office``: the other one. ``by``: who of the reader's own office gave it."""

    share: Share
    person: Person
    office: Office
    by: str | None


def _with(other: Any, own: Any) -> Any:
    return (
        select(Share, Person, Office, col(User.name))
        .select_from(Share)
        .join(Person, col(Person.id) == col(Share.person_id))
        .join(Office, col(Office.id) == other)
        .outerjoin(User, col(User.id) == col(Share.given_by))
        .where(own == OFFICE, IN_FORCE, col(Person.merged_into).is_(None))
        .order_by(col(Share.until), col(Share.id))
        .limit(_MANY)
    )


_GIVEN = _with(col(Share.to_office_id), col(Share.from_office_id))
_RECEIVED = _with(col(Share.from_office_id), col(Share.to_office_id))


def shares_given(session: Session, actor: Actor) -> list[Shared]:
    return [Shared(*row) for row in session.execute(_GIVEN, seen_by(actor))]


def shares_received(session: Session, actor: Actor) -> list[Shared]:
    return [
        Shared(share, person, office, None) for share, person, office, _ in session.execute(_RECEIVED, seen_by(actor))
    ]
