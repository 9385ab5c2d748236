"""Entries age: confirmed, due, hidden. Once an hour, in short transactions, one entry each."""

from datetime import timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from crm.core.columns import now
from crm.core.db import Database
from crm.core.settings import read_settings
from crm.core.work import JobRun
from crm.listings.actions.moves import move, office_settings, take_down
from crm.listings.actions.requests import ask_again
from crm.listings.models import Listing, ListingState


def expire(database: Database, _job: JobRun) -> None:
    base_url = read_settings().base_url
    with database.reading() as session:
        wanted = select(Listing.id).where(
            col(Listing.state).in_((ListingState.PUBLISHED, ListingState.DUE)), col(Listing.confirm_by) <= now()
        )
        ids = session.exec(wanted).all()
    for listing_id in ids:
        with database.writing() as session:
            age_listing(session, base_url, listing_id)


def age_listing(session: Session, base_url: str, listing_id: UUID) -> None:
    """PUBLISHED becomes DUE when its confirmation lapses, and asks the person; DUE is hidden after the grace."""
    listing = session.exec(select(Listing).where(Listing.id == listing_id).with_for_update()).first()
    if listing is None or listing.confirm_by is None or listing.confirm_by > now():
        return
    grace = timedelta(days=office_settings(session, listing.office_id).grace_days)
    if listing.state is ListingState.PUBLISHED:
        move(session, None, listing, ListingState.DUE, "changed")
        ask_again(session, base_url, listing)
    elif listing.state is ListingState.DUE and listing.confirm_by + grace <= now():
        take_down(session, listing, withdrawn=False)
        move(session, None, listing, ListingState.HIDDEN, "hidden")
