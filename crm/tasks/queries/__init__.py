from crm.tasks.queries.lists import (
    Line,
    agenda_of,
    deadlines,
    list_tasks,
    promised_since,
    task_and_person,
    task_of,
    tasks_about,
)

__all__ = [
    "Line",
    "agenda_of",
    "deadlines",
    "list_tasks",
    "promised_since",
    "task_and_person",
    "task_of",
    "tasks_about",
]
