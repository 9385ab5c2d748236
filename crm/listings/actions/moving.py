"""A consent was given to one office: another cannot publish by it, and has to ask anew."""

from uuid import UUID

from sqlmodel import Session, col, select

from crm.core.errors import Refused
from crm.core.i18n import lazy_gettext as _l
from crm.listings.models import Listing, ListingState

_ENDED = (ListingState.DECLINED, ListingState.WITHDRAWN)


def settle_before_offering(session: Session, person_id: UUID, giver: UUID) -> None:
    if _has_entry(session, person_id, giver):
        raise Refused(
            _l(
                "Your office has an entry of this person on the PI Map, by a consent that was given to it. "
                "Withdraw the entry first; the other office can then ask the person anew."
            )
        )


def settle_before_moving(session: Session, person_id: UUID, giver: UUID, _taker: UUID) -> None:
    if _has_entry(session, person_id, giver):
        raise Refused(
            _l(
                "The other office still has an entry of this person on the PI Map, by a consent that was given to it. "
                "Please ask it to withdraw the entry first; you can then ask the person anew."
            )
        )


def _has_entry(session: Session, person_id: UUID, giver: UUID) -> bool:
    mine = select(Listing.id).where(Listing.person_id == person_id, Listing.office_id == giver)
    return session.exec(mine.where(col(Listing.state).not_in(_ENDED))).first() is not None
