"""What an office keeps how long, and what waits for its word."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.models import User
from crm.accounts.reader import OFFICE
from crm.core.contributions import RetentionRule
from crm.core.errors import Missing
from crm.people.models import Person
from crm.privacy.models import LegalHold, RetentionItem, RetentionProposal, RetentionSetting

_PAST = 50


@dataclass(frozen=True)
class Kept:
    rule: RetentionRule
    months: int
    classification: str


@dataclass(frozen=True)
class Proposed:
    """``by``: who has decided. ``number``: of subjects; ``gone``: of those deleted."""

    proposal: RetentionProposal
    rule: RetentionRule
    by: str | None
    number: int
    gone: int


def kept_by(session: Session, actor: Actor, rules: Sequence[RetentionRule]) -> list[Kept]:
    own = select(RetentionSetting).where(col(RetentionSetting.office_id) == actor.office_id)
    settings = {setting.kind: setting for setting in session.execute(own).scalars()}
    usual = (RetentionSetting(office_id=actor.office_id, kind=rule.kind, months=rule.months) for rule in rules)
    now = ((rule, settings.get(rule.kind, other)) for rule, other in zip(rules, usual, strict=True))
    return [Kept(rule, setting.months, setting.classification) for rule, setting in now]


def proposals_of(session: Session, actor: Actor, rules: Sequence[RetentionRule]) -> list[Proposed]:
    """Those that wait first, then the newest."""
    of_proposal = col(RetentionItem.proposal_id) == col(RetentionProposal.id)
    number = select(func.count()).select_from(RetentionItem).where(of_proposal).scalar_subquery()
    gone = select(func.count()).select_from(RetentionItem).where(of_proposal, col(RetentionItem.gone_on).is_not(None))
    rows = (
        select(RetentionProposal, col(User.name), number, gone.scalar_subquery())
        .outerjoin(User, col(User.id) == col(RetentionProposal.decided_by))
        .where(col(RetentionProposal.office_id) == actor.office_id)
        .order_by(col(RetentionProposal.decided_on).is_not(None), col(RetentionProposal.id).desc())
        .limit(_PAST)
    )
    by_kind = {rule.kind: rule for rule in rules}
    return [Proposed(row[0], by_kind[row[0].kind], *row[1:]) for row in session.execute(rows) if row[0].kind in by_kind]


WAITING_COUNT = (
    select(func.count())
    .select_from(RetentionProposal)
    .where(col(RetentionProposal.office_id) == OFFICE, col(RetentionProposal.decided_on).is_(None))
    .scalar_subquery()
)


def proposal_of(session: Session, actor: Actor, proposal_id: UUID) -> tuple[RetentionProposal, list[RetentionItem]]:
    proposal = session.get(RetentionProposal, proposal_id)
    if proposal is None or proposal.office_id != actor.office_id:
        raise Missing()
    items = select(RetentionItem).where(col(RetentionItem.proposal_id) == proposal_id).order_by(col(RetentionItem.id))
    return proposal, list(session.execute(items).scalars())


def holds_of(session: Session, actor: Actor) -> list[tuple[LegalHold, Person]]:
    rows = select(LegalHold, Person).join(Person, col(Person.id) == col(LegalHold.person_id))
    rows = rows.where(col(LegalHold.office_id) == actor.office_id, col(LegalHold.ended_at).is_(None))
    return [(hold, person) for hold, person in session.execute(rows.order_by(col(LegalHold.id)))]
