from crm.tasks.routes.calendar import router as calendar
from crm.tasks.routes.lists import router as lists
from crm.tasks.routes.many import router as many
from crm.tasks.routes.rotation import router as rotation

# Fixed paths come before /tasks/{task_id}.
ROUTERS = [calendar, rotation, many, lists]
