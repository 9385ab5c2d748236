from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from crm.accounts.access import Actor, Apart, SignedIn
from crm.accounts.actions.sessions import end_all_sessions, end_user_session, switch_post
from crm.accounts.actions.users import set_password
from crm.accounts.forms import ChangePasswordForm, SwitchForm
from crm.accounts.models import User
from crm.accounts.passwords import hash_password, password_fits
from crm.accounts.queries import open_sessions, own_link
from crm.core.db import Sess, database_of
from crm.core.forms import Form, posted
from crm.core.i18n import gettext as _
from crm.core.routing import Router
from crm.core.web import flash, go, page, redirect, safe_next, settings_of

router = Router()


@router.get("/me", name="accounts:me")
def own_page(request: Request, session: Sess, actor: SignedIn) -> Response:
    return page(request, "accounts/me", form=Form.of(ChangePasswordForm), **_shown(request, session, actor))


def _shown(request: Request, session: Session, actor: Actor) -> dict[str, Any]:
    provider = settings_of(request).provider
    return {
        "sessions": session.execute(open_sessions(actor)).scalars().all(),
        "link": own_link(session, actor.user_id, provider.issuer) if provider else None,
    }


@router.post("/me/password", name="accounts:change_password")
def change_password(
    request: Request, actor: Apart, form: Annotated[Form[ChangePasswordForm], posted(ChangePasswordForm)]
) -> Response:
    """Reads, hashes, then writes."""
    database = database_of(request)
    with database.reading() as session:
        user = session.get_one(User, actor.user_id)
        shown = _shown(request, session, actor)
    if not form.errors and not password_fits(user.password_hash, form.data.current):
        form.errors["current"] = _("This is not your present password.")
    if form.errors:
        form.values.clear()
        return page(request, "accounts/me", status=422, form=form, **shown)
    hashed = hash_password(form.data.password)
    with database.writing() as session:
        set_password(session, session.get_one(User, actor.user_id), hashed)
        end_all_sessions(session, actor.user_id, but=actor.session_id)
    flash(request, _("Your password has been changed; other devices have been signed out."))
    return go(request, "accounts:me")


@router.post("/me/sessions/{session_id}/end", name="accounts:end_session")
def end_session(request: Request, session: Sess, actor: SignedIn, session_id: UUID) -> Response:
    end_user_session(session, actor, session_id)
    flash(request, _("That device has been signed out."))
    return go(request, "accounts:me")


@router.post("/me/office", name="accounts:switch")
def switch_office(
    request: Request, session: Sess, actor: SignedIn, form: Annotated[Form[SwitchForm], posted(SwitchForm)]
) -> Response:
    form.attempt(session, lambda s, a, data: switch_post(s, a, data.membership_id), actor)
    return redirect(request, safe_next(form.values.get("next"), "/"))
