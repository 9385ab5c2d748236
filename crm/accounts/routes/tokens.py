from typing import Annotated
from uuid import UUID

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from crm.accounts.access import Actor, SignedIn
from crm.accounts.actions.tokens import make_token, own_tokens, revoke_token
from crm.accounts.forms import TokenForm
from crm.accounts.models import Scope
from crm.core.columns import now
from crm.core.db import Sess
from crm.core.forms import Form, posted
from crm.core.i18n import gettext as _
from crm.core.routing import Router
from crm.core.web import flash, go, page

router = Router(prefix="/me/tokens")


@router.get("", name="accounts:tokens")
def tokens(request: Request, session: Sess, actor: SignedIn) -> Response:
    return _page(request, session, actor, Form.of(TokenForm, days=90), "")


@router.post("", name="accounts:token_make")
def make(
    request: Request, session: Sess, actor: SignedIn, form: Annotated[Form[TokenForm], posted(TokenForm)]
) -> Response:
    made = form.attempt(session, make_token, actor)
    return _page(request, session, actor, form if form.errors else Form.of(TokenForm, days=90), made[1] if made else "")


@router.post("/{token_id}/revoke", name="accounts:token_revoke")
def revoke(request: Request, session: Sess, actor: SignedIn, token_id: UUID) -> Response:
    revoke_token(session, actor, token_id)
    flash(request, _("The token opens nothing any more."))
    return go(request, "accounts:tokens")


def _page(request: Request, session: Session, actor: Actor, form: Form[TokenForm], secret: str) -> Response:
    """``secret``: of a token that was made just now, shown this once."""
    status = 422 if form.errors else 200
    return page(
        request, "accounts/tokens", status=status, form=form, tokens=own_tokens(session, actor), secret=secret,
        scopes=Scope.options(), labels=dict(Scope.options()), now=now(),
    )  # fmt: skip
