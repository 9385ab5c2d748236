from crm.listings.models.listings import Confirmation, Listing, ListingState, Snapshot
from crm.listings.models.settings import ListingSettings, Nomination, RelayMessage

__all__ = ["Confirmation", "Listing", "ListingSettings", "ListingState", "Nomination", "RelayMessage", "Snapshot"]
