"""A user's own second factor, and the second step of signing in."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Request
from markupsafe import Markup
from sqlmodel import Session
from starlette.responses import Response

from crm.accounts.access import AccountManager, Actor, Public, SettingUp, SettingUpApart
from crm.accounts.actions.factors import accept, begin, confirm, remove, reset, set_required
from crm.accounts.actions.sessions import open_user_session
from crm.accounts.codes import Vault, picture
from crm.accounts.entry import Half, half_user, read_half, signed_in
from crm.accounts.forms import CodeForm, RemoveFactorForm, RequireForm
from crm.accounts.models import User
from crm.accounts.passwords import password_fits
from crm.accounts.queries.factors import codes_left, factor_of, passkeys_of, proof_of
from crm.core.db import Sess, database_of
from crm.core.errors import Faulty, Problem, TooMany, WrongField
from crm.core.forms import Form, posted
from crm.core.i18n import gettext as _
from crm.core.i18n import lazy_gettext as _l
from crm.core.rates import count_against, forget_count
from crm.core.routing import Router
from crm.core.web import flash, go, page, safe_next, settings_of

router = Router()
TOO_LATE = _l("Too much time has passed. Please sign in again from the beginning.")


@router.get("/sign-in/code", name="accounts:code")
def code_page(request: Request, session: Sess, _language: Public, next: str = "/") -> Response:
    return second_step(request, session, Form.of(CodeForm, next=safe_next(next)))


@router.post("/sign-in/code", name="accounts:code_given")
def give_code(request: Request, _language: Public, form: Annotated[Form[CodeForm], posted(CodeForm)]) -> Response:
    token = _try_code(request, form)
    if token is None:
        form.values.pop("code", None)
        with database_of(request).reading() as session:
            return second_step(request, session, form, 429 if "too_many" in form.errors else 422)
    return signed_in(request, token, form.data.next)


def second_step(request: Request, session: Session, form: Form[CodeForm], status: int = 200) -> Response:
    found = half_user(request, session)
    passkeys = passkeys_of(session, found[1].id) if found else []
    return page(request, "accounts/code", status=status, form=form, passkeys=passkeys)


def _try_code(request: Request, form: Form[CodeForm]) -> str | None:
    """The session's secret; None with what is wrong on the form."""
    if form.errors:
        return None
    database, half = database_of(request), read_half(request)
    if half is None:
        form.errors[""] = str(TOO_LATE)
        return None
    try:
        count_against(database, "code", str(half.user_id), most=10, per=timedelta(minutes=15))
        with database.writing() as session:
            token = _open(request, session, half, form.data.code)
        forget_count(database, "code", str(half.user_id))
        return token
    except WrongField as problem:
        form.errors[problem.field] = str(problem)
    except Problem as problem:
        form.errors["too_many" if isinstance(problem, TooMany) else ""] = str(problem)
    return None


def _open(request: Request, session: Session, half: Half, code: str) -> str:
    user = session.get(User, half.user_id)
    if user is None or not half.fits(user):
        raise Faulty(TOO_LATE)
    if not accept(session, user.id, Vault(settings_of(request)), code):
        raise WrongField("code", _("This code is not right, or has been used already."))
    device = request.headers.get("user-agent", "")
    return open_user_session(session, user, device, by_provider=half.by_provider)


@router.get("/me/second-factor", name="accounts:factor")
def factor(request: Request, session: Sess, actor: SettingUp) -> Response:
    return factor_page(request, session, actor)


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
        return factor_page(request, session, actor, form)
    return set_up(request, codes)


def set_up(request: Request, codes: list[str]) -> Response:
    """With the first factor come recovery codes."""
    if codes:
        return page(request, "accounts/recovery", codes=codes)
    flash(request, _("Your second factor is set up."))
    return go(request, "accounts:factor")


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
    if stored and not form.errors and not password_fits(stored, form.data.password):
        form.errors["password"] = _("This is not your present password.")
    with database.writing() as session:
        form.attempt(session, _remove, actor, Vault(settings_of(request)))
        if form.errors:
            form.values.clear()
            return factor_page(request, session, actor, form)
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


def factor_page(
    request: Request, session: Session, actor: Actor, form: Form[CodeForm] | Form[RemoveFactorForm] | None = None
) -> Response:
    settings, own = settings_of(request), factor_of(session, actor.user_id)
    secret = Vault(settings).open(own.secret) if own and not own.confirmed_at else ""
    return page(
        request,
        "accounts/factor",
        status=422 if form else 200,
        form=form or Form.of(CodeForm),
        factor=own,
        passkeys=passkeys_of(session, actor.user_id),
        proof=proof_of(session, actor.user_id),
        secret=" ".join(secret[place : place + 4] for place in range(0, len(secret), 4)),
        drawing=Markup(picture(secret, actor.email, settings.site_name)) if secret else "",  # noqa: S704 (our own SVG)
        left=codes_left(session, actor.user_id),
    )
