from crm.accounts.permissions import Permission
from crm.approvals.handing import WAITING
from crm.approvals.queries import WAITING_COUNT
from crm.approvals.routes import router
from crm.core.contributions import MenuEntry, Room, Tile
from crm.core.i18n import lazy_gettext as _l

_ANSWER = Permission.APPROVALS_ANSWER
ROOM = Room(
    name="approvals",
    routers=[router],
    handed=[WAITING],
    doors={"approval_request": ("approvals:detail", "approval_id", _ANSWER)},
    menu=[MenuEntry(_l("Approvals"), "approvals:list", "stamp", _ANSWER, 85, True)],
    tiles=[Tile(_l("Approvals waiting for you"), "approvals:list", _ANSWER, 4, WAITING_COUNT)],
)
