from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.journal import change, record
from crm.accounts.models import Office
from crm.accounts.permissions import Permission
from crm.accounts.queries import colleagues
from crm.accounts.reader import seen_by
from crm.core.columns import now
from crm.core.errors import Forbidden, Refused, WrongField
from crm.core.i18n import lazy_gettext as _l
from crm.interactions.filing import file_mail
from crm.interactions.forms import InteractionForm
from crm.interactions.models import Attendance, Audience, Interaction, InteractionReader, Participant, words_of
from crm.people.actions import add_people
from crm.people.forms import PersonForm
from crm.people.models import Basis
from crm.people.queries.visible import sees, visible_person
from crm.tasks.actions import add_task
from crm.tasks.forms import TaskForm


def log_interaction(session: Session, actor: Actor, data: InteractionForm) -> Interaction:
    """Asked again with the same ``key``, the contact that is stored already: a bad line makes nothing twice."""
    if data.key and (stored := _stored(session, actor, data.key)):
        return stored
    values = _values(actor, data)
    people = _people(session, actor, data)
    logged = Interaction(office_id=actor.office_id, author_id=actor.user_id, key=data.key, **values)
    session.add(logged)
    session.flush()
    _set_beside(session, actor, logged, data, people)
    if data.follow_up:
        logged.task_id = _follow_up(session, actor, data, people)
    if data.mail:
        file_mail(session, actor, logged, data.mail)
    record(session, actor, "added", logged, {"kind": logged.kind, "day": logged.day, "people": people})
    return logged


def change_interaction(session: Session, actor: Actor, logged: Interaction, data: InteractionForm) -> Interaction:
    """Refused when somebody else has saved it since the editor opened it; Forbidden for that of another office."""
    _own(actor, logged)
    session.refresh(logged, with_for_update=True)
    if data.version != logged.version:
        raise Refused(_l("Somebody else changed this contact while you were editing it. Your text is kept below."))
    changes = change(logged, _values(actor, data, logged))
    people = [*_people(session, actor, data), *_unseen(session, actor, logged)]
    changes |= _set_beside(session, actor, logged, data, people)
    if data.follow_up:
        logged.task_id = _follow_up(session, actor, data, people)
    changes = {name: pair for name, pair in changes.items() if name not in ("at", "words")}
    if changes:
        record(session, actor, "changed", logged, changes)
    return logged


def remove_interaction(session: Session, actor: Actor, logged: Interaction) -> None:
    """What was promised on it stays."""
    _own(actor, logged)
    record(session, actor, "removed", logged)
    session.delete(logged)
    session.flush()


def _own(actor: Actor, logged: Interaction) -> None:
    if logged.office_id != actor.office_id:
        raise Forbidden(_l("Only the office that had this contact can change it."))


def _stored(session: Session, actor: Actor, key: UUID) -> Interaction | None:
    same = select(Interaction).where(col(Interaction.key) == key, col(Interaction.office_id) == actor.office_id)
    found: Interaction | None = session.execute(same).scalars().first()
    return found


def _values(actor: Actor, data: InteractionForm, logged: Interaction | None = None) -> dict[str, Any]:
    if data.day > actor.today:
        raise WrongField("day", _l("This day is still to come. For a plan, note a follow-up instead."))
    if data.careful and not actor.may(Permission.INTERACTIONS_CAREFUL):
        raise WrongField("careful", _l("Your role does not allow this."))
    if data.careful and data.audience is not Audience.OFFICE:
        raise WrongField("audience", _l("What is to be handled with care stays in your office."))
    if data.audience is Audience.OFFICES and not data.offices:
        raise WrongField("offices", _l("Please choose the offices."))
    at = logged.at if logged and logged.day == data.day else _moment(actor, data.day)
    values = data.model_dump(include={"kind", "day", "place", "text", "audience", "careful"})
    return {**values, "at": at, "words": words_of(data.text, data.place)}


def _moment(actor: Actor, day: date) -> datetime:
    """Now, for today; noon where the office is, for another day."""
    return now() if day == actor.today else datetime.combine(day, time(12), ZoneInfo(actor.zone))


def _people(session: Session, actor: Actor, data: InteractionForm) -> list[UUID]:
    """Those chosen, and those who are new: their records are made here."""
    for person_id in data.people:
        visible_person(session, actor, person_id)
    if data.new_people and not actor.may(Permission.PEOPLE_EDIT):
        raise WrongField("who", _l("Your role does not add people. Please ask a colleague who does."))
    entries = [PersonForm(full_name=name).entry() for name in dict.fromkeys(data.new_people)]
    made = add_people(session, actor, entries, Basis.OWN_CONTACT) if entries else []
    people = list(dict.fromkeys([*data.people, *made]))
    if not people:
        raise WrongField("who", _l("Please choose whom the contact was with."))
    return people


def _unseen(session: Session, actor: Actor, logged: Interaction) -> list[UUID]:
    """Those who were there and whom the editor does not see (any more): they stay."""
    others = select(col(Participant.person_id)).where(
        col(Participant.interaction_id) == logged.id, ~sees(col(Participant.person_id))
    )
    return list(session.execute(others, seen_by(actor)).scalars())


def _set_beside(
    session: Session, actor: Actor, logged: Interaction, data: InteractionForm, people: list[UUID]
) -> dict[str, Any]:
    ours = dict(colleagues(session, actor))
    staff = [user for user in data.staff if str(user) in ours]
    offices = data.offices if data.audience is Audience.OFFICES else []
    known = set(session.execute(select(col(Office.id)).where(col(Office.id).in_(offices))).scalars())
    changes = {
        "people": _replace(session, logged, Participant, "person_id", people),
        "staff": _replace(session, logged, Attendance, "user_id", staff),
        "offices": _replace(session, logged, InteractionReader, "office_id", [id for id in offices if id in known]),
    }
    return {name: change for name, change in changes.items() if change}


def _replace(session: Session, logged: Interaction, model: Any, key: str, wanted: Iterable[UUID]) -> list[Any] | None:
    """Returns [before, after] where they differ."""
    column, of_this = getattr(model, key), model.interaction_id == logged.id
    before = list(session.execute(select(column).where(of_this).order_by(model.id)).scalars())
    after = list(dict.fromkeys(wanted))
    if sorted(before) == sorted(after):
        return None
    session.execute(delete(model).where(of_this, column.not_in(after)))
    session.add_all([model(interaction_id=logged.id, **{key: id}) for id in after if id not in before])
    session.flush()
    return [before, after]


def _follow_up(session: Session, actor: Actor, data: InteractionForm, people: list[UUID]) -> UUID:
    if data.due is None:
        raise WrongField("due", _l("By when? Please give the day of the follow-up."))
    about = people[0] if people else None
    task = add_task(session, actor, TaskForm(title=data.follow_up, due=data.due, assignee=data.assignee, person=about))
    return task.id
