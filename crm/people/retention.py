"""Leads that came to nothing: on a list once, and never anything more."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.models import JournalEntry
from crm.core.contributions import RetentionRule
from crm.core.i18n import lazy_gettext as _l
from crm.people.actions.erase import erase_person
from crm.people.models import Affiliation, Basis, Holding, Person
from crm.people.queries.visible import holding_of

_MOST = 500
"""Proposed at once: a person looks through them."""


def leads_without_reply(
    session: Session, office_id: UUID, before: date, in_use: Sequence[Callable[..., Any]]
) -> Sequence[UUID]:
    """People of lists, nominations and consents whom the office has held since before, and done nothing with since."""
    since = datetime.combine(before, time(), UTC)
    touched = select(col(JournalEntry.subject_id)).where(
        col(JournalEntry.office_id) == office_id,
        col(JournalEntry.subject_kind) == "person",
        col(JournalEntry.created_at) >= since,
        col(JournalEntry.subject_id).is_not(None),
    )
    leads = select(col(Holding.person_id)).where(
        col(Holding.office_id) == office_id,
        col(Holding.until).is_(None),
        col(Holding.since) < before,
        col(Holding.basis).in_([Basis.PUBLIC_LIST, Basis.NOMINATION, Basis.CONSENT]),
        *(col(Holding.person_id).not_in(used(office_id, before)) for used in [*in_use, lambda *_: touched]),
    )
    return session.execute(leads.order_by(col(Holding.since), col(Holding.person_id)).limit(_MOST)).scalars().all()


def names_of(session: Session, ids: Sequence[UUID]) -> dict[UUID, tuple[str, str]]:
    """Name and institution."""
    posts = select(col(Affiliation.person_id), col(Affiliation.institution)).where(col(Affiliation.person_id).in_(ids))
    places: dict[UUID, str] = dict(session.execute(posts).all())
    people = session.execute(select(Person).where(col(Person.id).in_(ids))).scalars()
    return {one.id: (one.kanji or one.full_name, places.get(one.id, "")) for one in people}


def erase_lead(session: Session, actor: Actor, person_id: UUID, rules: Any) -> None:
    if holding_of(session, actor, person_id):
        erase_person(session, actor, session.get_one(Person, person_id), rules.key, rules.erasure)


LEADS = RetentionRule(
    kind="lead",
    label=_l("Leads without a reply"),
    why=_l("On a list, proposed, or with a consent that has ended; no entry on the PI Map, and nothing since."),
    months=12,
    due=leads_without_reply,
    names=names_of,
    erase=erase_lead,
)
