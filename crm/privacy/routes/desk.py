"""開示請求等窓口: an office's own pages for requests under the law."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from sqlmodel import Session
from starlette.responses import JSONResponse, Response

from crm.accounts.access import Actor, PrivacyDesk
from crm.accounts.verbs import VERBS
from crm.core.db import Sess
from crm.core.forms import Form, posted
from crm.core.i18n import gettext as _
from crm.core.routing import Router
from crm.core.web import flash, go, page, settings_of
from crm.people.queries.copies import copy_of, everything
from crm.people.queries.record import record_of
from crm.people.queries.search import suggest_people
from crm.people.queries.visible import visible_person
from crm.people.tombstones import tombstone_key
from crm.privacy.actions import requests as actions
from crm.privacy.forms import CarryOutForm, DecisionForm, DeskForm, ExtendForm, IdentityForm, OthersForm
from crm.privacy.grounds import GROUNDS
from crm.privacy.models import Channel, Decision, RequestKind, RightsRequest
from crm.privacy.parts import granted, parts_of
from crm.privacy.queries.requests import closed_requests, line_of, open_requests, steps_of

router = Router(prefix="/privacy/requests")


@router.get("", name="privacy:requests")
def listing(request: Request, session: Sess, desk: PrivacyDesk) -> Response:
    waiting, closed = open_requests(session, desk), closed_requests(session, desk)
    return page(request, "privacy/requests", waiting=waiting, closed=closed)


@router.get("/new", name="privacy:request_new")
def new(request: Request, _desk: PrivacyDesk) -> Response:
    form = Form.of(DeskForm, received_on=_desk.today.isoformat(), language="ja", channel=Channel.PAPER.value)
    return _new_page(request, form)


@router.post("", name="privacy:request_note")
def note(
    request: Request, session: Sess, desk: PrivacyDesk, form: Annotated[Form[DeskForm], posted(DeskForm)]
) -> Response:
    noted = form.attempt(session, actions.note_request, desk)
    if noted is None:
        return _new_page(request, form)
    flash(request, _("The request has been noted."))
    return go(request, "privacy:request", request_id=noted.id)


@router.get("/{request_id}", name="privacy:request")
def detail(request: Request, session: Sess, desk: PrivacyDesk, request_id: UUID, q: str | None = None) -> Response:
    return _page(request, session, desk, request_id, {}, q)


@router.post("/{request_id}/identity", name="privacy:request_identity")
def identity(
    request: Request, session: Sess, desk: PrivacyDesk, request_id: UUID,
    form: Annotated[Form[IdentityForm], posted(IdentityForm)],
) -> Response:  # fmt: skip
    form.attempt(session, actions.identify, desk, request_id)
    return _after(request, session, desk, request_id, {"identity": form})


@router.post("/{request_id}/others", name="privacy:request_others")
def others(
    request: Request, session: Sess, desk: PrivacyDesk, request_id: UUID,
    form: Annotated[Form[OthersForm], posted(OthersForm)],
) -> Response:  # fmt: skip
    form.attempt(session, actions.check_others, desk, request_id)
    return _after(request, session, desk, request_id, {"others": form})


@router.post("/{request_id}/extension", name="privacy:request_extend")
def extension(
    request: Request, session: Sess, desk: PrivacyDesk, request_id: UUID,
    form: Annotated[Form[ExtendForm], posted(ExtendForm)],
) -> Response:  # fmt: skip
    form.attempt(session, actions.extend, desk, request_id)
    return _after(request, session, desk, request_id, {"extension": form})


@router.post("/{request_id}/decision", name="privacy:request_decide")
def decision(
    request: Request, session: Sess, desk: PrivacyDesk, request_id: UUID,
    form: Annotated[Form[DecisionForm], posted(DecisionForm)],
) -> Response:  # fmt: skip
    form.attempt(session, actions.decide, desk, request_id)
    return _after(request, session, desk, request_id, {"decision": form})


@router.post("/{request_id}/carry-out", name="privacy:request_carry_out")
def carry_out(
    request: Request, session: Sess, desk: PrivacyDesk, request_id: UUID,
    form: Annotated[Form[CarryOutForm], posted(CarryOutForm)],
) -> Response:  # fmt: skip
    keeping = request.app.state.keeping
    rules = actions.Rules(keeping.withdrawal, keeping.erasure, tombstone_key(settings_of(request)))
    form.attempt(session, _carry_out, desk, request_id, rules)
    return _after(request, session, desk, request_id, {"carry_out": form})


def _carry_out(session: Session, desk: Actor, request_id: UUID, rules: actions.Rules, data: CarryOutForm) -> Any:
    return actions.carry_out(session, desk, request_id, rules, data.version)


@router.post("/{request_id}/copy", name="privacy:request_copy")
def copy(_request: Request, session: Sess, desk: PrivacyDesk, request_id: UUID) -> Response:
    """A POST: what is restricted leaves the house, and the journal says so."""
    held = actions.take_copy(session, desk, request_id)
    answer = JSONResponse(copy_of(session, held, everything, desk.office_id))
    answer.headers["Content-Disposition"] = 'attachment; filename="disclosure.json"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _new_page(request: Request, form: Form[DeskForm]) -> Response:
    kinds, channels = RequestKind.options(), Channel.options()
    status = 422 if form.errors else 200
    return page(request, "privacy/request_new", status=status, form=form, kinds=kinds, channels=channels)


def _after(request: Request, session: Session, desk: Actor, request_id: UUID, forms: dict[str, Form[Any]]) -> Response:
    [form] = forms.values()
    if form.errors:
        return _page(request, session, desk, request_id, forms, None)
    flash(request, _("Noted."))
    return go(request, "privacy:request", request_id=request_id)


def _page(
    request: Request, session: Session, desk: Actor, request_id: UUID, forms: dict[str, Form[Any]], q: str | None
) -> Response:
    asked = actions.own_request(session, desk, request_id)
    empty = {"identity": IdentityForm, "others": OthersForm, "extension": ExtendForm, "decision": DecisionForm}
    shown = {name: forms.get(name) or Form.of(model) for name, model in empty.items()}
    words = q or asked.requester
    return page(
        request,
        "privacy/request",
        status=422 if forms else 200,
        line=line_of(session, desk, asked),
        forms=shown,
        problem=next((form for form in forms.values()), None),
        words=words,
        people=_likely(session, desk, words) if asked.step == "identify" else [],
        steps=[(entry, name, VERBS.get(entry.verb, entry.verb)) for entry, name in steps_of(session, asked.id)],
        now_said=_said_now(session, desk, asked),
        decisions=Decision.options(),
        parts=[(name, str(label)) for name, label in parts_of(asked).items()],
        granted=[str(label) for label in granted(asked).values()] if asked.decision == Decision.PARTLY else [],
        grounds=[(code, str(sentence)) for code, sentence in GROUNDS.items()],
    )


def _likely(session: Session, desk: Actor, words: str) -> list[tuple[UUID, str, str]]:
    found = suggest_people(session, desk, words)
    return [(one.id, one.kanji or one.full_name, one.institution or "") for one in found]


def _said_now(session: Session, desk: Actor, asked: RightsRequest) -> dict[str, Any]:
    """What the record says now of the fields that are to be corrected."""
    if asked.kind != RequestKind.CORRECTION or asked.person_id is None or asked.carried_out_on:
        return {}
    visible_person(session, desk, asked.person_id)
    return record_of(session, desk, asked.person_id).form_values()
