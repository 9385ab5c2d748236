from sqlmodel import Session

from crm.accounts.access import Actor
from crm.core.errors import WrongField
from crm.core.i18n import lazy_gettext as _l
from crm.people.actions.batch import add_people, identifiers_of, known_people
from crm.people.actions.change import set_terms
from crm.people.forms import PersonForm
from crm.people.keys import refresh_search_keys
from crm.people.models import BY_HAND, Person
from crm.people.queries.visible import is_visible


def add_person(session: Session, actor: Actor, data: PersonForm) -> Person:
    """One person by hand. WrongField where the reader's own records have the identifier already."""
    entry = data.entry()
    for (scheme, _value), person in known_people(session, identifiers_of(entry)).items():
        if is_visible(session, actor, person.id):
            raise WrongField(scheme, _l("%(name)s in your records has this number.", name=person.full_name))
    [added] = add_people(session, actor, [entry], data.basis)
    if set_terms(session, added, data, BY_HAND.said_by(actor.office_id)):
        refresh_search_keys(session, [added])
    return session.get_one(Person, added)
