from crm.listings.models.listings import Confirmation, Listing, ListingState, Snapshot, SnapshotKey
from crm.listings.models.nominations import Nomination, NominationKind, Wish
from crm.listings.models.settings import ListingSettings, RelayMessage
from crm.listings.models.version import PublicVersion

__all__ = [
    "Confirmation",
    "Listing",
    "ListingSettings",
    "ListingState",
    "Nomination",
    "NominationKind",
    "PublicVersion",
    "RelayMessage",
    "Snapshot",
    "SnapshotKey",
    "Wish",
]
