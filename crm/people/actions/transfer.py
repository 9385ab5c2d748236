"""A record goes from one office to another: offered for a reason, accepted or declined, the person told."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.journal import record
from crm.accounts.models import Office
from crm.accounts.queries import offices_beside
from crm.core.columns import now
from crm.core.errors import Forbidden, Missing, Refused, WrongField
from crm.core.i18n import lazy_gettext as _l
from crm.core.mail import post
from crm.people.keys import refresh_search_keys
from crm.people.letters import moved
from crm.people.models import (
    Affiliation,
    Basis,
    ContactKind,
    ContactPoint,
    ContactState,
    Holding,
    Person,
    PersonName,
    Relation,
    Transfer,
)
from crm.people.queries.visible import holding_of
from crm.people.sharing import OfferForm


def offer(session: Session, actor: Actor, person: Person, checks: Sequence[Any], data: OfferForm) -> Transfer:
    """Refused where a room above has something to settle first.

    Forbidden unless the actor's office holds the person; the other office learns the name, no more.
    """
    if holding_of(session, actor, person.id) is None:
        raise Forbidden(_l("Your office does not hold this record, so it cannot hand it over."))
    if str(data.office) not in dict(offices_beside(session, actor)):
        raise WrongField("office", _l("Please choose one of the offices."))
    session.refresh(person, with_for_update=True)
    for check in checks:
        check(session, person.id, actor.office_id)
    mine = select(Transfer).where(
        col(Transfer.person_id) == person.id, col(Transfer.from_office_id) == actor.office_id, *_open()
    )
    if session.execute(mine).first():
        raise WrongField("office", _l("This record is offered to an office already. Take that back first."))
    transfer = Transfer(
        person_id=person.id, from_office_id=actor.office_id, to_office_id=data.office, reason=data.reason,
        offered_by=actor.user_id,
    )  # fmt: skip
    session.add(transfer)
    session.flush()
    record(session, actor, "offered", person, {"office": data.office, "reason": data.reason})
    return transfer


def answer(session: Session, actor: Actor, transfer_id: UUID, rules: Sequence[Any], *, accepted: bool) -> Transfer:
    """By the other office. ``rules`` of the rooms above move, or refuse to move, what is theirs."""
    transfer = session.get(Transfer, transfer_id, with_for_update=True)
    if transfer is None or transfer.to_office_id != actor.office_id:
        raise Missing()
    if transfer.answered_on or transfer.withdrawn_on:
        raise Refused(_l("This has been answered or taken back already."))
    transfer.answered_on, transfer.answered_by, transfer.accepted = actor.today, actor.user_id, accepted
    session.flush()
    person = session.get_one(Person, transfer.person_id)
    if accepted:
        for rule in rules:
            rule(session, person.id, transfer.from_office_id, transfer.to_office_id)
        _move(session, actor, person, transfer)
    record(session, actor, "accepted" if accepted else "declined", person, {"office": transfer.from_office_id})
    return transfer


def take_back(session: Session, actor: Actor, transfer_id: UUID) -> None:
    transfer = session.get(Transfer, transfer_id, with_for_update=True)
    if transfer is None or transfer.from_office_id != actor.office_id:
        raise Missing()
    if transfer.answered_on or transfer.withdrawn_on:
        raise Refused(_l("This has been answered or taken back already."))
    transfer.withdrawn_on = actor.today
    session.flush()


def _open() -> tuple[Any, ...]:
    return col(Transfer.answered_on).is_(None), col(Transfer.withdrawn_on).is_(None)


def _move(session: Session, actor: Actor, person: Person, transfer: Transfer) -> None:
    giver, taker = transfer.from_office_id, transfer.to_office_id
    given = select(Holding).where(
        col(Holding.person_id) == person.id, col(Holding.office_id) == giver, col(Holding.until).is_(None)
    )
    held = session.execute(given).scalars().one_or_none()
    if held is None:
        raise Refused(_l("The other office does not hold this record any more."))
    today = now().date()
    held.until = max(today, held.since)
    _tell(session, person, giver, taker)
    if holding_of(session, actor, person.id) is None:
        session.add(Holding(person_id=person.id, office_id=taker, basis=Basis(held.basis), since=today, note=held.note))
    held.note = None
    session.flush()
    _take_addresses(session, person.id, giver, taker)
    for model in (Affiliation, PersonName):
        mine = (col(model.person_id) == person.id) & (col(model.office_id) == giver)
        session.execute(update(model).where(mine).values(office_id=taker))
    _take_relations(session, person.id, giver, taker)
    session.expire_all()
    refresh_search_keys(session, [person.id])


def _take_addresses(session: Session, person_id: UUID, giver: UUID, taker: UUID) -> None:
    """Those that the other office has already stay as it has them."""
    points = select(ContactPoint).where(col(ContactPoint.person_id) == person_id)
    rows = session.execute(points).scalars().all()
    known = {(point.kind, point.value) for point in rows if point.office_id == taker}
    for point in rows:
        if point.office_id == giver:
            if (point.kind, point.value) in known:
                session.delete(point)
            else:
                point.office_id = taker
    session.flush()


def _take_relations(session: Session, person_id: UUID, giver: UUID, taker: UUID) -> None:
    either = (col(Relation.first_id) == person_id) | (col(Relation.second_id) == person_id)
    rows = session.execute(select(Relation).where(either)).scalars().all()
    known = {(row.kind, row.first_id, row.second_id) for row in rows if row.office_id == taker}
    for row in rows:
        if row.office_id == giver and (row.kind, row.first_id, row.second_id) not in known:
            row.office_id = taker
    session.flush()


def _tell(session: Session, person: Person, giver: UUID, taker: UUID) -> None:
    reached = select(col(ContactPoint.value)).where(
        col(ContactPoint.person_id) == person.id,
        col(ContactPoint.office_id) == giver,
        col(ContactPoint.kind) == ContactKind.EMAIL,
        col(ContactPoint.state) == ContactState.OK,
    )
    email = session.execute(reached.order_by(col(ContactPoint.id))).scalars().first()
    if email:
        letter = moved(person, email, session.get_one(Office, giver), session.get_one(Office, taker))
        post(session, letter, office_id=taker, person_id=person.id)
