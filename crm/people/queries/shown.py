"""What other offices show of their own beside a person, as long as their shares last."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.models import Office
from crm.people.models import ContactPoint, Facet, Holding, Share
from crm.people.queries.relations import Related, relations_of


@dataclass
class Shown:
    """Of one office, for the time of a share."""

    office: Office
    share: Share
    contacts: list[ContactPoint] = field(default_factory=list)
    note: str = ""
    relations: list[Related] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.contacts or self.note or self.relations)


def shown_to(session: Session, actor: Actor, person_id: UUID, shares: Sequence[tuple[Office, Share]]) -> list[Shown]:
    """``shares``: those of this person that are in force, given by the reader's office or to it."""
    facets = ((office, share) for office, share in shares if share.to_office_id == actor.office_id)
    asked = [(office, share) for office, share in facets if share.facet is not Facet.PERSON]
    return [_shown(session, actor, person_id, office, share) for office, share in asked]


def _shown(session: Session, actor: Actor, person_id: UUID, office: Office, share: Share) -> Shown:
    shown = Shown(office, share)
    match share.facet:
        case Facet.ADDRESSES:
            shown.contacts = _of(session, ContactPoint, person_id, office.id)
        case Facet.NOTE:
            holdings = _of(session, Holding, person_id, office.id, col(Holding.until).is_(None))
            shown.note = next((holding.note for holding in holdings if holding.note), "")
        case Facet.RELATIONS:
            shown.relations = relations_of(session, actor, person_id, office.id)
    return shown


def _of(session: Session, model: Any, person_id: UUID, office_id: UUID, *where: Any) -> list[Any]:
    rows = select(model).where(model.person_id == person_id, model.office_id == office_id, *where)
    return list(session.execute(rows.order_by(model.id)).scalars())
