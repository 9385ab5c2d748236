"""Linking one's own account to the provider and separating it again, from “My account”."""

from typing import Annotated

from fastapi import Request
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from crm.accounts.access import Actor, Apart, SignedIn
from crm.accounts.actions.challenges import Asked, ask
from crm.accounts.actions.linking import check_may_link, unlink_own
from crm.accounts.codes import Vault
from crm.accounts.entry import configured_provider, remember_asked
from crm.accounts.forms import ProofForm
from crm.accounts.models import ChallengeKind
from crm.accounts.provider import BACK, new_request, sign_in_address
from crm.accounts.proving import prove
from crm.accounts.queries import own_link
from crm.accounts.queries.factors import proof_of
from crm.core.db import Sess, database_of
from crm.core.errors import Problem
from crm.core.forms import Form, posted
from crm.core.i18n import gettext as _
from crm.core.routing import Router
from crm.core.web import flash, go, page, settings_of

router = Router()
Proof = Annotated[Form[ProofForm], posted(ProofForm)]


@router.get("/me/provider/link", name="accounts:provider_own")
def own(request: Request, session: Sess, actor: SignedIn) -> Response:
    return _page(request, session, actor, Form.of(ProofForm))


@router.post("/me/provider/link", name="accounts:provider_link_own")
def link(request: Request, actor: Apart, form: Proof) -> Response:
    """To the provider, from where the browser comes back to the same address as at a sign-in."""
    provider, settings, asked = configured_provider(request), settings_of(request), new_request()
    prove(request, actor, form)
    try:
        with database_of(request).reading() as session:
            check_may_link(session, actor, provider)
            if form.errors:
                return _page(request, session, actor, form, 422)
        address = sign_in_address(provider, settings.base_url + BACK, asked)
    except Problem as problem:
        flash(request, str(problem), "error")
        return go(request, "accounts:me")
    content = {**asked, "session": str(actor.session_id)}
    with database_of(request).writing() as session:
        token = ask(session, Vault(settings), ChallengeKind.PROVIDER, Asked(content, actor.user_id))
    return remember_asked(request, RedirectResponse(address, 303), token)


@router.post("/me/provider/unlink", name="accounts:provider_unlink_own")
def separate(request: Request, actor: Apart, form: Proof) -> Response:
    provider = configured_provider(request)
    prove(request, actor, form)
    with database_of(request).writing() as session:
        form.attempt(session, lambda s, a, _data: unlink_own(s, a, provider), actor)
        if form.errors:
            return _page(request, session, actor, form, 422)
    flash(request, _("Your account has been separated from %(service)s.", service=provider.label))
    return go(request, "accounts:me")


def _page(request: Request, session: Session, actor: Actor, form: Form[ProofForm], status: int = 200) -> Response:
    provider = configured_provider(request)
    link, proof = own_link(session, actor.user_id, provider.issuer), proof_of(session, actor.user_id)
    form.values.clear()
    return page(request, "accounts/provider_own", status=status, link=link, proof=proof, form=form)
