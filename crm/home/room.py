from crm.core.contributions import MenuEntry, Room
from crm.core.i18n import lazy_gettext as _l
from crm.home.routes import router

ROOM = Room(name="home", routers=[router], menu=[MenuEntry(_l("Today"), "home:today", "house", "", 0)])
