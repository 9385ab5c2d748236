"""What speaks against inviting somebody, as far as the office may know it."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.core.choices import Choice
from crm.core.columns import now
from crm.core.i18n import lazy_gettext as _l
from crm.events.models import Event, Guest, Objection
from crm.people.models import ContactKind, ContactPoint, ContactState
from crm.people.queries.known import chunks

RECENT = timedelta(days=92)
SAME_WEEK = timedelta(days=7)


class Against(Choice):
    LISTED = "listed", _l("on the list already")
    OBJECTED = "objected", _l("wants no further invitations from your office")
    DO_NOT_USE = "do_not_use", _l("asked not to be contacted")
    RECENT = "recent", _l("invited by your office in the last three months")

    @property
    def forbids(self) -> bool:
        return self is not Against.RECENT


def standing_of(session: Session, actor: Actor, event: Event, ids: Collection[UUID]) -> dict[UUID, Against]:
    """Only those against whom something speaks; the gravest reason."""
    found: dict[UUID, Against] = {}
    for part in chunks(ids):
        for reason, people in (
            (Against.RECENT, _recent(session, actor, event, part)),
            (Against.DO_NOT_USE, _not_to_be_used(session, actor, part)),
            (Against.OBJECTED, objecting(session, actor.office_id, part)),
            (Against.LISTED, _listed(session, event, part)),
        ):
            found.update(dict.fromkeys(people, reason))
    return found


def objecting(session: Session, office_id: UUID, ids: Collection[UUID]) -> set[UUID]:
    mine = select(col(Objection.person_id)).where(col(Objection.office_id) == office_id)
    return set(session.execute(mine.where(col(Objection.person_id).in_(ids))).scalars())


def _listed(session: Session, event: Event, ids: Collection[UUID]) -> set[UUID]:
    mine = select(col(Guest.person_id)).where(col(Guest.event_id) == event.id, col(Guest.person_id).in_(ids))
    return set(session.execute(mine).scalars())


def _recent(session: Session, actor: Actor, event: Event, ids: Collection[UUID]) -> set[UUID]:
    mine = select(col(Guest.person_id)).join(Event, col(Event.id) == col(Guest.event_id))
    lately = mine.where(
        col(Event.office_id) == actor.office_id,
        col(Event.id) != event.id,
        col(Guest.person_id).in_(ids),
        col(Guest.invited_at) > now() - RECENT,
    )
    return set(session.execute(lately).scalars())


def _not_to_be_used(session: Session, actor: Actor, ids: Collection[UUID]) -> set[UUID]:
    """Every address that the office has of them is not to be used."""
    points = select(col(ContactPoint.person_id)).where(
        col(ContactPoint.office_id) == actor.office_id,
        col(ContactPoint.kind) == ContactKind.EMAIL,
        col(ContactPoint.person_id).in_(ids),
    )
    closed = col(ContactPoint.state) == ContactState.DO_NOT_USE
    some, usable = (set(session.execute(points.where(each)).scalars()) for each in (closed, ~closed))
    return some - usable


def written_to_by_others(session: Session, event: Event) -> int:
    """How many of those still to be invited are invited by another office this week: a number, and no names."""
    here = select(col(Guest.person_id)).where(
        col(Guest.event_id) == event.id, col(Guest.invited_at).is_(None), col(Guest.person_id).is_not(None)
    )
    others = select(func.count(col(Guest.person_id).distinct())).join(Event, col(Event.id) == col(Guest.event_id))
    week = others.where(
        col(Event.office_id) != event.office_id,
        col(Guest.person_id).in_(here),
        col(Guest.invited_at) > now() - SAME_WEEK,
    )
    return int(session.execute(week).scalar_one())
