"""What a successor must know before the first letter: whom not to write to."""

from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.reader import seen_by
from crm.core.contributions import Handed, Reading
from crm.core.i18n import lazy_gettext as _l
from crm.people.models import ContactPoint, ContactState, Person
from crm.people.queries.visible import sees

_MOST = 200


def not_to_be_written_to(session: Session, actor: Actor, _user_id: UUID) -> list[Reading]:
    """Of the whole office: it matters to whoever follows."""
    rows = (
        select(Person, ContactPoint)
        .join(ContactPoint, col(ContactPoint.person_id) == col(Person.id))
        .where(
            col(ContactPoint.office_id) == actor.office_id,
            col(ContactPoint.state).in_([ContactState.DO_NOT_USE, ContactState.UNSUBSCRIBED]),
            sees(col(Person.id)),
        )
        .order_by(col(Person.sort_key), col(ContactPoint.id))
        .limit(_MOST)
    )
    return [
        Reading(person.kanji or person.full_name, f"/people/{person.id}", f"{point.value} · {point.state.label}")
        for person, point in session.execute(rows, seen_by(actor))
    ]


SILENCE = Handed(_l("Not to be written to"), 20, not_to_be_written_to)
