"""A user's own passkeys, and signing in with one: alone, or after a password."""

from typing import Annotated
from uuid import UUID

from fastapi import Request
from starlette.responses import JSONResponse, Response

from crm.accounts.access import Public, SettingUp, SettingUpApart
from crm.accounts.actions.passkeys import (
    add_passkey,
    ask_for_passkey,
    begin_passkey,
    own_passkey,
    remove_passkey,
    use_passkey,
)
from crm.accounts.actions.sessions import open_user_session
from crm.accounts.entry import count_visitor, half_user, remember_asked, signed_in, take_asked
from crm.accounts.forms import CodeForm, NewPasskeyForm, PasskeyForm, ProofForm
from crm.accounts.models import ChallengeKind
from crm.accounts.proving import prove
from crm.accounts.queries.factors import proof_of
from crm.accounts.routes.factors import TOO_LATE, second_step, set_up
from crm.core.db import Sess, database_of
from crm.core.errors import Faulty, Problem
from crm.core.forms import Form, posted
from crm.core.i18n import gettext as _
from crm.core.routing import Router
from crm.core.web import flash, go, page, settings_of

router = Router()


@router.get("/me/passkeys/new", name="accounts:passkey_new")
def new_page(request: Request, session: Sess, actor: SettingUp) -> Response:
    proof = proof_of(session, actor.user_id)
    return page(request, "accounts/new_passkey", form=Form.of(NewPasskeyForm), proof=proof)


@router.post("/me/passkeys", name="accounts:passkey_begin")
def begin(
    request: Request, actor: SettingUpApart, form: Annotated[Form[NewPasskeyForm], posted(NewPasskeyForm)]
) -> Response:
    """Reads, hashes, then writes."""
    prove(request, actor, form)
    settings = settings_of(request)
    with database_of(request).writing() as session:
        begun = form.attempt(session, lambda s, a, f: begin_passkey(s, a, settings, f.name), actor)
        proof = proof_of(session, actor.user_id)
    if begun is None:
        return page(request, "accounts/new_passkey", status=422, form=form, proof=proof)
    shown = page(request, "accounts/make_passkey", options=begun[1], name=form.data.name)
    return remember_asked(request, shown, begun[0])


@router.post("/me/passkeys/confirm", name="accounts:passkey_confirm")
def confirm(
    request: Request, actor: SettingUpApart, form: Annotated[Form[PasskeyForm], posted(PasskeyForm)]
) -> Response:
    asked, settings = take_asked(request, ChallengeKind.NEW_PASSKEY), settings_of(request)
    with database_of(request).writing() as session:
        codes = form.attempt(session, lambda s, a, f: add_passkey(s, a, settings, asked, f.credential), actor)
        proof = proof_of(session, actor.user_id)
    if codes is None:
        form.values["name"] = asked.content["name"] if asked else ""
        return page(request, "accounts/new_passkey", status=422, form=form, proof=proof)
    return set_up(request, codes)


@router.get("/me/passkeys/{passkey_id}/remove", name="accounts:passkey_leave")
def remove_page(request: Request, session: Sess, actor: SettingUp, passkey_id: UUID) -> Response:
    passkey, proof = own_passkey(session, actor, passkey_id), proof_of(session, actor.user_id)
    return page(request, "accounts/remove_passkey", passkey=passkey, proof=proof, form=Form.of(ProofForm))


@router.post("/me/passkeys/{passkey_id}/remove", name="accounts:passkey_remove")
def remove(
    request: Request, actor: SettingUpApart, passkey_id: UUID, form: Annotated[Form[ProofForm], posted(ProofForm)]
) -> Response:
    with database_of(request).reading() as session:
        passkey, proof = own_passkey(session, actor, passkey_id), proof_of(session, actor.user_id)
    prove(request, actor, form)
    if form.errors:
        return page(request, "accounts/remove_passkey", status=422, passkey=passkey, proof=proof, form=form)
    with database_of(request).writing() as session:
        remove_passkey(session, actor, passkey_id)
    flash(request, _("The passkey has been removed. Please delete it on your device as well."))
    return go(request, "accounts:factor")


@router.post("/sign-in/passkey/options", name="accounts:passkey_options")
def options(request: Request, _language: Public, form: Annotated[Form[PasskeyForm], posted(PasskeyForm)]) -> Response:
    """For the browser, as JSON: whose passkey, where a first step was right already."""
    count_visitor(request, "passkey_from")
    with database_of(request).writing() as session:
        found = half_user(request, session) if form.data.second else None
        if form.data.second and found is None:
            raise Faulty(TOO_LATE)
        user_id, by_provider = (found[1].id, found[0].by_provider) if found else (None, False)
        token, asked = ask_for_passkey(session, settings_of(request), user_id, by_provider=by_provider)
    return remember_asked(request, JSONResponse(asked), token)


@router.post("/sign-in/passkey", name="accounts:passkey_given")
def sign_in(request: Request, _language: Public, form: Annotated[Form[PasskeyForm], posted(PasskeyForm)]) -> Response:
    token = _try_passkey(request, form)
    if token:
        return signed_in(request, token, form.data.next)
    if form.values.get("second"):
        again = Form.of(CodeForm, next=form.values.get("next"))
        again.errors = form.errors
        with database_of(request).reading() as session:
            return second_step(request, session, again, 422)
    return page(request, "accounts/sign_in", status=422, form=form)


def _try_passkey(request: Request, form: Form[PasskeyForm]) -> str | None:
    """The session's secret; None with what is wrong on the form. What was asked is used up by any answer."""
    asked = take_asked(request, ChallengeKind.PASSKEY)
    if asked is None:
        form.errors[""] = str(TOO_LATE)
    if form.errors or asked is None:
        return None
    settings, device = settings_of(request), request.headers.get("user-agent", "")
    try:
        with database_of(request).writing() as session:
            user = use_passkey(session, settings, asked, form.data.credential)
            return open_user_session(session, user, device, by_provider=asked.content["by_provider"])
    except Problem as problem:
        form.errors[""] = str(problem)
        return None
