"""Papers in circulation, the draft, the answer, the printed cover, and the office's rules."""

import json
from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

from fastapi import Form as Posted
from fastapi import Request
from sqlmodel import Session, col
from starlette.responses import Response

from crm.accounts.access import AccountManager, Actor, Approver
from crm.accounts.models import Office
from crm.accounts.queries import colleagues, managed_offices
from crm.approvals import actions
from crm.approvals.documents import cover
from crm.approvals.forms import DeputyForm, DraftForm, RuleForm, VerdictForm
from crm.approvals.queries import (
    Paper,
    deputies_of,
    names_of,
    papers,
    request_of,
    requests_of,
    rule_for,
    rules_of,
    waiting_ids,
)
from crm.approvals.telling import want_mail, wants_mail
from crm.core.contributions import OutwardAct, Proposed, Reading
from crm.core.db import Sess
from crm.core.documents import pdf
from crm.core.errors import Missing, Refused
from crm.core.forms import Form, posted
from crm.core.i18n import gettext as _
from crm.core.routing import Router
from crm.core.web import flash, go, page, settings_of

router = Router(prefix="/approvals")


@router.get("", name="approvals:list")
def listing(request: Request, session: Sess, approver: Approver) -> Response:
    mine = waiting_ids(session, approver)
    every = papers(session, requests_of(session, approver))
    waiting = [one for one in every if one.request.id in mine]
    return page(
        request, "approvals/list", waiting=waiting, others=[one for one in every if one not in waiting],
        told=wants_mail(session, approver),
    )  # fmt: skip


@router.post("/mail", name="approvals:mail")
def mail(request: Request, session: Sess, approver: Approver, wanted: Annotated[bool, Posted()] = False) -> Response:
    want_mail(session, approver, wanted)
    flash(request, _("You get a mail when a paper waits for you.") if wanted else _("These mails have stopped."))
    return go(request, "approvals:list")


def draft_page(
    request: Request, session: Session, actor: Actor, proposed: Proposed, form: Form[DraftForm] | None = None
) -> Response:
    """What other rooms show where their office wants approval: the paper to be written, with what it is about."""
    act: OutwardAct = request.app.state.acts[proposed.act]
    rule = rule_for(session, actor.office_id, proposed.act)
    if rule is None:
        raise Refused(_("Your office wants no approval for this any more. Do it directly."))
    asked = [UUID(each) for each in rule.consulted]
    names = names_of(session, [*asked, rule.decider_id])
    form = form or Form.of(DraftForm, act=act.kind, title=str(act.label))
    return page(
        request, "approvals/draft", status=422 if form.errors else 200, form=form, act=act, ids=proposed.ids,
        chosen=json.dumps(dict(proposed.chosen)), lines=act.lines(session, actor, proposed),
        consulted=[names.get(each, "") for each in asked],
        decider=names.get(rule.decider_id, ""),
    )  # fmt: skip


@router.post("", name="approvals:draft")
def draft(
    request: Request, session: Sess, approver: Approver, form: Annotated[Form[DraftForm], posted(DraftForm)]
) -> Response:
    paper = form.attempt(session, actions.draft, approver, _means(request))
    if paper is not None:
        flash(
            request,
            _("The paper circulates as %(number)s. Nothing leaves before it is decided.", number=paper.reference),
        )
        return go(request, "approvals:detail", approval_id=paper.id)
    kind = str(form.values.get("act") or "")
    if kind not in request.app.state.acts:
        raise Missing()
    return draft_page(request, session, approver, _proposed(kind, form), form)


def _means(request: Request) -> actions.Means:
    return actions.Means(request.app.state.acts, settings_of(request).base_url)


def _proposed(kind: str, form: Form[DraftForm]) -> Proposed:
    try:
        chosen = json.loads(str(form.values.get("chosen") or "{}"))
        return Proposed(kind, [UUID(str(each)) for each in form.values.get("ids") or []], dict(chosen))
    except (ValueError, TypeError):
        raise Missing() from None


@router.get("/rules", name="approvals:rules")
def rules(request: Request, session: Sess, manager: AccountManager, office: UUID | None = None) -> Response:
    return _rules_page(request, session, manager, office)


def _rules_page(
    request: Request, session: Session, manager: Actor, office: UUID | None, form: Form[Any] | None = None
) -> Response:
    offices = session.execute(managed_offices(manager)).scalars().all()
    manager = _managing(session, manager, office)
    return page(
        request, "approvals/rules", status=422 if form and form.errors else 200, form=form,
        acts=request.app.state.acts.values(), rules=rules_of(session, manager), colleagues=colleagues(session, manager),
        deputies=deputies_of(session, manager), offices=offices, office=manager.office_id,
    )  # fmt: skip


