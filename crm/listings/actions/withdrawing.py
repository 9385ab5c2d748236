"""A consent was withdrawn elsewhere: by the person among their own data, or by an office that was asked to stop."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session, col, select

from crm.core.columns import now
from crm.listings.actions.answers import withdraw_by_person
from crm.listings.actions.moves import ALL_PURPOSES
from crm.listings.models import Listing, ListingState
from crm.listings.snapshots import snapshot_of
from crm.people.models import Basis, ContactPoint, ContactState, Holding
from crm.privacy.models import Purpose

_ENDED = (ListingState.DECLINED, ListingState.WITHDRAWN)


def end_what_stood_on(session: Session, person_id: UUID, office_id: UUID, purposes: Sequence[Purpose]) -> None:
    """The entry itself leaves the map; or only search engines, open data or messages are turned off.

    Without consent to letters, no address of somebody whom the office holds by consent alone is written to any more.
    """
    if Purpose.CONTACT in purposes:
        _leave_in_peace(session, person_id, office_id)
    if not set(ALL_PURPOSES) & set(purposes):
        return
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


def _leave_in_peace(session: Session, person_id: UUID, office_id: UUID) -> None:
    held = select(Holding).where(
        Holding.person_id == person_id, Holding.office_id == office_id, Holding.basis == Basis.CONSENT
    )
    if session.exec(held.where(col(Holding.until).is_(None))).first() is None:
        return
    mine = select(ContactPoint).where(ContactPoint.person_id == person_id, ContactPoint.office_id == office_id)
    for point in session.exec(mine.where(ContactPoint.state == ContactState.OK).with_for_update()):
        point.state = ContactState.UNSUBSCRIBED
