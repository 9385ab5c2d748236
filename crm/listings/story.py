"""In a person's story: what became of an entry on the PI map, and when they said that they are interested in Japan."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, literal, select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.reader import OFFICE, seen_by
from crm.core.columns import IDS
from crm.core.i18n import Lazy
from crm.listings.models import Confirmation, Listing, ListingState, Nomination

ROWS: Any = (
    select(col(Confirmation.created_at).label("at"), col(Confirmation.id).label("id"), literal("listing").label("kind"))
    .join(Listing, col(Listing.id) == col(Confirmation.listing_id))
    .where(col(Listing.person_id) == bindparam("person", type_=Uuid()), col(Listing.office_id) == OFFICE)
)


_MOVES = (
    select(Confirmation)
    .join(Listing, col(Listing.id) == col(Confirmation.listing_id))
    .where(col(Confirmation.id).in_(IDS), col(Listing.office_id) == OFFICE)
)
_INTERESTS = select(Nomination).where(col(Nomination.id).in_(IDS), col(Nomination.office_id) == OFFICE)


def load(session: Session, actor: Actor, ids: Sequence[UUID]) -> dict[UUID, tuple[Confirmation, Lazy]]:
    """With the word for the state that it was moved to."""
    moves = session.execute(_MOVES, {**seen_by(actor), "ids": ids}).scalars()
    return {move.id: (move, ListingState(move.after).label) for move in moves}


def load_interests(session: Session, actor: Actor, ids: Sequence[UUID]) -> dict[UUID, Nomination]:
    return {one.id: one for one in session.execute(_INTERESTS, {**seen_by(actor), "ids": ids}).scalars()}
