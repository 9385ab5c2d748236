"""What somebody was to agree to or decide goes to whoever follows, today's papers and tomorrow's."""

from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.approvals.models import ApprovalRequest, ApprovalRule, ApprovalState, ApprovalStep
from crm.core.contributions import Handed, Reading
from crm.core.i18n import lazy_gettext as _l


def waiting(session: Session, actor: Actor, user_id: UUID) -> list[Reading]:
    return [
        Reading(paper.title, f"/approvals/{paper.id}", paper.reference) for _, paper in _open(session, actor, user_id)
    ]


def move(session: Session, actor: Actor, from_id: UUID, to_id: UUID) -> int:
    steps = _open(session, actor, from_id)
    for step, _paper in steps:
        step.user_id = to_id
    rules = select(ApprovalRule).where(col(ApprovalRule.office_id) == actor.office_id)
    for rule in session.execute(rules.with_for_update()).scalars():
        rule.decider_id = to_id if rule.decider_id == from_id else rule.decider_id
        named = [str(to_id) if each == str(from_id) else each for each in rule.consulted]
        rule.consulted = [each for each in dict.fromkeys(named) if each != str(rule.decider_id)]
    session.flush()
    return len(steps)


def _open(session: Session, actor: Actor, user_id: UUID) -> list[tuple[ApprovalStep, ApprovalRequest]]:
    mine = (
        select(ApprovalStep, ApprovalRequest)
        .join(ApprovalRequest, col(ApprovalRequest.id) == col(ApprovalStep.request_id))
        .where(
            col(ApprovalRequest.office_id) == actor.office_id,
            col(ApprovalRequest.state) == ApprovalState.CIRCULATING,
            col(ApprovalStep.user_id) == user_id,
            col(ApprovalStep.verdict).is_(None),
        )
    )
    return [(step, paper) for step, paper in session.execute(mine.order_by(col(ApprovalRequest.id)))]


WAITING = Handed(_l("To agree to or to decide on"), 5, waiting, move)
