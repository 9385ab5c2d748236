from datetime import timedelta
from typing import Annotated

from fastapi import Request
from sqlmodel import select
from starlette.responses import Response

from crm.accounts.access import Public, SettingUp, Visitor, cookie_name
from crm.accounts.actions.sessions import end_user_session, open_user_session
from crm.accounts.actions.users import ask_for_reset, set_password_by_link
from crm.accounts.entry import count_visitor, half_signed_in, signed_in
from crm.accounts.forms import AddressForm, NewPasswordForm, SignInForm
from crm.accounts.links import find_link
from crm.accounts.models import LinkPurpose, User
from crm.accounts.passwords import hash_password, password_fits
from crm.accounts.queries.factors import has_factor
from crm.core.db import Sess, database_of
from crm.core.errors import Problem, TooMany
from crm.core.forms import Form, posted
from crm.core.i18n import LANGUAGES
from crm.core.i18n import gettext as _
from crm.core.rates import count_against, forget_count
from crm.core.routing import Router
from crm.core.web import LANGUAGE_COOKIE, YEAR, flash, go, page, redirect, safe_next, settings_of

router = Router()


@router.get("/sign-in", name="accounts:sign_in")
def sign_in_page(request: Request, visitor: Visitor, next: str = "/") -> Response:
    if visitor:
        return redirect(request, safe_next(next))
    return page(request, "accounts/sign_in", form=Form.of(SignInForm, next=safe_next(next)))


@router.post("/sign-in", name="accounts:open_session")
def sign_in(request: Request, _language: Public, form: Annotated[Form[SignInForm], posted(SignInForm)]) -> Response:
    """Reads, hashes, then writes: argon2 must not hold SQLite's write lock."""
    token = _try_to_sign_in(request, form)
    if isinstance(token, User):
        return half_signed_in(request, token, form.data.next)
    if token is None:
        form.values.pop("password", None)
        return page(request, "accounts/sign_in", status=429 if form.errors.get("too_many") else 422, form=form)
    return signed_in(request, token, form.data.next)


def _try_to_sign_in(request: Request, form: Form[SignInForm]) -> str | User | None:
    """The session's secret; the user, where a second factor is still to come; None with what is wrong on the form."""
    if form.errors:
        return None
    database, data = database_of(request), form.data
    try:
        _count_attempt(request, data.email)
        with database.reading() as session:
            user = session.exec(select(User).where(User.email == data.email)).first()
            second = has_factor(session, user.id) if user else False
        if not password_fits(user.password_hash if user else None, data.password) or user is None or user.closed_at:
            form.errors[""] = _("The e-mail address or the password is not right.")
            return None
        forget_count(database, "sign_in", data.email)
        if second:
            return user
        with database.writing() as session:
            return open_user_session(session, user, request.headers.get("user-agent", ""))
    except Problem as problem:
        form.errors["too_many" if isinstance(problem, TooMany) else ""] = str(problem)
    return None


def _count_attempt(request: Request, email: str) -> None:
    count_against(database_of(request), "sign_in", email, most=10, per=timedelta(minutes=15))
    count_visitor(request, "sign_in_from")


@router.post("/sign-out", name="accounts:sign_out")
def sign_out(request: Request, session: Sess, actor: SettingUp) -> Response:
    if actor.session_id:
        end_user_session(session, actor, actor.session_id)
    response = go(request, "accounts:sign_in")
    response.delete_cookie(cookie_name(request), secure=settings_of(request).secure, httponly=True)
    return response


@router.get("/forgotten", name="accounts:forgotten")
def forgotten_page(request: Request, _language: Public) -> Response:
    return page(request, "accounts/forgotten", form=Form.of(AddressForm))


@router.post("/forgotten", name="accounts:ask_for_reset")
def forgotten(
    request: Request, session: Sess, _language: Public, form: Annotated[Form[AddressForm], posted(AddressForm)]
) -> Response:
    if form.errors:
        return page(request, "accounts/forgotten", status=422, form=form)
    ask_for_reset(session, settings_of(request).base_url, form.data.email)
    flash(request, _("If this address has an account, a message is on its way."))
    return go(request, "accounts:sign_in")


def _link_purpose(request: Request) -> LinkPurpose:
    return LinkPurpose.INVITATION if request.url.path.startswith("/welcome/") else LinkPurpose.PASSWORD_RESET


@router.get("/welcome/{token}", name="accounts:welcome")
@router.get("/new-password/{token}", name="accounts:new_password")
def new_password_page(request: Request, session: Sess, _language: Public, token: str) -> Response:
    find_link(session, _link_purpose(request), token)
    return page(request, "accounts/new_password", form=Form.of(NewPasswordForm))


@router.post("/welcome/{token}", name="accounts:accept")
@router.post("/new-password/{token}", name="accounts:set_password")
def new_password(
    request: Request, _language: Public, token: str, form: Annotated[Form[NewPasswordForm], posted(NewPasswordForm)]
) -> Response:
    if form.errors:
        return page(request, "accounts/new_password", status=422, form=form)
    hashed = hash_password(form.data.password)
    with database_of(request).writing() as session:
        set_password_by_link(session, _link_purpose(request), token, hashed)
    flash(request, _("Your password is set. Please sign in."))
    return go(request, "accounts:sign_in")


@router.get("/language/{code}", name="accounts:language")
def choose_language(request: Request, _language: Public, code: str, next: str = "/") -> Response:
    response = redirect(request, safe_next(next))
    if code in LANGUAGES:
        response.set_cookie(
            LANGUAGE_COOKIE, code, max_age=YEAR, samesite="lax", secure=settings_of(request).secure, httponly=True
        )
    return response
