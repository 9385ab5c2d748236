from crm.accounts.permissions import Permission
from crm.core.contributions import Room, Section
from crm.tasks.queries import agenda_of, tasks_about
from crm.tasks.routes import router

ROOM = Room(
    name="tasks",
    routers=[router],
    today=[Section("tasks/today", Permission.TASKS_EDIT, 10, agenda_of)],
    record=[Section("tasks/next", Permission.TASKS_EDIT, 10, tasks_about)],
)