@router.post("/rules", name="approvals:set_rule")
def set_rule(
    request: Request, session: Sess, manager: AccountManager, form: Annotated[Form[RuleForm], posted(RuleForm)],
    office: UUID | None = None,
) -> Response:  # fmt: skip
    form.attempt(session, actions.set_rule, _managing(session, manager, office), request.app.state.acts)
    return _after_rule(request, session, manager, office, form)


def _after_rule(request: Request, session: Session, manager: Actor, office: UUID | None, form: Form[Any]) -> Response:
    if form.errors:
        return _rules_page(request, session, manager, office, form)
    flash(request, _("Saved."))
    return go(request, "approvals:rules", query={"office": str(office)} if office else None)


def _managing(session: Session, manager: Actor, office_id: UUID | None) -> Actor:
    """The administrator as one of the office whose rules they set; those of the operator set everybody's."""
    if office_id is None or office_id == manager.office_id:
        return manager
    office = session.execute(managed_offices(manager).where(col(Office.id) == office_id)).scalar_one_or_none()
    if office is None:
        raise Missing()
    return replace(manager, office_id=office.id, office_code=office.code, office_kind=office.kind, zone=office.zone)


@router.post("/deputies", name="approvals:add_deputy")
def add_deputy(
    request: Request, session: Sess, manager: AccountManager, form: Annotated[Form[DeputyForm], posted(DeputyForm)],
    office: UUID | None = None,
) -> Response:  # fmt: skip
    form.attempt(session, actions.add_deputy, _managing(session, manager, office))
    return _after_rule(request, session, manager, office, form)


@router.post("/deputies/{deputy_id}/remove", name="approvals:remove_deputy")
def remove_deputy(
    request: Request, session: Sess, manager: AccountManager, deputy_id: UUID, office: UUID | None = None
) -> Response:
    actions.remove_deputy(session, _managing(session, manager, office), deputy_id)
    return go(request, "approvals:rules", query={"office": str(office)} if office else None)


@router.get("/{approval_id}", name="approvals:detail")
def detail(request: Request, session: Sess, approver: Approver, approval_id: UUID) -> Response:
    return _paper_page(request, session, approver, approval_id)


def _paper_page(
    request: Request, session: Session, approver: Actor, approval_id: UUID, form: Form[VerdictForm] | None = None
) -> Response:
    paper, label, lines = _paper(request, session, approver, approval_id)
    return page(
        request, "approvals/detail", status=422 if form and form.errors else 200, paper=paper, label=label, lines=lines,
        form=form or Form.of(VerdictForm), mine=approval_id in waiting_ids(session, approver),
        drafted=paper.request.drafter_id == approver.user_id,
    )  # fmt: skip


def _paper(request: Request, session: Session, actor: Actor, approval_id: UUID) -> tuple[Paper, str, list[Reading]]:
    """With what kind of act it is, and what it is about."""
    [paper] = papers(session, [request_of(session, actor, approval_id)])
    act: OutwardAct | None = request.app.state.acts.get(paper.request.act)
    if act is None:
        return paper, paper.request.act, []
    return paper, str(act.label), list(act.lines(session, actor, paper.request.proposed))


@router.post("/{approval_id}/answer", name="approvals:answer")
def answer(
    request: Request, session: Sess, approver: Approver, approval_id: UUID,
    form: Annotated[Form[VerdictForm], posted(VerdictForm)],
) -> Response:  # fmt: skip
    paper = form.attempt(session, actions.answer, approver, _means(request), approval_id)
    if paper is None:
        return _paper_page(request, session, approver, approval_id, form)
    flash(request, paper.outcome or str(paper.state.label))
    return go(request, "approvals:detail", approval_id=approval_id)


@router.post("/{approval_id}/retract", name="approvals:retract")
def retract(request: Request, session: Sess, approver: Approver, approval_id: UUID) -> Response:
    actions.retract(session, approver, approval_id)
    flash(request, _("The paper has been taken back."))
    return go(request, "approvals:detail", approval_id=approval_id)


@router.get("/{approval_id}/cover", name="approvals:cover")
def printed(request: Request, session: Sess, approver: Approver, approval_id: UUID) -> Response:
    paper, label, lines = _paper(request, session, approver, approval_id)
    made = pdf("approvals/cover", cover(paper, approver, label, lines))
    name = f"approval-{paper.request.year}-{paper.request.number:04d}.pdf"
    return Response(made, media_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'})
