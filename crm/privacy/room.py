from crm.accounts.permissions import Permission
from crm.core.contributions import JobHandler, MenuEntry, Room, Tile
from crm.core.i18n import lazy_gettext as _l
from crm.privacy.actions.asking import SEND_LINKS, send_links
from crm.privacy.queries.requests import open_count
from crm.privacy.routes import desk, own

ROOM = Room(
    name="privacy",
    routers=[desk.router, own.router],
    doors={"rights_request": ("privacy:request", "request_id")},
    menu=[
        MenuEntry(
            _l("Requests about personal data"), "privacy:requests", "shield-check", Permission.PRIVACY_DECIDE, 85, True
        )
    ],
    jobs=[JobHandler(SEND_LINKS, send_links)],
    tiles=[Tile(_l("Requests about personal data"), "privacy:requests", Permission.PRIVACY_DECIDE, 20, open_count)],
)
