"""A listing changes its state here alone: the row, the dated move, the journal line."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlmodel import Session, select

from crm.accounts.access import Actor
from crm.accounts.journal import record
from crm.core.columns import now
from crm.core.errors import Missing
from crm.listings.models import Confirmation, Listing, ListingSettings, ListingState
from crm.listings.snapshots import snapshot_of, write_keys
from crm.privacy.models import Channel, Purpose

DAYS_OF_A_MONTH = 365.25 / 12
ALL_PURPOSES = Purpose.PUBLIC_LISTING.carries


def own_listing(session: Session, actor: Actor, listing_id: UUID) -> Listing:
    """A listing of the actor's office, locked for a change. Raises ``Missing`` for any other."""
    wanted = select(Listing).where(Listing.id == listing_id, Listing.office_id == actor.office_id)
    listing = session.exec(wanted.with_for_update()).first()
    if listing is None:
        raise Missing()
    return listing


def own_listings(session: Session, actor: Actor, ids: Sequence[UUID]) -> list[Listing]:
    """Those of the ids that belong to the actor's office, locked, in the order of their making."""
    wanted = set(ids)
    mine = select(Listing).where(Listing.office_id == actor.office_id).order_by(Listing.id)  # type: ignore[arg-type]
    return [listing for listing in session.exec(mine.with_for_update()) if listing.id in wanted]


def office_settings(session: Session, office_id: UUID) -> ListingSettings:
    """The mission's settings, or the usual ones (not stored)."""
    stored = select(ListingSettings).where(ListingSettings.office_id == office_id)
    return session.exec(stored).first() or ListingSettings(office_id=office_id)


def move(
    session: Session,
    actor: Actor | None,
    listing: Listing,
    after: ListingState,
    verb: str,
    *,
    channel: Channel = Channel.WEB,
    note: str | None = None,
) -> None:
    before, listing.state = listing.state, after
    session.add(
        Confirmation(
            listing_id=listing.id,
            before=before,
            after=after,
            channel=channel,
            note=note,
            actor_id=actor.user_id if actor else None,
        )
    )
    session.flush()
    record(session, actor, verb, listing, {"state": [before, after]})


def confirm_until(session: Session, listing: Listing) -> None:
    """Set when the entry must be confirmed next, from its confirmation and the mission's months."""
    months = office_settings(session, listing.office_id).confirm_months
    if listing.confirmed_at:
        listing.confirm_by = listing.confirmed_at + timedelta(days=round(months * DAYS_OF_A_MONTH))


def take_down(session: Session, listing: Listing, *, withdrawn: bool) -> None:
    """The entry leaves every output at the next request."""
    snapshot = snapshot_of(session, listing)
    if snapshot:
        snapshot.public = False
        snapshot.changed_at = now()
        snapshot.withdrawn_at = now() if withdrawn else None
        if withdrawn:
            snapshot.entry, snapshot.tags = {}, ""
            snapshot.latitude = snapshot.longitude = snapshot.city = None
            snapshot.institution = snapshot.sort_key = ""
            write_keys(session, snapshot)
    session.flush()
