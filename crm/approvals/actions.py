"""From the draft to the decision. What is decided is carried out in the same transaction, or is not decided."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.acting import actor_now
from crm.accounts.journal import record
from crm.accounts.models import Office
from crm.accounts.queries import colleagues
from crm.approvals.forms import DeputyForm, DraftForm, RuleForm, VerdictForm
from crm.approvals.models import (
    ApprovalDeputy,
    ApprovalRequest,
    ApprovalRule,
    ApprovalState,
    ApprovalStep,
    StepRole,
    Verdict,
)
from crm.approvals.queries import request_of, rule_for, stands_in
from crm.approvals.telling import tell_next
from crm.core.columns import now
from crm.core.contributions import OutwardAct, Proposed
from crm.core.dates import fiscal_year
from crm.core.errors import Forbidden, Missing, Refused, WrongField
from crm.core.i18n import lazy_gettext as _l

Acts = Mapping[str, OutwardAct]
_GONE = _l("Somebody who is to agree does not work in your office any more. Please tell its administrator.")


@dataclass(frozen=True)
class Means:
    """What it takes to tell of an act, and to carry it out."""

    acts: Acts
    base_url: str


def set_rule(session: Session, actor: Actor, acts: Acts, data: RuleForm) -> None:
    """Who is asked in which order; what circulates already keeps its own steps."""
    if data.act not in acts:
        raise Missing()
    rule = rule_for(session, actor.office_id, data.act)
    if not data.wanted:
        if rule:
            session.delete(rule)
            record(session, actor, "removed", rule, {"act": data.act})
        return
    known = dict(colleagues(session, actor))
    if data.decider is None or str(data.decider) not in known:
        raise WrongField("decider", _l("Please choose somebody who works in your office now."))
    consulted = [str(each) for each in data.consulted if each != data.decider]
    if any(each not in known for each in consulted):
        raise WrongField("consulted", _l("Please choose somebody who works in your office now."))
    rule = rule or ApprovalRule(office_id=actor.office_id, act=data.act, decider_id=data.decider)
    rule.series, rule.consulted, rule.decider_id = data.series, consulted, data.decider
    session.add(rule)
    session.flush()
    record(session, actor, "changed", rule, {"act": data.act, "user": [*consulted, str(data.decider)]})


def add_deputy(session: Session, actor: Actor, data: DeputyForm) -> ApprovalDeputy:
    known = dict(colleagues(session, actor))
    for name in ("user", "deputy"):
        if str(getattr(data, name)) not in known:
            raise WrongField(name, _l("Please choose somebody who works in your office now."))
    if data.user == data.deputy:
        raise WrongField("deputy", _l("Please choose somebody else."))
    deputy = ApprovalDeputy(
        office_id=actor.office_id, user_id=data.user, deputy_id=data.deputy, since=data.since, until=data.until
    )
    session.add(deputy)
    session.flush()
    record(session, actor, "added", deputy, {"user": [data.user, data.deputy]})
    return deputy


def remove_deputy(session: Session, actor: Actor, deputy_id: UUID) -> None:
    deputy = session.get(ApprovalDeputy, deputy_id)
    if deputy is None or deputy.office_id != actor.office_id:
        raise Missing()
    record(session, actor, "removed", deputy, {"user": [deputy.user_id, deputy.deputy_id]})
    session.delete(deputy)


def draft(session: Session, actor: Actor, means: Means, data: DraftForm) -> ApprovalRequest:
    """Numbered at once: a paper that circulates has a reference."""
    act, rule = means.acts.get(data.act), rule_for(session, actor.office_id, data.act)
    if act is None or rule is None:
        raise Refused(_l("Your office wants no approval for this any more. Do it directly."))
    if not actor.may(act.permission):
        raise Forbidden()
    if rule.decider_id == actor.user_id:
        raise Refused(_l("You decide on these in your office, so somebody else must draft it."))
    present = dict(colleagues(session, actor))
    if any(each not in present for each in [*rule.consulted, str(rule.decider_id)]):
        raise Refused(
            _l("Somebody who is to agree does not work in your office any more. Please tell its administrator.")
        )
    proposed = Proposed(data.act, data.ids, data.chosen)
    if not data.ids or len(act.lines(session, actor, proposed)) != len(set(data.ids)):
        raise Refused(_l("Something of what you chose is not there any more. Please choose again."))
    year = fiscal_year(actor.today)
    paper = ApprovalRequest(
        office_id=actor.office_id, year=year, number=_next_number(session, actor.office_id, year), series=rule.series,
        act=data.act, subjects=[str(each) for each in dict.fromkeys(data.ids)], chosen=data.chosen, title=data.title,
        reason=data.reason, drafter_id=actor.user_id,
    )  # fmt: skip
    session.add(paper)
    session.flush()
    asked = [(UUID(each), StepRole.CONSULTED) for each in rule.consulted if UUID(each) != actor.user_id]
    for place, (user_id, role) in enumerate([*asked, (rule.decider_id, StepRole.DECIDES)]):
        session.add(ApprovalStep(request_id=paper.id, place=place, role=role, user_id=user_id))
    session.flush()
    record(session, actor, "drafted", paper)
    tell_next(session, paper, means.base_url)
    return paper


def _next_number(session: Session, office_id: UUID, year: int) -> int:
    """The office's row is the lock: two drafts at once get two numbers."""
    session.execute(select(col(Office.id)).where(col(Office.id) == office_id).with_for_update())
    taken = select(func.max(col(ApprovalRequest.number))).where(
        col(ApprovalRequest.office_id) == office_id, col(ApprovalRequest.year) == year
    )
    return int(session.execute(taken).scalar() or 0) + 1


