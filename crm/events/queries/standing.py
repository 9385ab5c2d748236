"""What speaks against inviting somebody, as far as the office may know it."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select, union
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.core.choices import Choice
from crm.core.columns import now
from crm.core.i18n import lazy_gettext as _l
from crm.core.mail import LetterState, OutboxLetter
from crm.events.models import Event, Guest, GuestLetter, LetterKind, Objection
from crm.people.models import ContactKind, ContactPoint, ContactState, Person
from crm.people.queries.known import chunks

RECENT = timedelta(days=92)
SAME_WEEK = timedelta(days=7)


class Against(Choice):
    LISTED = "listed", _l("on the list already")
    OBJECTED = "objected", _l("wants no further invitations from your office")
    DO_NOT_USE = "do_not_use", _l("asked not to be contacted")
    RECENT = "recent", _l("invited by your office in the last three months")
    ALIKE = "alike", _l("perhaps on the list already, without a record")

    @property
    def forbids(self) -> bool:
        return self not in (Against.RECENT, Against.ALIKE)


def standing_of(session: Session, actor: Actor, event: Event, ids: Collection[UUID]) -> dict[UUID, Against]:
    """Only those against whom something speaks; the gravest reason."""
    found: dict[UUID, Against] = {}
    for part in chunks(ids):
        for reason, people in (
            (Against.RECENT, _recent(session, actor, event, part)),
            (Against.ALIKE, _alike(session, actor, event, part)),
            (Against.DO_NOT_USE, _not_to_be_used(session, actor, part)),
            (Against.OBJECTED, objecting(session, actor.office_id, part)),
            (Against.LISTED, _listed(session, event, part)),
        ):
            found.update(dict.fromkeys(people, reason))
    return found


def objecting(session: Session, office_id: UUID, ids: Collection[UUID]) -> set[UUID]:
    """By record, or by an address of theirs."""
    mine = select(col(Objection.person_id)).where(col(Objection.office_id) == office_id)
    theirs = _addresses(office_id, ids).join(Objection, col(Objection.email) == col(ContactPoint.value))
    theirs = theirs.where(col(Objection.office_id) == office_id)
    return {
        *session.execute(mine.where(col(Objection.person_id).in_(ids))).scalars(),
        *session.execute(theirs.with_only_columns(col(ContactPoint.person_id))).scalars(),
    }


def _addresses(office_id: UUID, ids: Collection[UUID]) -> Any:
    """Person and address, of those that the office has."""
    return select(col(ContactPoint.person_id), col(ContactPoint.value)).where(
        col(ContactPoint.office_id) == office_id,
        col(ContactPoint.kind) == ContactKind.EMAIL,
        col(ContactPoint.person_id).in_(ids),
    )


def barred_addresses(session: Session, office_id: UUID, addresses: Collection[str]) -> dict[str, Against]:
    """To which of these the office must not write, whoever they belong to."""
    wanted = [address.lower() for address in addresses]
    closed = select(col(ContactPoint.value)).where(
        col(ContactPoint.office_id) == office_id,
        col(ContactPoint.kind) == ContactKind.EMAIL,
        col(ContactPoint.state) == ContactState.DO_NOT_USE,
        col(ContactPoint.value).in_(wanted),
    )
    asked = select(col(Objection.email)).where(
        col(Objection.office_id) == office_id, col(Objection.email).in_(wanted)
    )  # fmt: skip
    found = dict.fromkeys(session.execute(closed).scalars(), Against.DO_NOT_USE)
    return {**found, **dict.fromkeys(session.execute(asked).scalars(), Against.OBJECTED)}


def _alike(session: Session, actor: Actor, event: Event, ids: Collection[UUID]) -> set[UUID]:
    """Somebody is on the list without a record who has their address, or the same name."""
    here = select(Guest).where(col(Guest.event_id) == event.id, col(Guest.person_id).is_(None)).subquery()
    by_name = select(col(Person.id)).join(here, here.c.sort_key == col(Person.sort_key)).where(col(Person.id).in_(ids))
    by_address = _addresses(actor.office_id, ids).join(here, func.lower(here.c.email) == col(ContactPoint.value))
    return {*session.execute(by_name).scalars(), *session.execute(by_address).scalars()}


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
    """Every address that the office has of them is not to be used, in their record or in another."""
    rows = session.execute(_addresses(actor.office_id, ids)).all()
    barred = barred_addresses(session, actor.office_id, {row.value for row in rows})
    some = {row.person_id for row in rows if row.value in barred}
    return some - {row.person_id for row in rows if row.value not in barred}


def written_to_by_others(session: Session, event: Event, around: datetime) -> int:
    """How many of those still to be invited are invited by another office within a week before or after ``around``.

    By record or by address, also when that letter has yet to leave: a number, and no names.
    """
    theirs = _invited_by_others(event, around - SAME_WEEK, around + SAME_WEEK)
    people = theirs.with_only_columns(col(_OTHERS.person_id)).where(col(_OTHERS.person_id).is_not(None))
    addresses = union(*(theirs.with_only_columns(func.lower(each)) for each in _THEIR_ADDRESSES))
    here = select(func.count()).select_from(Guest).where(col(Guest.event_id) == event.id)
    same = or_(col(Guest.person_id).in_(people), func.lower(col(Guest.email)).in_(select(addresses.subquery().c[0])))
    return int(session.execute(here.where(col(Guest.invited_at).is_(None), same)).scalar_one())


_OTHERS, _THEIR_EVENT = aliased(Guest), aliased(Event)
_THEIR_ADDRESSES = (col(_OTHERS.email), col(_OTHERS.assistant))


def _invited_by_others(event: Event, first: datetime, last: datetime) -> Any:
    """Guests of events that have not been yet; nobody invites to others."""
    letter = select(col(GuestLetter.id)).join(OutboxLetter, col(OutboxLetter.id) == col(GuestLetter.letter_id))
    letter = letter.where(
        col(GuestLetter.guest_id) == col(_OTHERS.id),
        col(GuestLetter.kind) == LetterKind.INVITE.value,
        col(OutboxLetter.state).in_([LetterState.QUEUED, LetterState.SENDING, LetterState.SENT]),
        col(OutboxLetter.due_at).between(first, last),
    )
    theirs = select(col(_OTHERS.id)).join(_THEIR_EVENT, col(_THEIR_EVENT.id) == col(_OTHERS.event_id))
    return theirs.where(
        col(_THEIR_EVENT.office_id) != event.office_id,
        col(_THEIR_EVENT.starts_at) > first,
        col(_OTHERS.invited_at).is_not(None),
        or_(col(_OTHERS.invited_at).between(first, last), letter.exists()),
    )
