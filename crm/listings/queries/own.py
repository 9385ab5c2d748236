from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from crm.accounts.models import Office
from crm.listings.fields import ListingField
from crm.listings.models import Listing, ListingState, Snapshot


@dataclass(frozen=True)
class OwnEntry:
    listing: Listing
    office: Office
    snapshot: Snapshot | None

    @property
    def state(self) -> ListingState:
        return ListingState(self.listing.state)

    @property
    def is_public(self) -> bool:
        return self.snapshot is not None and self.snapshot.public and self.state.is_public

    @property
    def fields(self) -> list[str]:
        return [str(ListingField(name).label) for name in self.listing.fields]


def entries_of(session: Session, person_id: UUID) -> list[OwnEntry]:
    """A person's entries on the PI map, also ended ones, the newest first."""
    rows = select(Listing, Office, Snapshot).join(Office, col(Office.id) == col(Listing.office_id))
    rows = rows.outerjoin(Snapshot, col(Snapshot.listing_id) == col(Listing.id))
    rows = rows.where(col(Listing.person_id) == person_id).order_by(col(Listing.id).desc())
    return [OwnEntry(*row) for row in session.execute(rows)]
