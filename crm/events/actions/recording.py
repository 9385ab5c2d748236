"""From a name on a guest list to a record: whoever is there already is linked, whoever is new is written down."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.journal import record
from crm.accounts.permissions import Permission
from crm.core.errors import Refused
from crm.core.i18n import GUEST_LANGUAGES
from crm.core.i18n import lazy_gettext as _l
from crm.events.forms import RecordForm
from crm.events.models import Event, Guest
from crm.people.actions.add import add_person
from crm.people.forms import PersonForm
from crm.people.queries.alike import Alike, people_alike
from crm.people.queries.visible import visible_person


def person_form(guest: Guest) -> PersonForm:
    """Everything that the list knows of them."""
    language = guest.language if guest.language in GUEST_LANGUAGES else None
    latin = guest.latin if guest.latin != guest.name else None
    return PersonForm(
        full_name=guest.name, kana=guest.kana, latin=latin, title=guest.title, institution=guest.institution or None,
        email=guest.email, preferred_language=language, country=guest.country,
    )  # fmt: skip


def likely_records(session: Session, actor: Actor, guest: Guest) -> Sequence[Alike]:
    """Of the office's own, for a guest without a record."""
    if guest.person_id or not actor.may(Permission.PEOPLE_EDIT):
        return []
    return people_alike(session, actor, person_form(guest).entry())


def give_record(session: Session, actor: Actor, event: Event, guest: Guest, data: RecordForm) -> None:
    """The one that was chosen, else a new one; from then on what they answered and where they were is in its story."""
    session.refresh(guest, with_for_update=True)
    if guest.person_id:
        raise Refused(_l("This guest has a record already."))
    if data.person:
        person = visible_person(session, actor, data.person)
        listed = select(col(Guest.id)).where(col(Guest.event_id) == event.id, col(Guest.person_id) == person.id)
        if session.execute(listed).first():
            raise Refused(_l("This person stands on the guest list already. Please remove one of the two."))
    else:
        person = add_person(session, actor, person_form(guest))
    guest.person_id = person.id
    session.flush()
    record(session, actor, "changed", event, {"guests": [guest.id]})
