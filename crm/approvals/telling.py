"""Whom a paper waits for is told by mail, once for each paper, unless they do not want it."""

from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.acting import actor_now
from crm.accounts.models import Office, User
from crm.approvals.letters import paper_waits
from crm.approvals.models import ApprovalDeputy, ApprovalRequest, ApprovalSilence
from crm.approvals.queries import papers
from crm.core.columns import now
from crm.core.mail import post


def tell_next(session: Session, paper: ApprovalRequest, base_url: str) -> None:
    """Whose turn it is, and who stands in for them today. Whoever has been told of this paper is not told again."""
    whole = papers(session, [paper])[0]
    line = whole.current
    if line is None:
        return
    told = {who for each in whole.steps for who in each.step.told}
    drafter = session.get_one(User, paper.drafter_id).name
    for user_id in (line.step.user_id, *_standing_in(session, paper.office_id, line.step.user_id)):
        reader = actor_now(session, paper.office_id, user_id)
        if reader and user_id != paper.drafter_id and str(user_id) not in told and wants_mail(session, reader):
            post(session, paper_waits(reader, paper, drafter, base_url))
            line.step.told = [*line.step.told, str(user_id)]
    session.flush()


def _standing_in(session: Session, office_id: UUID, user_id: UUID) -> list[UUID]:
    today = now().astimezone(ZoneInfo(session.get_one(Office, office_id).zone)).date()
    terms = select(col(ApprovalDeputy.deputy_id)).where(
        col(ApprovalDeputy.office_id) == office_id,
        col(ApprovalDeputy.user_id) == user_id,
        col(ApprovalDeputy.since) <= today,
        col(ApprovalDeputy.until) >= today,
    )
    return list(session.execute(terms.order_by(col(ApprovalDeputy.id))).scalars())


def wants_mail(session: Session, actor: Actor) -> bool:
    return _silence(session, actor) is None


def want_mail(session: Session, actor: Actor, wanted: bool) -> None:
    stored = _silence(session, actor)
    if wanted and stored:
        session.delete(stored)
    elif not wanted and not stored:
        session.add(ApprovalSilence(user_id=actor.user_id, office_id=actor.office_id))
    session.flush()


def _silence(session: Session, actor: Actor) -> ApprovalSilence | None:
    mine = select(ApprovalSilence).where(
        col(ApprovalSilence.user_id) == actor.user_id, col(ApprovalSilence.office_id) == actor.office_id
    )
    found: ApprovalSilence | None = session.execute(mine).scalars().first()
    return found
