from datetime import timedelta

from crm.accounts.permissions import Permission
from crm.core.contributions import JobHandler, MenuEntry, RecordPanel, Room, Schedule, Section, Tile
from crm.core.i18n import lazy_gettext as _l
from crm.people.actions.export import EXPORT, FORGET, forget_exports, run_export
from crm.people.actions.scan import SCAN, SCAN_ALL, run_scan, scan_all
from crm.people.api import router as api
from crm.people.handing import SILENCE
from crm.people.queries.duplicates import DUPLICATES_COUNT
from crm.people.queries.joining import joined_by
from crm.people.queries.questions import QUESTIONS_COUNT, questions_about
from crm.people.queries.transfers import OFFERS_COUNT
from crm.people.retention import LEADS
from crm.people.routes import ROUTERS

ROOM = Room(
    name="people",
    api=[api],
    handed=[SILENCE],
    retention=[LEADS],
    routers=ROUTERS,
    doors={
        "person": ("people:detail", "person_id", Permission.PEOPLE_VIEW),
        "people_export": ("people:export_show", "export_id", Permission.PEOPLE_EDIT),
    },
    menu=[MenuEntry(_l("People"), "people:list", "users", Permission.PEOPLE_VIEW, 10)],
    many=[
        MenuEntry(_l("Export"), "people:export", "download", Permission.PEOPLE_EDIT, 10),
        MenuEntry(_l("Tag many"), "people:bulk", "tag", Permission.PEOPLE_EDIT, 20),
    ],
    joined=[joined_by],
    panels=[
        RecordPanel(_l("Tags"), "people:tags", Permission.PEOPLE_VIEW, 25),
        RecordPanel(_l("Relations"), "people:relations", Permission.PEOPLE_VIEW, 30),
        RecordPanel(_l("Where the facts are from"), "people:sources", Permission.PEOPLE_VIEW, 90),
    ],
    record=[Section("people/asked", Permission.PEOPLE_EDIT, 5, questions_about)],
    jobs=[
        JobHandler(SCAN, run_scan),
        JobHandler(SCAN_ALL, scan_all),
        JobHandler(EXPORT, run_export),
        JobHandler(FORGET, forget_exports),
    ],
    schedules=[Schedule(SCAN_ALL, timedelta(days=1)), Schedule(FORGET, timedelta(hours=12))],
    tiles=[
        Tile(_l("Records offered to you"), "people:shares", Permission.PEOPLE_EDIT, 10, OFFERS_COUNT),
        Tile(_l("Merges that ask your office"), "people:duplicates", Permission.PEOPLE_EDIT, 15, QUESTIONS_COUNT),
        Tile(_l("Likely duplicates"), "people:duplicates", Permission.PEOPLE_EDIT, 40, DUPLICATES_COUNT),
    ],
)
