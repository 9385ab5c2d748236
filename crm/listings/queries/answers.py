"""What listed people have answered themselves, by their personal link."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.core.columns import now
from crm.listings.models import Confirmation, Listing, ListingState
from crm.people.models import Person

DAYS = 7
_MOST = 200
_ANSWERS = (ListingState.AGREED, ListingState.PUBLISHED, ListingState.DECLINED, ListingState.WITHDRAWN)


def _came_in(actor: Actor) -> Any:
    """Moves of the office's entries that nobody of its staff has made; what the clock does leads to other states."""
    return (
        col(Listing.office_id) == actor.office_id,
        col(Confirmation.actor_id).is_(None),
        col(Confirmation.after).in_(_ANSWERS),
        col(Confirmation.created_at) >= now() - timedelta(days=DAYS),
    )


def answers_count(actor: Actor) -> Any:
    """As a scalar."""
    counted = select(func.count()).select_from(Confirmation)
    joined = counted.join(Listing, col(Listing.id) == col(Confirmation.listing_id))
    return joined.where(*_came_in(actor)).scalar_subquery()


def answers_of(session: Session, actor: Actor) -> Sequence[tuple[Confirmation, Listing, Person]]:
    """The newest first."""
    rows = (
        select(Confirmation, Listing, Person)
        .join(Listing, col(Listing.id) == col(Confirmation.listing_id))
        .join(Person, col(Person.id) == col(Listing.person_id))
        .where(*_came_in(actor))
    )
    found = session.execute(rows.order_by(col(Confirmation.created_at).desc(), col(Confirmation.id)).limit(_MOST))
    return [(move, listing, person) for move, listing, person in found]
