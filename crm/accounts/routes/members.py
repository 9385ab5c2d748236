from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from crm.accounts.access import AccountManager, Actor
from crm.accounts.actions.users import change_term, invite_user
from crm.accounts.forms import InviteForm, TermForm
from crm.accounts.models import Membership, Role
from crm.accounts.queries import confirmed_factors, linked_users, managed_members, managed_offices
from crm.core.columns import now
from crm.core.db import Sess
from crm.core.errors import Missing
from crm.core.forms import Form, posted
from crm.core.i18n import LANGUAGES
from crm.core.i18n import gettext as _
from crm.core.routing import Router
from crm.core.web import flash, go, page, settings_of

router = Router(prefix="/accounts")


def _choices(session: Session, actor: Actor) -> dict[str, Any]:
    offices = session.execute(managed_offices(actor)).scalars()
    return {
        "offices": [(str(office.id), office.name) for office in offices],
        "roles": Role.options(),
        "tongues": list(LANGUAGES.items()),
    }


@router.get("", name="accounts:list")
def listing(request: Request, session: Sess, actor: AccountManager) -> Response:
    members = session.execute(managed_members(actor)).all()
    offices = session.execute(managed_offices(actor)).scalars().all()
    ids = [user.id for _membership, user, _office in members]
    factors = set(session.execute(confirmed_factors(ids)).scalars())
    linked = set(session.execute(linked_users(ids)).scalars())
    context: dict[str, Any] = {"members": members, "offices": offices, "with_factor": factors, "linked": linked}
    return page(request, "accounts/list", today=now().date(), **context)


@router.get("/new", name="accounts:new")
def invite_page(request: Request, session: Sess, actor: AccountManager) -> Response:
    form = Form.of(InviteForm, since=now().date().isoformat(), language="ja", office_id=str(actor.office_id))
    return page(request, "accounts/invite", form=form, **_choices(session, actor))


@router.post("", name="accounts:invite")
def invite(
    request: Request, session: Sess, actor: AccountManager, form: Annotated[Form[InviteForm], posted(InviteForm)]
) -> Response:
    invited = form.attempt(session, invite_user, actor, settings_of(request).base_url)
    if invited is None:
        return page(request, "accounts/invite", status=422, form=form, **_choices(session, actor))
    return page(request, "accounts/invited", user=invited[0], address=invited[1])


@router.post("/{membership_id}/term", name="accounts:change_term")
def set_term(
    request: Request,
    session: Sess,
    actor: AccountManager,
    membership_id: UUID,
    form: Annotated[Form[TermForm], posted(TermForm)],
) -> Response:
    membership = session.get(Membership, membership_id)
    if membership is None:
        raise Missing()
    form.attempt(session, change_term, actor, membership)
    if form.errors:
        flash(request, next(iter(form.errors.values())), "error")
    else:
        flash(request, _("The term has been changed."))
    return go(request, "accounts:list")
