"""Records offered to the reader's office, and by it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.models import Office
from crm.accounts.reader import OFFICE
from crm.people.models import Affiliation, Person, Transfer

_OPEN = (col(Transfer.answered_on).is_(None), col(Transfer.withdrawn_on).is_(None))


@dataclass(frozen=True)
class Offered:
    """``office``: the other one. To whom it is offered learns a name, an institution and the reason."""

    transfer: Transfer
    person: Person
    office: Office
    institution: str


def offers_to(session: Session, actor: Actor) -> list[Offered]:
    return _offers(session, col(Transfer.to_office_id) == actor.office_id, col(Transfer.from_office_id))


def offers_by(session: Session, actor: Actor) -> list[Offered]:
    return _offers(session, col(Transfer.from_office_id) == actor.office_id, col(Transfer.to_office_id))


OFFERS_COUNT = (
    select(func.count()).select_from(Transfer).where(col(Transfer.to_office_id) == OFFICE, *_OPEN).scalar_subquery()
)
"""Those that wait for the reader's office."""


def _offers(session: Session, own: Any, other: Any) -> list[Offered]:
    place = select(func.min(col(Affiliation.institution))).where(
        col(Affiliation.person_id) == col(Person.id), col(Affiliation.until).is_(None)
    )
    rows = (
        select(Transfer, Person, Office, place.correlate(Person).scalar_subquery())
        .join(Person, col(Person.id) == col(Transfer.person_id))
        .join(Office, col(Office.id) == other)
        .where(own, *_OPEN)
        .order_by(col(Transfer.id))
    )
    found = session.execute(rows).all()
    return [Offered(transfer, person, office, institution or "") for transfer, person, office, institution in found]
