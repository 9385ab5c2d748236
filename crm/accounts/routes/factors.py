"""A user's own second factor, and the second step of signing in."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Request
from itsdangerous import BadData, URLSafeTimedSerializer
from markupsafe import Markup
from sqlmodel import Session
from starlette.responses import Response

from crm.accounts.access import AccountManager, Actor, Public, SettingUp, SettingUpApart, cookie_name
from crm.accounts.actions.factors import accept, begin, codes_left, confirm, factor_of, remove, reset, set_required
from crm.accounts.actions.sessions import SESSION_HOURS, open_user_session
from crm.accounts.codes import Vault, picture
from crm.accounts.forms import CodeForm, RemoveFactorForm, RequireForm
from crm.accounts.models import User
from crm.accounts.passwords import password_fits
from crm.core.db import Sess, database_of
from crm.core.errors import Problem, TooMany, WrongField
from crm.core.forms import Form, posted
from crm.core.i18n import gettext as _
from crm.core.rates import count_against, forget_count
from crm.core.routing import Router
from crm.core.web import flash, go, page, redirect, safe_next, settings_of

router = Router()
HALF_COOKIE = "meguri_half"
"""Says that the password was right, for five minutes; it opens nothing by itself."""
_HALF_SECONDS = 300


def half_signed_in(request: Request, user: User, next: str) -> Response:
    """On to the second step; bound to the password, so that a new one makes it void."""
    response = go(request, "accounts:code", query={"next": safe_next(next)})
    token = _serializer(request).dumps([str(user.id), str(user.password_changed_at)])
    secure = settings_of(request).secure
    response.set_cookie(HALF_COOKIE, token, max_age=_HALF_SECONDS, httponly=True, samesite="lax", secure=secure)
    return response


@router.get("/sign-in/code", name="accounts:code")
def code_page(request: Request, _language: Public, next: str = "/") -> Response:
    return page(request, "accounts/code", form=Form.of(CodeForm, next=safe_next(next)))


@router.post("/sign-in/code", name="accounts:code_given")
def give_code(request: Request, _language: Public, form: Annotated[Form[CodeForm], posted(CodeForm)]) -> Response:
    token = _try_code(request, form)
    if token is None:
        form.values.pop("code", None)
        return page(request, "accounts/code", status=429 if "too_many" in form.errors else 422, form=form)
    response = redirect(request, safe_next(form.data.next))
    secure = settings_of(request).secure
    response.set_cookie(
        cookie_name(request), token, max_age=SESSION_HOURS * 3600, httponly=True, samesite="lax", secure=secure
    )
    response.delete_cookie(HALF_COOKIE, httponly=True)
    return response


def _try_code(request: Request, form: Form[CodeForm]) -> str | None:
    """The session's secret; None with what is wrong on the form."""
    if form.errors:
        return None
    database = database_of(request)
    try:
        user_id, changed = _serializer(request).loads(request.cookies.get(HALF_COOKIE, ""), max_age=_HALF_SECONDS)
        count_against(database, "code", user_id, most=10, per=timedelta(minutes=15))
        with database.writing() as session:
            user = session.get(User, UUID(user_id))
            if user is None or user.closed_at or str(user.password_changed_at) != changed:
                raise BadData("void")
            if not accept(session, user.id, Vault(settings_of(request)), form.data.code):
                raise WrongField("code", _("This code is not right, or has been used already."))
            token = open_user_session(session, user, request.headers.get("user-agent", ""))
        forget_count(database, "code", user_id)
        return token
    except BadData:
        form.errors[""] = _("Too much time has passed. Please sign in again from the beginning.")
    except WrongField as problem:
        form.errors[problem.field] = str(problem)
    except Problem as problem:
        form.errors["too_many" if isinstance(problem, TooMany) else ""] = str(problem)
    return None


@router.get("/me/second-factor", name="accounts:factor")
def factor(request: Request, session: Sess, actor: SettingUp) -> Response:
    return _factor_page(request, session, actor, None)


@router.post("/me/second-factor", name="accounts:factor_begin")
def begin_factor(request: Request, session: Sess, actor: SettingUp) -> Response:
    begin(session, actor, Vault(settings_of(request)))
    return go(request, "accounts:factor")


@router.post("/me/second-factor/confirm", name="accounts:factor_confirm")
def confirm_factor(
    request: Request, session: Sess, actor: SettingUp, form: Annotated[Form[CodeForm], posted(CodeForm)]
) -> Response:
    codes = form.attempt(session, _confirm, actor, Vault(settings_of(request)))
    if codes is None:
        return _factor_page(request, session, actor, form)
    return page(request, "accounts/recovery", codes=codes)


def _confirm(session: Session, actor: Actor, vault: Vault, data: CodeForm) -> list[str]:
    return confirm(session, actor, vault, data.code)


@router.post("/me/second-factor/remove", name="accounts:factor_remove")
def remove_factor(
    request: Request, actor: SettingUpApart, form: Annotated[Form[RemoveFactorForm], posted(RemoveFactorForm)]
) -> Response:
    """Reads, hashes, then writes."""
    database = database_of(request)
    with database.reading() as session:
        stored = session.get_one(User, actor.user_id).password_hash
    if not form.errors and not password_fits(stored, form.data.password):
        form.errors["password"] = _("This is not your present password.")
    with database.writing() as session:
        form.attempt(session, _remove, actor, Vault(settings_of(request)))
        if form.errors:
            form.values.clear()
            return _factor_page(request, session, actor, form)
    flash(request, _("Your second factor has been taken away."))
    return go(request, "accounts:factor")


def _remove(session: Session, actor: Actor, vault: Vault, data: RemoveFactorForm) -> bool:
    remove(session, actor, vault, data.code)
    return True


@router.post("/accounts/{membership_id}/reset-factor", name="accounts:factor_reset")
def reset_factor(request: Request, session: Sess, actor: AccountManager, membership_id: UUID) -> Response:
    user = reset(session, actor, membership_id)
    flash(request, _("The second factor of %(name)s has been taken away; a letter says so.", name=user.name))
    return go(request, "accounts:list")


@router.post("/accounts/require-factor", name="accounts:factor_require")
def require_factor(
    request: Request, session: Sess, actor: AccountManager, form: Annotated[Form[RequireForm], posted(RequireForm)]
) -> Response:
    if not form.errors:
        set_required(session, actor, form.data.office_id, required=form.data.required)
        flash(request, _("The change has been saved."))
    return go(request, "accounts:list")


def _factor_page(
    request: Request, session: Session, actor: Actor, form: Form[CodeForm] | Form[RemoveFactorForm] | None
) -> Response:
    settings, own = settings_of(request), factor_of(session, actor.user_id)
    secret = Vault(settings).open(own.secret) if own and not own.confirmed_at else ""
    return page(
        request,
        "accounts/factor",
        status=422 if form else 200,
        form=form or Form.of(CodeForm),
        factor=own,
        secret=" ".join(secret[place : place + 4] for place in range(0, len(secret), 4)),
        drawing=Markup(picture(secret, actor.email, settings.site_name)) if secret else "",  # noqa: S704 (our own SVG)
        left=codes_left(session, actor.user_id) if own and own.confirmed_at else 0,
    )


def _serializer(request: Request) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings_of(request).secret_key, salt="half signed in")
