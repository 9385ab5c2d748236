"""Showing a person, or a facet, to another office, for a reason and a time, and taking that back."""

from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.journal import record
from crm.accounts.queries import offices_beside
from crm.accounts.reader import seen_by
from crm.core.columns import now
from crm.core.errors import Forbidden, Missing, WrongField
from crm.core.i18n import lazy_gettext as _l
from crm.people.keys import refresh_search_keys
from crm.people.models import Person, Share
from crm.people.queries.visible import IN_FORCE, holding_of
from crm.people.sharing import ShareForm


def share_person(session: Session, actor: Actor, person: Person, data: ShareForm) -> Share:
    """Forbidden unless the actor's office holds the person: what was only shown to it is not its own to show."""
    if holding_of(session, actor, person.id) is None:
        raise Forbidden(_l("Your office does not hold this record, so it cannot share it."))
    if str(data.office) not in dict(offices_beside(session, actor)):
        raise WrongField("office", _l("Please choose one of the offices."))
    if data.until < actor.today:
        raise WrongField("until", _l("This day has passed already."))
    # Locked, so that two colleagues do not share the same twice.
    session.refresh(person, with_for_update=True)
    same = select(Share).where(
        col(Share.person_id) == person.id,
        col(Share.from_office_id) == actor.office_id,
        col(Share.to_office_id) == data.office,
        col(Share.facet) == data.facet,
        IN_FORCE,
    )
    if session.execute(same, seen_by(actor)).first():
        raise WrongField("office", _l("You share this with this office already."))
    share = Share(
        person_id=person.id,
        from_office_id=actor.office_id,
        to_office_id=data.office,
        facet=data.facet,
        reason=data.reason,
        since=now().date(),
        until=data.until,
        given_by=actor.user_id,
    )
    session.add(share)
    refresh_search_keys(session, [person.id])
    said = {"office": data.office, "facet": data.facet, "reason": data.reason, "until": data.until}
    record(session, actor, "shared", person, said)
    return share


def withdraw_share(session: Session, actor: Actor, share_id: UUID) -> Share:
    """Missing for a share that the actor's office did not give. Withdrawn twice is withdrawn once."""
    share = session.get(Share, share_id, with_for_update=True)
    if share is None or share.from_office_id != actor.office_id:
        raise Missing()
    if share.withdrawn_at is None:
        share.withdrawn_at = now()
        refresh_search_keys(session, [share.person_id])
        person = session.get_one(Person, share.person_id)
        record(session, actor, "share_withdrawn", person, {"office": share.to_office_id, "facet": share.facet})
    return share
