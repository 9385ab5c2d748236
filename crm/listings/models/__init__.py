from crm.listings.models.listings import Confirmation, Listing, ListingState, Snapshot, SnapshotKey
from crm.listings.models.settings import ListingSettings, Nomination, RelayMessage
from crm.listings.models.version import PublicVersion

__all__ = [
    "Confirmation",
    "Listing",
    "ListingSettings",
    "ListingState",
    "Nomination",
    "PublicVersion",
    "RelayMessage",
    "Snapshot",
    "SnapshotKey",
]
