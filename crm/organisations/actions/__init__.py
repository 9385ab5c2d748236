from crm.organisations.actions.editing import add_organisation, change_organisation
from crm.organisations.actions.filling import Counts, store_entries
from crm.organisations.actions.reference import load_reference

__all__ = ["Counts", "add_organisation", "change_organisation", "load_reference", "store_entries"]
