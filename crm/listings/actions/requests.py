"""Asking listed people: the first request, a reminder to the silent, the yearly confirmation."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from sqlmodel import Session

from crm.accounts.access import Actor
from crm.accounts.journal import record
from crm.accounts.links import issue_link, revoke_links
from crm.accounts.models import LinkPurpose, Office
from crm.accounts.permissions import Permission
from crm.approvals.queries import needs_approval
from crm.core.columns import now
from crm.core.errors import Forbidden, Refused
from crm.core.i18n import lazy_gettext as _l
from crm.core.mail import Letter, post
from crm.listings.actions.moves import move, own_listings
from crm.listings.letters import Addressee, reconfirmation, reminder, request
from crm.listings.models import Listing, ListingState
from crm.listings.queries.asking import addressee_of, ask_kind, may_be_reminded

LINK_DAYS = 90
CONSENT_LETTERS, REMINDERS = "consent_letters", "reminders"


@dataclass
class Asked:
    """What a round of letters did: numbers of letters, of people without an address, of entries left alone."""

    letters: int = 0
    without_address: list[Listing] = field(default_factory=list)
    skipped: int = 0


def request_consent(
    session: Session, actor: Actor, base_url: str, ids: Sequence[UUID], *, approved: bool = False
) -> Asked:
    """Ask for consent (drafts) or for confirmation (public and hidden entries). Nobody is asked twice.

    People without an address stay as they are and wait in the worklist.
    """
    _check(session, actor, CONSENT_LETTERS, ids, approved)
    asked = Asked()
    for listing in own_listings(session, actor, ids):
        kind = ask_kind(listing)
        addressee = addressee_of(session, listing)
        if kind is None:
            asked.skipped += 1
        elif addressee.email is None:
            asked.without_address.append(listing)
        else:
            _write(session, listing, base_url, request if kind == "request" else reconfirmation, actor)
            asked.letters += 1
            _note_request(session, actor, listing)
    return asked


def wants_approval(session: Session, actor: Actor, act: str, ids: Sequence[UUID]) -> bool:
    """Letters to many; a single one is everyday work."""
    return len(set(ids)) > 1 and needs_approval(session, actor.office_id, act)


def _check(session: Session, actor: Actor, act: str, ids: Sequence[UUID], approved: bool) -> None:
    if not actor.may(Permission.LETTERS_SEND):
        raise Forbidden()
    if not approved and wants_approval(session, actor, act, ids):
        raise Refused(_l("Your office wants this approved first."))


def _note_request(session: Session, actor: Actor, listing: Listing) -> None:
    listing.requested_at, listing.reminded_at, listing.opened_at = now(), None, None
    if listing.state is ListingState.DRAFT:
        move(session, actor, listing, ListingState.AWAITING, "requested")
    else:
        record(session, actor, "requested", listing)


def remind(session: Session, actor: Actor, base_url: str, ids: Sequence[UUID], *, approved: bool = False) -> Asked:
    """Write again to those who were asked and are silent; whoever has answered gets nothing."""
    _check(session, actor, REMINDERS, ids, approved)
    asked = Asked()
    for listing in own_listings(session, actor, ids):
        if not may_be_reminded(listing):
            asked.skipped += 1
        elif addressee_of(session, listing).email is None:
            asked.without_address.append(listing)
        else:
            _write(session, listing, base_url, reminder, actor)
            listing.reminded_at = now()
            asked.letters += 1
            record(session, actor, "reminded", listing)
    session.flush()
    return asked


def make_link(session: Session, actor: Actor, base_url: str, listing: Listing) -> str:
    """A personal link to hand over: by another channel, or on a printed letter. Earlier links end."""
    if not actor.may(Permission.LETTERS_SEND):
        raise Forbidden()
    if listing.state in (ListingState.DECLINED, ListingState.WITHDRAWN):
        raise Refused(_l("This person has declined or withdrawn; only they can come back to it."))
    revoke_links(session, LinkPurpose.LISTING, listing.id)
    address = door_address(session, listing, base_url, actor)
    if ask_kind(listing):
        _note_request(session, actor, listing)
    return address


def door_address(session: Session, listing: Listing, base_url: str, actor: Actor | None = None) -> str:
    """A new link to the person's own door, in their language."""
    token = issue_link(session, LinkPurpose.LISTING, listing.id, days=LINK_DAYS, actor=actor)
    return f"{base_url}/{addressee_of(session, listing).language}/confirm/{token}"


def _write(
    session: Session,
    listing: Listing,
    base_url: str,
    letter: Callable[[Addressee, Office, str, date], Letter],
    actor: Actor | None,
) -> None:
    office = session.get_one(Office, listing.office_id)
    address = door_address(session, listing, base_url, actor)
    until = (now() + timedelta(days=LINK_DAYS)).date()
    addressee = addressee_of(session, listing)
    post(session, letter(addressee, office, address, until), office_id=office.id, person_id=listing.person_id)


def ask_again(session: Session, base_url: str, listing: Listing) -> bool:
    """The yearly letter, sent by the clock; False when there is no address."""
    if addressee_of(session, listing).email is None:
        return False
    _write(session, listing, base_url, reconfirmation, None)
    listing.requested_at, listing.reminded_at, listing.opened_at = now(), None, None
    return True
