from datetime import timedelta

from crm.accounts.actions.sealing import SEAL, run_seal
from crm.accounts.permissions import Permission
from crm.accounts.routes import ROUTERS
from crm.core.contributions import JobHandler, MenuEntry, Room, Schedule
from crm.core.i18n import lazy_gettext as _l

ROOM = Room(
    name="accounts",
    routers=ROUTERS,
    jobs=[JobHandler(SEAL, run_seal)],
    schedules=[Schedule(SEAL, timedelta(hours=6))],
    menu=[
        MenuEntry(_l("Accounts"), "accounts:list", "users", Permission.ACCOUNTS_MANAGE, 90),
        MenuEntry(_l("Journal"), "accounts:journal", "history", Permission.JOURNAL_VIEW, 95, aside=True),
    ],
)
