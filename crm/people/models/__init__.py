from crm.people.models.details import Affiliation, ContactKind, ContactPoint, ContactState, Identifier, Interest, Link
from crm.people.models.exports import Export, ExportFormat
from crm.people.models.holdings import Basis, Facet, Holding, Share
from crm.people.models.merges import MergeQuestion, PersonMerge
from crm.people.models.names import NameKind, PersonName
from crm.people.models.pairs import LikelyPair
from crm.people.models.people import Person, Sector
from crm.people.models.relations import Relation
from crm.people.models.search import SearchKey, SearchToken
from crm.people.models.sources import BY_HAND, Origin, Source
from crm.people.models.tags import BulkChange, PersonTag, Tag, Tagging
from crm.people.models.tombstones import Tombstone
from crm.people.models.transfers import Transfer
from crm.people.models.views import SavedView

__all__ = [
    "BY_HAND",
    "Affiliation",
    "Basis",
    "BulkChange",
    "ContactKind",
    "ContactPoint",
    "ContactState",
    "Export",
    "ExportFormat",
    "Facet",
    "Holding",
    "Identifier",
    "Interest",
    "LikelyPair",
    "Link",
    "MergeQuestion",
    "NameKind",
    "Origin",
    "Person",
    "PersonMerge",
    "PersonName",
    "PersonTag",
    "Relation",
    "SavedView",
    "SearchKey",
    "SearchToken",
    "Sector",
    "Share",
    "Source",
    "Tag",
    "Tagging",
    "Tombstone",
    "Transfer",
]
