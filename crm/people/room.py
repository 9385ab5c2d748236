from crm.accounts.permissions import Permission
from crm.core.contributions import MenuEntry, Room
from crm.core.i18n import lazy_gettext as _l
from crm.people.routes import ROUTERS

ROOM = Room(
    name="people",
    routers=ROUTERS,
    menu=[MenuEntry(_l("People"), "people:list", "users", Permission.PEOPLE_VIEW, 10)],
)