def answer(session: Session, actor: Actor, means: Means, request_id: UUID, data: VerdictForm) -> ApprovalRequest:
    """Agree or send back, in one's own name or as a deputy; the last word carries the act out."""
    paper = request_of(session, actor, request_id, locked=True)
    if paper.state is not ApprovalState.CIRCULATING or paper.version != data.version:
        raise Refused(_l("Somebody else changed this in the meantime. Please look again."))
    step = _turn(session, actor, paper)
    if data.verdict == "sent_back" and not data.note:
        raise WrongField("note", _l("Please say what should be different."))
    step.verdict, step.by_id, step.note, step.at = Verdict(data.verdict), actor.user_id, data.note, now()
    paper.answers += 1
    if data.verdict == "sent_back":
        _close(paper, ApprovalState.SENT_BACK)
    elif step.role is StepRole.DECIDES:
        _close(paper, ApprovalState.DECIDED)
        paper.outcome = _carry_out(session, means, paper)
    session.flush()
    record(session, actor, "ruled" if step.role is StepRole.DECIDES else "answered", paper, {"verdict": data.verdict})
    tell_next(session, paper, means.base_url)
    return paper


def _turn(session: Session, actor: Actor, paper: ApprovalRequest) -> ApprovalStep:
    left = select(ApprovalStep).where(col(ApprovalStep.request_id) == paper.id, col(ApprovalStep.verdict).is_(None))
    step: ApprovalStep = session.execute(left.order_by(col(ApprovalStep.place)).limit(1)).scalar_one()
    own = step.user_id == actor.user_id
    if not own and not stands_in(session, paper.office_id, actor.user_id, step.user_id, actor.today):
        raise Forbidden()
    if actor.user_id == paper.drafter_id:
        raise Refused(_l("Who has drafted it cannot agree to it as well."))
    return step


def _carry_out(session: Session, means: Means, paper: ApprovalRequest) -> str:
    """In the name of who drafted it, who must still be allowed to."""
    act, drafter = means.acts.get(paper.act), actor_now(session, paper.office_id, paper.drafter_id)
    if act is None or drafter is None or not drafter.may(act.permission):
        raise Refused(_l("Who drafted this may not do it any more. Send it back, so that somebody else drafts it."))
    return act.carry_out(session, drafter, means.base_url, paper.proposed)


def _close(paper: ApprovalRequest, state: ApprovalState) -> None:
    paper.state, paper.closed_at = state, now()


def retract(session: Session, actor: Actor, request_id: UUID) -> None:
    paper = request_of(session, actor, request_id, locked=True)
    if paper.drafter_id != actor.user_id:
        raise Forbidden()
    if paper.state is not ApprovalState.CIRCULATING:
        raise Refused(_l("It does not circulate any more."))
    _close(paper, ApprovalState.RETRACTED)
    session.flush()
    record(session, actor, "withdrawn", paper)
