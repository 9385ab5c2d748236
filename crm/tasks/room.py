from datetime import timedelta

from crm.accounts.permissions import Permission
from crm.accounts.reader import seen_by
from crm.core.contributions import (
    CalendarSource,
    Handed,
    JobHandler,
    MenuEntry,
    Room,
    Schedule,
    Section,
    StorySource,
    Tile,
)
from crm.core.i18n import lazy_gettext as _l
from crm.tasks.actions.moving import take_promises
from crm.tasks.actions.rotation import move_promises
from crm.tasks.api import router as api
from crm.tasks.queries import agenda_of, deadlines, promised_since, tasks_about
from crm.tasks.queries.rotation import UNREAD_COUNT, open_promises
from crm.tasks.routes import ROUTERS
from crm.tasks.story import ROWS, load
from crm.tasks.summaries import SUMMARIES, run_summaries

ROOM = Room(
    name="tasks",
    transfer_rules=[take_promises],
    api=[api],
    handed=[Handed(_l("Open follow-ups"), 10, open_promises, move_promises)],
    tiles=[Tile(_l("Reading lists for you"), "tasks:rotation", Permission.TASKS_EDIT, 5, UNREAD_COUNT)],
    in_use=[promised_since],
    routers=ROUTERS,
    many=[MenuEntry(_l("Give follow-ups"), "tasks:many", "list-checks", Permission.TASKS_EDIT, 30)],
    doors={"task": ("tasks:edit", "task_id", Permission.TASKS_EDIT)},
    jobs=[JobHandler(SUMMARIES, run_summaries)],
    schedules=[Schedule(SUMMARIES, timedelta(minutes=20))],
    calendar=[CalendarSource(Permission.TASKS_EDIT, deadlines)],
    today=[Section("tasks/today", Permission.TASKS_EDIT, 10, agenda_of)],
    record=[Section("tasks/next", Permission.TASKS_EDIT, 10, tasks_about)],
    story=[StorySource("task", _l("Follow-ups"), Permission.TASKS_EDIT, ROWS, seen_by, load, "tasks/timeline/done")],
)
