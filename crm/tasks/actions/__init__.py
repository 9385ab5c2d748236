from crm.tasks.actions.follow_ups import (
    add_task,
    change_task,
    complete_task,
    hand_over_task,
    put_off_task,
    reopen_task,
)

__all__ = ["add_task", "change_task", "complete_task", "hand_over_task", "put_off_task", "reopen_task"]
