"""What is to be done before and after an event, counted from its day: a template for follow-ups."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session

from crm.accounts.access import Actor
from crm.core.i18n import Lazy
from crm.core.i18n import lazy_gettext as _l
from crm.events.forms import TasksForm
from crm.events.models import Event
from crm.tasks.actions import add_task
from crm.tasks.forms import TaskForm

_STEPS: list[tuple[int, Lazy]] = [
    (-56, _l("Draft the plan and book the venue")),
    (-42, _l("Draw up the guest list with the co-hosts")),
    (-35, _l("Send the invitations")),
    (-14, _l("Remind those who are silent")),
    (-7, _l("Tell the kitchen the numbers, diets and access needs")),
    (-5, _l("Seating, order of precedence, name cards")),
    (-2, _l("Brief the reception desk and the escorts of the guests of honour")),
    (2, _l("Send the thanks")),
    (7, _l("Write the event report")),
    (14, _l("Follow up what was promised")),
]


@dataclass(frozen=True)
class Step:
    number: int
    title: str
    due: date
    is_past: bool


def preparations(event: Event, today: date) -> list[Step]:
    day = event.starts_here.date()
    steps = ((number, str(title), day + timedelta(days=away)) for number, (away, title) in enumerate(_STEPS))
    return [Step(number, title, due, due < today) for number, title, due in steps]


def add_preparations(session: Session, actor: Actor, event: Event, data: TasksForm) -> int:
    wanted = [step for step in preparations(event, actor.today) if step.number in data.wanted]
    for step in wanted:
        said = _l("%(event)s: %(step)s", event=event.name, step=step.title)
        add_task(session, actor, TaskForm(title=str(said)[:300], due=step.due, assignee=actor.user_id))
    return len(wanted)
