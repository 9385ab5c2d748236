"""Signing in through the provider (OpenID Connect), and an office that asks for it."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from starlette.responses import RedirectResponse, Response

from crm.accounts.access import AccountManager, Public, SettingUp, actor_of_token, cookie_name
from crm.accounts.actions.challenges import Asked, ask
from crm.accounts.actions.linking import link_own
from crm.accounts.actions.provider import require_provider, unlink, user_of
from crm.accounts.actions.sessions import open_user_session
from crm.accounts.codes import Vault
from crm.accounts.entry import configured_provider, count_visitor, half_signed_in, remember_asked, signed_in, take_asked
from crm.accounts.forms import NextForm, RequireForm
from crm.accounts.models import ChallengeKind
from crm.accounts.provider import BACK, ProviderAnswer, identify, new_request, refused, sign_in_address
from crm.accounts.queries.factors import has_factor
from crm.core.db import Sess, database_of
from crm.core.errors import Faulty, Problem, Refused
from crm.core.forms import Form, posted
from crm.core.i18n import gettext as _
from crm.core.routing import Router
from crm.core.web import flash, go, page, safe_next, settings_of

router = Router()


@router.post("/sign-in/provider", name="accounts:provider")
def begin(request: Request, _language: Public, form: Annotated[Form[NextForm], posted(NextForm)]) -> Response:
    settings, asked = settings_of(request), new_request()
    try:
        address = sign_in_address(configured_provider(request), settings.base_url + BACK, asked)
    except Problem as problem:
        return _failed(request, problem)
    count_visitor(request, "provider_from")
    content = {**asked, "next": safe_next(form.values.get("next"))}
    with database_of(request).writing() as session:
        token = ask(session, Vault(settings), ChallengeKind.PROVIDER, Asked(content))
    return remember_asked(request, RedirectResponse(address, 303), token)


@router.get(BACK, name="accounts:provider_back")
def back(request: Request, _language: Public, answer: Annotated[ProviderAnswer, Query()]) -> Response:
    """The browser comes back: whatever it brings is taken once."""
    asked = take_asked(request, ChallengeKind.PROVIDER)
    try:
        if asked is None:
            raise Faulty(_("Too much time has passed. Please sign in again from the beginning."))
        if asked.user_id:
            return _link_own(request, asked, answer)
        return _arrive(request, asked.content, answer)
    except Problem as problem:
        return _failed(request, problem)


def _arrive(request: Request, asked: dict[str, str], answer: ProviderAnswer) -> Response:
    """Asks the provider first, then writes. A second factor of the user's own is asked for all the same."""
    settings = settings_of(request)
    provider = configured_provider(request)
    identity = identify(provider, settings.base_url + BACK, asked, answer)
    with database_of(request).writing() as session:
        user = user_of(session, provider, identity)
        if not identity.vouched and has_factor(session, user.id):
            token = None
        else:
            device = request.headers.get("user-agent", "")
            token = open_user_session(session, user, device, by_provider=True, vouched=identity.vouched)
    if token is None:
        return half_signed_in(request, user, asked["next"], by_provider=True)
    return signed_in(request, token, asked["next"])


def _link_own(request: Request, asked: Asked, answer: ProviderAnswer) -> Response:
    """What a signed-in user has begun ends in the same session, or nowhere."""
    provider, database = configured_provider(request), database_of(request)
    try:
        with database.reading() as session:
            actor = actor_of_token(session, request.cookies.get(cookie_name(request), ""))
        if actor is None or str(actor.session_id) != asked.content["session"]:
            raise refused("link begun in another session")
        identity = identify(provider, settings_of(request).base_url + BACK, asked.content, answer)
        with database.writing() as session:
            link_own(session, actor, provider, identity)
        flash(request, _("Your account has been linked to %(service)s.", service=provider.label))
    except Problem as problem:
        flash(request, str(problem), "error")
    return go(request, "accounts:me")


def _failed(request: Request, problem: Problem) -> Response:
    return page(request, "accounts/provider_failed", status=problem.status, sentence=str(problem))


@router.get("/me/provider", name="accounts:provider_needed")
def needed(request: Request, _actor: SettingUp) -> Response:
    """Where who has come another way is led, while the office asks for the provider."""
    return page(request, "accounts/provider_needed")


@router.post("/accounts/require-provider", name="accounts:provider_require")
def require(
    request: Request, session: Sess, actor: AccountManager, form: Annotated[Form[RequireForm], posted(RequireForm)]
) -> Response:
    if form.data.required:
        configured_provider(request)
    try:
        require_provider(session, actor, form.data.office_id, required=form.data.required)
        flash(request, _("The change has been saved."))
    except Refused as problem:
        flash(request, str(problem), "error")
    return go(request, "accounts:list")


@router.post("/accounts/{membership_id}/unlink", name="accounts:provider_unlink")
def unlink_user(request: Request, session: Sess, actor: AccountManager, membership_id: UUID) -> Response:
    user = unlink(session, actor, membership_id)
    flash(request, _("%(name)s is matched by address again at the next sign-in.", name=user.name))
    return go(request, "accounts:list")
