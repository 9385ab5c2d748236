"""A consent was withdrawn elsewhere: by the person among their own data, or by an office that was asked to stop."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session, col, select

from crm.core.columns import now
from crm.listings.actions.answers import withdraw_by_person
from crm.listings.models import Listing, ListingState
from crm.listings.snapshots import snapshot_of
from crm.privacy.models import Purpose

_ENDED = (ListingState.DECLINED, ListingState.WITHDRAWN)


def end_what_stood_on(session: Session, person_id: UUID, office_id: UUID, purposes: Sequence[Purpose]) -> None:
    """The entry itself leaves the map; or only search engines, open data or messages are turned off."""
    mine = select(Listing).where(Listing.person_id == person_id, Listing.office_id == office_id)
    for listing in session.exec(mine.where(col(Listing.state).not_in(_ENDED)).with_for_update()):
        if Purpose.PUBLIC_LISTING in purposes:
            withdraw_by_person(session, listing)
        else:
            _turn_off(session, listing, purposes)
    session.flush()


def _turn_off(session: Session, listing: Listing, purposes: Sequence[Purpose]) -> None:
    snapshot = snapshot_of(session, listing)
    for part in (listing, snapshot) if snapshot else (listing,):
        part.search_engines &= Purpose.SEARCH_ENGINES not in purposes
        part.bulk_reuse &= Purpose.BULK_REUSE not in purposes
        part.relay &= Purpose.RELAY not in purposes
    if snapshot:
        snapshot.changed_at = now()
