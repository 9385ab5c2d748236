"""What listed people have answered themselves, by their personal link."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.reader import OFFICE, WEEK_AGO, seen_by
from crm.listings.models import Confirmation, Listing, ListingState
from crm.people.models import Person

_MOST = 200
_ANSWERS = (ListingState.AGREED, ListingState.PUBLISHED, ListingState.DECLINED, ListingState.WITHDRAWN)


_CAME_IN = (
    col(Listing.office_id) == OFFICE,
    col(Confirmation.actor_id).is_(None),
    col(Confirmation.after).in_(_ANSWERS),
    col(Confirmation.created_at) >= WEEK_AGO,
)
"""Moves of the office's entries that nobody of its staff has made; what the clock does leads to other states."""
ANSWERS_COUNT = (
    select(func.count())
    .select_from(Confirmation)
    .join(Listing, col(Listing.id) == col(Confirmation.listing_id))
    .where(*_CAME_IN)
    .scalar_subquery()
)
_ANSWERS_OF = (
    select(Confirmation, Listing, Person)
    .join(Listing, col(Listing.id) == col(Confirmation.listing_id))
    .join(Person, col(Person.id) == col(Listing.person_id))
    .where(*_CAME_IN)
    .order_by(col(Confirmation.created_at).desc(), col(Confirmation.id))
    .limit(_MOST)
)


def answers_of(session: Session, actor: Actor) -> Sequence[tuple[Confirmation, Listing, Person]]:
    """The newest first."""
    found = session.execute(_ANSWERS_OF, seen_by(actor))
    return [(move, listing, person) for move, listing, person in found]
