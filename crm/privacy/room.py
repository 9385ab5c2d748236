from datetime import timedelta

from crm.accounts.permissions import Permission
from crm.core.contributions import JobHandler, MenuEntry, RecordPanel, Room, Schedule, Tile
from crm.core.i18n import lazy_gettext as _l
from crm.privacy.actions.asking import SEND_LINKS, send_links
from crm.privacy.actions.retention import PROPOSE
from crm.privacy.queries.joining import consents_joined, stricter
from crm.privacy.queries.requests import OPEN_COUNT, asking_or_consenting
from crm.privacy.queries.retention import WAITING_COUNT
from crm.privacy.routes import desk, own, retention

ROOM = Room(
    name="privacy",
    merge_rules=[stricter],
    joined=[consents_joined],
    in_use=[asking_or_consenting],
    routers=[desk.router, retention.router, own.router],
    doors={"rights_request": ("privacy:request", "request_id", Permission.PRIVACY_DECIDE)},
    menu=[
        MenuEntry(
            _l("Requests about personal data"), "privacy:requests", "shield-check", Permission.PRIVACY_DECIDE, 85, True
        )
    ],
    panels=[RecordPanel(_l("Personal data"), "privacy:panel", Permission.PRIVACY_DECIDE, 90)],
    jobs=[JobHandler(SEND_LINKS, send_links)],
    schedules=[Schedule(PROPOSE, timedelta(days=1))],
    tiles=[
        Tile(_l("Proposed for deletion"), "privacy:retention", Permission.PRIVACY_DECIDE, 60, WAITING_COUNT),
        Tile(_l("Requests about personal data"), "privacy:requests", Permission.PRIVACY_DECIDE, 20, OPEN_COUNT),
    ],
)
