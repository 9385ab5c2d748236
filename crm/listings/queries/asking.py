"""Whom to write to, in which language, and whether it is time."""

from datetime import timedelta

from sqlmodel import Session, col, select

from crm.core.columns import now
from crm.listings.letters import Addressee
from crm.listings.models import Listing, ListingState
from crm.people.letters import language_of
from crm.people.models import ContactKind, ContactPoint, ContactState, Person

QUIET_DAYS = 7
"""A silent person is left alone so long after a letter."""


def email_of(session: Session, listing: Listing) -> str | None:
    """An address of the mission's own that works; other offices' addresses are theirs."""
    own = select(ContactPoint).where(
        ContactPoint.person_id == listing.person_id,
        ContactPoint.office_id == listing.office_id,
        ContactPoint.kind == ContactKind.EMAIL,
        ContactPoint.state == ContactState.OK,
    )
    point = session.exec(own.order_by(col(ContactPoint.id))).first()
    return point.value if point else None


def addressee_of(session: Session, listing: Listing) -> Addressee:
    person = session.get_one(Person, listing.person_id)
    language = language_of(person)
    name = (person.kanji if language == "ja" else person.latin) or person.full_name
    return Addressee(name, email_of(session, listing), language)


def ask_kind(listing: Listing) -> str | None:
    """``request`` for a draft, ``confirm`` for an entry that was public; None when it is not to be asked now."""
    if listing.state is ListingState.DRAFT:
        return "request"
    if listing.state in (ListingState.PUBLISHED, ListingState.DUE, ListingState.HIDDEN):
        waiting = listing.requested_at and not answered_since(listing)
        return None if waiting else "confirm"
    return None


def answered_since(listing: Listing) -> bool:
    """Whether the last request has been answered."""
    if listing.requested_at is None:
        return False
    return listing.confirmed_at is not None and listing.confirmed_at >= listing.requested_at


def may_be_reminded(listing: Listing) -> bool:
    waits = listing.state in (ListingState.AWAITING, ListingState.DUE, ListingState.HIDDEN, ListingState.PUBLISHED)
    if not waits or listing.requested_at is None or answered_since(listing):
        return False
    return (listing.reminded_at or listing.requested_at) < now() - timedelta(days=QUIET_DAYS)
