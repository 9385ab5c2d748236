from crm.accounts.permissions import Permission
from crm.core.contributions import MenuEntry, Room
from crm.core.i18n import lazy_gettext as _l
from crm.organisations.api import router as api
from crm.organisations.routes import router

ROOM = Room(
    name="organisations",
    api=[api],
    routers=[router],
    doors={"organisation": ("organisations:detail", "organisation_id", Permission.ORGANISATIONS_VIEW)},
    menu=[MenuEntry(_l("Institutions"), "organisations:list", "landmark", Permission.ORGANISATIONS_VIEW, 30)],
)
