"""Introductions as the office that makes them sees them; another office's are its own."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, extract, func, literal, or_, select, union
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.reader import OFFICE, seen_by
from crm.core.columns import IDS
from crm.core.errors import Missing
from crm.introductions.models import Introduction, Proposal, Result
from crm.people.models import Person
from crm.people.queries.visible import sees

_CLOSED = 100


@dataclass
class Line:
    """``proposals``: with the person, or nothing where the office does not see them any more."""

    introduction: Introduction
    proposals: list[tuple[Proposal, Person | None]] = field(default_factory=list)


def introduction_of(session: Session, actor: Actor, introduction_id: UUID) -> Introduction:
    introduction = session.get(Introduction, introduction_id)
    if introduction is None or introduction.office_id != actor.office_id:
        raise Missing()
    return introduction


def list_introductions(session: Session, actor: Actor, *, closed: bool = False) -> list[Line]:
    """Open ones from the oldest, closed ones from the newest."""
    mine = select(Introduction).where(col(Introduction.office_id) == actor.office_id)
    if closed:
        ended = mine.where(col(Introduction.closed_on).is_not(None))
        mine = ended.order_by(col(Introduction.closed_on).desc(), col(Introduction.id)).limit(_CLOSED)
    else:
        mine = mine.where(col(Introduction.closed_on).is_(None)).order_by(col(Introduction.asked_on))
    return with_proposals(session, actor, session.execute(mine).scalars().all())


def introductions_about(session: Session, actor: Actor, person_id: UUID) -> list[Line]:
    """Those in which a person asks, or is proposed."""
    proposed = select(col(Proposal.introduction_id)).where(col(Proposal.person_id) == person_id)
    about = or_(col(Introduction.asker_id) == person_id, col(Introduction.id).in_(proposed))
    mine = select(Introduction).where(col(Introduction.office_id) == actor.office_id, about)
    return with_proposals(session, actor, session.execute(mine.order_by(col(Introduction.id).desc())).scalars().all())


def with_proposals(session: Session, actor: Actor, introductions: Sequence[Introduction]) -> list[Line]:
    lines = {one.id: Line(one) for one in introductions}
    seen = (col(Person.id) == col(Proposal.person_id)) & sees(col(Person.id))
    rows = select(Proposal, Person).outerjoin(Person, seen).where(col(Proposal.introduction_id).in_(lines))
    if lines:
        for proposal, person in session.execute(rows.order_by(col(Proposal.id)), seen_by(actor)):
            lines[proposal.introduction_id].proposals.append((proposal, person))
    return list(lines.values())


OPEN_COUNT = (
    select(func.count())
    .select_from(Introduction)
    .where(col(Introduction.office_id) == OFFICE, col(Introduction.closed_on).is_(None))
    .scalar_subquery()
)


def figures_by_year(session: Session, actor: Actor) -> list[tuple[int, dict[str, int]]]:
    """Year → how many were ``asked``, ``proposed``, ``introduced``, and each result; from the newest year."""
    years: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    own = col(Introduction.office_id) == actor.office_id
    asked = extract("year", col(Introduction.asked_on))
    for year, number in session.execute(select(asked, func.count()).where(own).group_by(asked)):
        years[int(year)]["asked"] = number
    of_ours = Introduction, col(Introduction.id) == col(Proposal.introduction_id)
    for name, day in (("proposed", col(Proposal.proposed_on)), ("introduced", col(Proposal.introduced_on))):
        counted = select(extract("year", day), func.count()).join(*of_ours).where(own, day.is_not(None))
        for year, number in session.execute(counted.group_by(extract("year", day))):
            years[int(year)][name] = number
    for year, result, number in session.execute(_results(own)):
        years[int(year)][Result(result).value] = number
    return sorted(((year, dict(numbers)) for year, numbers in years.items()), reverse=True)


def _results(own: Any) -> Any:
    year = extract("year", col(Proposal.result_on))
    counted = select(year, col(Proposal.result), func.count())
    counted = counted.join(Introduction, col(Introduction.id) == col(Proposal.introduction_id))
    return counted.where(own, col(Proposal.result).is_not(None)).group_by(year, col(Proposal.result))


ROWS: Any = (
    select(col(Proposal.created_at).label("at"), col(Proposal.id).label("id"), literal("introduction").label("kind"))
    .join(Introduction, col(Introduction.id) == col(Proposal.introduction_id))
    .where(col(Proposal.person_id) == bindparam("person", type_=Uuid()), col(Introduction.office_id) == OFFICE)
)
"""A person's part in the story: each time that they were proposed."""


_PROPOSED = (
    select(Introduction, Proposal)
    .join(Proposal, col(Proposal.introduction_id) == col(Introduction.id))
    .where(col(Proposal.id).in_(IDS), col(Introduction.office_id) == OFFICE)
)


def load(session: Session, actor: Actor, ids: Sequence[UUID]) -> dict[UUID, tuple[Introduction, Proposal]]:
    rows = session.execute(_PROPOSED, {**seen_by(actor), "ids": ids})
    return {proposal.id: (introduction, proposal) for introduction, proposal in rows}


def introduced_since(office_id: UUID, before: date) -> Any:
    """Ids of people whom this office has proposed to somebody, or for whom it has asked, since then."""
    own = select(col(Introduction.id)).where(col(Introduction.office_id) == office_id)
    proposed = select(col(Proposal.person_id)).where(
        col(Proposal.introduction_id).in_(own), col(Proposal.proposed_on) >= before
    )
    asking = select(col(Introduction.asker_id)).where(
        col(Introduction.office_id) == office_id,
        col(Introduction.asker_id).is_not(None),
        col(Introduction.asked_on) >= before,
    )
    return union(proposed, asking)
