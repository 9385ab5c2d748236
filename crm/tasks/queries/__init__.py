from crm.tasks.queries.lists import (
    Line,
    agenda_of,
    deadlines,
    is_untouched,
    list_tasks,
    promised_since,
    task_and_person,
    task_of,
    tasks_about,
    tasks_of_batch,
)

__all__ = [
    "Line",
    "agenda_of",
    "deadlines",
    "is_untouched",
    "list_tasks",
    "promised_since",
    "task_and_person",
    "task_of",
    "tasks_about",
    "tasks_of_batch",
]
