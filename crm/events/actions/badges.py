"""A badge is corrected at the desk: for this evening, and for more only where somebody says so."""

from sqlalchemy import select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.journal import record
from crm.core.errors import Missing
from crm.core.i18n import lazy_gettext as _l
from crm.events.actions.guests import order_of
from crm.events.arriving import BadgeForm
from crm.events.models import Companion, Event, Guest
from crm.events.queries.spellings import as_before, words_of
from crm.tasks.actions import add_task
from crm.tasks.forms import TaskForm


def correct_badge(session: Session, actor: Actor, event: Event, guest: Guest, data: BadgeForm) -> None:
    """``place``: 0 for the guest, else the number of the companion. No record of a person is touched."""
    session.refresh(guest, with_for_update=True)
    if data.place:
        _companion(session, guest, data.place).name = data.name
    elif data.listed and not guest.substitute:
        _correct_guest(guest, data)
    else:
        said = data.model_dump(include={"name", "second", "institution"})
        guest.badge = {}
        guest.badge = {name: words for name, words in said.items() if words != guest.on_badge[name]}
    spellings = words_of(guest.name, guest.kana, guest.latin, data.name, guest.institution, guest.partner)
    guest.words = as_before(spellings, guest.words)
    if data.remind and guest.person_id:
        title = str(_l("Check the name and affiliation in the record: %(name)s, %(place)s", name=data.name,
                       place=data.institution))  # fmt: skip
        about = TaskForm(title=title[:300], due=actor.today, assignee=actor.user_id, person=guest.person_id)
        add_task(session, actor, about)
    session.flush()
    record(session, actor, "changed", event, {"guests": [guest.id]})


def _companion(session: Session, guest: Guest, place: int) -> Companion:
    mine = select(Companion).where(col(Companion.guest_id) == guest.id, col(Companion.place) == place)
    found: Companion | None = session.execute(mine).scalars().first()
    if found is None:
        raise Missing()
    return found


def _correct_guest(guest: Guest, data: BadgeForm) -> None:
    guest.badge = {}
    guest.name, guest.institution = data.name, data.institution
    guest.latin = data.second or None
    guest.sort_key = order_of(guest.name, guest.kana)
