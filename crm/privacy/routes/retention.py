"""How long an office keeps what; what may go; what is on hold; the register that the law asks for."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from crm.accounts.access import Actor, PrivacyDesk
from crm.core.db import Sess
from crm.core.documents import pdf
from crm.core.forms import Form, posted
from crm.core.i18n import gettext as _
from crm.core.routing import Router
from crm.core.web import flash, go, page
from crm.people.queries.visible import known_person
from crm.privacy.actions.retention import decide, hold, hold_of, lift_hold, set_months
from crm.privacy.forms import ApprovalForm, HoldForm, SettingForm
from crm.privacy.queries.own import own_data
from crm.privacy.queries.retention import holds_of, kept_by, proposal_of, proposals_of
from crm.privacy.register import register_document, register_of

router = Router(prefix="/privacy")


@router.get("/retention", name="privacy:retention")
def retention(request: Request, session: Sess, desk: PrivacyDesk) -> Response:
    return _retention_page(request, session, desk, None)


@router.post("/retention", name="privacy:retention_set")
def set_retention(
    request: Request, session: Sess, desk: PrivacyDesk, form: Annotated[Form[SettingForm], posted(SettingForm)]
) -> Response:
    form.attempt(session, _set, desk, request.app.state.keeping.rules)
    if form.errors:
        return _retention_page(request, session, desk, form)
    flash(request, _("The change has been saved."))
    return go(request, "privacy:retention")


def _set(session: Session, desk: Actor, rules: Any, data: SettingForm) -> bool:
    set_months(session, desk, rules, data)
    return True


@router.get("/retention/{proposal_id}", name="privacy:proposal")
def proposal(request: Request, session: Sess, desk: PrivacyDesk, proposal_id: UUID) -> Response:
    return _proposal_page(request, session, desk, proposal_id, None)


@router.post("/retention/{proposal_id}", name="privacy:proposal_decide")
def approve(
    request: Request, session: Sess, desk: PrivacyDesk, proposal_id: UUID,
    form: Annotated[Form[ApprovalForm], posted(ApprovalForm)],
) -> Response:  # fmt: skip
    if form.attempt(session, _decide, desk, proposal_id) is None:
        return _proposal_page(request, session, desk, proposal_id, form)
    flash(request, _("Decided. What you ticked is being deleted."))
    return go(request, "privacy:retention")


def _decide(session: Session, desk: Actor, proposal_id: UUID, data: ApprovalForm) -> Any:
    return decide(session, desk, proposal_id, data)


@router.get("/of/{person_id}", name="privacy:panel")
def panel(request: Request, session: Sess, desk: PrivacyDesk, person_id: UUID) -> Response:
    return _panel_page(request, session, desk, person_id, Form.of(HoldForm))


@router.post("/of/{person_id}/hold", name="privacy:hold")
def put_on_hold(
    request: Request, session: Sess, desk: PrivacyDesk, person_id: UUID,
    form: Annotated[Form[HoldForm], posted(HoldForm)],
) -> Response:  # fmt: skip
    if form.attempt(session, hold, desk, person_id) is None:
        return _panel_page(request, session, desk, person_id, form)
    flash(request, _("The record is on hold: nothing of it is deleted."))
    return go(request, "privacy:panel", person_id=person_id)


@router.post("/of/{person_id}/lift", name="privacy:hold_lift")
def lift(request: Request, session: Sess, desk: PrivacyDesk, person_id: UUID) -> Response:
    lift_hold(session, desk, person_id)
    flash(request, _("The hold has been lifted."))
    return go(request, "privacy:panel", person_id=person_id)


@router.get("/register", name="privacy:register")
def register(request: Request, session: Sess, desk: PrivacyDesk) -> Response:
    return page(request, "privacy/register", register=register_of(session, desk))


@router.get("/register.pdf", name="privacy:register_pdf")
def register_pdf(_request: Request, session: Sess, desk: PrivacyDesk) -> Response:
    made = pdf("privacy/own", register_document(register_of(session, desk)))
    return Response(made, media_type="application/pdf")


def _retention_page(request: Request, session: Session, desk: Actor, form: Form[SettingForm] | None) -> Response:
    rules = request.app.state.keeping.rules
    return page(
        request,
        "privacy/retention",
        status=422 if form else 200,
        form=form,
        kept=kept_by(session, desk, rules),
        proposals=proposals_of(session, desk, rules),
        holds=holds_of(session, desk),
    )


def _proposal_page(
    request: Request, session: Session, desk: Actor, proposal_id: UUID, form: Form[ApprovalForm] | None
) -> Response:
    found, items = proposal_of(session, desk, proposal_id)
    rule = request.app.state.keeping.rule(found.kind)
    names = rule.names(session, [item.subject_id for item in items if item.gone_on is None])
    shown = {"proposal": found, "items": items, "rule": rule, "names": names}
    return page(request, "privacy/proposal", status=422 if form else 200, form=form, **shown)


def _panel_page(request: Request, session: Session, desk: Actor, person_id: UUID, form: Form[HoldForm]) -> Response:
    person, holding = known_person(session, desk, person_id)
    consents = [receipt for receipt, office in own_data(session, person).consents if office.id == desk.office_id]
    standing = hold_of(session, desk.office_id, person_id)
    status = 422 if form.errors else 200
    shown = {"person": person, "holding": holding, "consents": consents, "hold": standing}
    return page(request, "privacy/panel", status=status, form=form, **shown)
