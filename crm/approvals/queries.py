"""Rules, deputies and papers of an office, and what waits for whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.models import User
from crm.accounts.reader import DAY, OFFICE, USER, seen_by
from crm.approvals.models import ApprovalDeputy, ApprovalRequest, ApprovalRule, ApprovalState, ApprovalStep
from crm.core.errors import Missing

_SHOWN = 200


@dataclass(frozen=True)
class StepLine:
    step: ApprovalStep
    name: str
    """Whose step it is."""
    by: str
    """Who answered in their place; empty where they did themselves."""


@dataclass(frozen=True)
class Paper:
    request: ApprovalRequest
    drafter: str
    steps: Sequence[StepLine]

    @property
    def current(self) -> StepLine | None:
        """Whose turn it is."""
        if self.request.state is not ApprovalState.CIRCULATING:
            return None
        return next((line for line in self.steps if line.step.verdict is None), None)


def rule_for(session: Session, office_id: UUID, act: str) -> ApprovalRule | None:
    mine = select(ApprovalRule).where(col(ApprovalRule.office_id) == office_id, col(ApprovalRule.act) == act)
    return session.execute(mine).scalar_one_or_none()


def needs_approval(session: Session, office_id: UUID, act: str) -> bool:
    return rule_for(session, office_id, act) is not None


def rules_of(session: Session, actor: Actor) -> dict[str, ApprovalRule]:
    mine = select(ApprovalRule).where(col(ApprovalRule.office_id) == actor.office_id)
    return {rule.act: rule for rule in session.execute(mine).scalars()}


def request_of(session: Session, actor: Actor, request_id: UUID, *, locked: bool = False) -> ApprovalRequest:
    found = session.get(ApprovalRequest, request_id, with_for_update=True if locked else None)
    if found is None or found.office_id != actor.office_id:
        raise Missing()
    return found


def names_of(session: Session, ids: Sequence[UUID]) -> dict[UUID, str]:
    named = select(col(User.id), col(User.name)).where(col(User.id).in_(ids))
    return {row.id: row.name for row in session.execute(named)}


def papers(session: Session, requests: Sequence[ApprovalRequest]) -> list[Paper]:
    """With their steps, in the order given."""
    mine = select(ApprovalStep).where(col(ApprovalStep.request_id).in_([one.id for one in requests]))
    steps = session.execute(mine.order_by(col(ApprovalStep.place))).scalars().all() if requests else []
    users = {step.user_id for step in steps} | {step.by_id for step in steps if step.by_id}
    names = names_of(session, [*users, *(one.drafter_id for one in requests)]) if requests else {}
    lines: dict[UUID, list[StepLine]] = {one.id: [] for one in requests}
    for step in steps:
        by = names.get(step.by_id, "") if step.by_id and step.by_id != step.user_id else ""
        lines[step.request_id].append(StepLine(step, names.get(step.user_id, ""), by))
    return [Paper(one, names.get(one.drafter_id, ""), lines[one.id]) for one in requests]


def requests_of(session: Session, actor: Actor) -> list[ApprovalRequest]:
    """The newest first."""
    mine = select(ApprovalRequest).where(col(ApprovalRequest.office_id) == actor.office_id)
    return list(session.execute(mine.order_by(col(ApprovalRequest.id).desc()).limit(_SHOWN)).scalars())


def deputies_of(session: Session, actor: Actor) -> list[tuple[ApprovalDeputy, str, str]]:
    """(term, who is away, who answers) that has not ended."""
    mine = select(ApprovalDeputy).where(
        col(ApprovalDeputy.office_id) == actor.office_id, col(ApprovalDeputy.until) >= actor.today
    )
    terms = session.execute(mine.order_by(col(ApprovalDeputy.since))).scalars().all()
    names = names_of(session, [id for term in terms for id in (term.user_id, term.deputy_id)])
    return [(term, names.get(term.user_id, ""), names.get(term.deputy_id, "")) for term in terms]


def stands_in(session: Session, office_id: UUID, deputy_id: UUID, user_id: UUID, day: date) -> bool:
    mine = select(col(ApprovalDeputy.id)).where(
        col(ApprovalDeputy.office_id) == office_id,
        col(ApprovalDeputy.deputy_id) == deputy_id,
        col(ApprovalDeputy.user_id) == user_id,
        col(ApprovalDeputy.since) <= day,
        col(ApprovalDeputy.until) >= day,
    )
    return session.execute(mine.limit(1)).first() is not None


_FIRST_OPEN = (
    select(func.min(col(ApprovalStep.place)))
    .where(col(ApprovalStep.request_id) == col(ApprovalRequest.id), col(ApprovalStep.verdict).is_(None))
    .correlate(ApprovalRequest)
    .scalar_subquery()
)


_AWAY = select(col(ApprovalDeputy.user_id)).where(
    col(ApprovalDeputy.office_id) == OFFICE,
    col(ApprovalDeputy.deputy_id) == USER,
    col(ApprovalDeputy.since) <= DAY,
    col(ApprovalDeputy.until) >= DAY,
)
_TURN = and_(
    col(ApprovalStep.request_id) == col(ApprovalRequest.id),
    col(ApprovalStep.verdict).is_(None),
    col(ApprovalStep.place) == _FIRST_OPEN,
)
_WAITING = (
    select(col(ApprovalRequest.id))
    .join(ApprovalStep, _TURN)
    .where(
        col(ApprovalRequest.office_id) == OFFICE,
        col(ApprovalRequest.state) == ApprovalState.CIRCULATING,
        col(ApprovalRequest.drafter_id) != USER,
        or_(col(ApprovalStep.user_id) == USER, col(ApprovalStep.user_id).in_(_AWAY)),
    )
)
"""Requests whose turn is the reader's, or of somebody for whom they stand in today."""
WAITING_COUNT = select(func.count()).select_from(_WAITING.subquery()).scalar_subquery()


def waiting_ids(session: Session, actor: Actor) -> set[UUID]:
    return set(session.execute(_WAITING, seen_by(actor)).scalars())
