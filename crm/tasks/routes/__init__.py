from crm.tasks.routes.calendar import router as calendar
from crm.tasks.routes.lists import router as lists

# Fixed paths come before /tasks/{task_id}.
ROUTERS = [calendar, lists]
