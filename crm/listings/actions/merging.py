from sqlalchemy import select
from sqlmodel import Session, col

from crm.core.errors import Refused
from crm.core.i18n import lazy_gettext as _l
from crm.listings.models import Listing, ListingState
from crm.people.models import Person

_ENDED = (ListingState.DECLINED, ListingState.WITHDRAWN)


def settle_before_merge(session: Session, kept: Person, lost: Person) -> None:
    """The stricter word wins: nobody who said no is public through the other record, and nobody has two entries."""
    entries = [
        session.execute(select(Listing).where(col(Listing.person_id) == one.id)).scalars().all() for one in (kept, lost)
    ]
    mine, theirs = entries
    for one, other in ((mine, theirs), (theirs, mine)):
        said_no = any(entry.state in _ENDED for entry in one)
        if said_no and any(entry.state not in _ENDED for entry in other):
            raise Refused(
                _l("One of the two has declined or withdrawn an entry on the PI Map. End the entry of the other first.")
            )
    open_here = {entry.office_id for entry in mine if entry.state not in _ENDED}
    both = any(entry.office_id in open_here for entry in theirs if entry.state not in _ENDED)
    if both or all(any(entry.state.is_public for entry in some) for some in entries):
        raise Refused(_l("Both records have an entry on the PI Map. End one of them first."))
