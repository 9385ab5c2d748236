"""That the one at the keyboard is the one who signed in, asked before a way in is added or taken away."""

from datetime import timedelta

from fastapi import Request
from sqlmodel import Session

from crm.accounts.access import Actor
from crm.accounts.actions.factors import accept
from crm.accounts.codes import Vault
from crm.accounts.forms import NewPasskeyForm, ProofForm
from crm.accounts.models import User, UserSession
from crm.accounts.passwords import password_fits
from crm.accounts.queries.factors import proof_of
from crm.core.columns import now
from crm.core.db import database_of
from crm.core.forms import Form
from crm.core.i18n import gettext as _
from crm.core.rates import count_against, forget_count
from crm.core.web import settings_of

_FRESH = timedelta(minutes=10)


def prove(request: Request, actor: Actor, form: Form[NewPasskeyForm] | Form[ProofForm]) -> None:
    """Puts on the form what is wrong with the password, or with the code where the account has no password.

    Where it has neither, the sign-in itself must have been a few minutes ago.
    """
    if form.errors:
        return
    database, who = database_of(request), str(actor.user_id)
    count_against(database, "proof", who, most=10, per=timedelta(minutes=15))
    with database.reading() as session:
        stored, needed = session.get_one(User, actor.user_id).password_hash, proof_of(session, actor.user_id)
        fresh = _is_fresh(session, actor)
    if needed == "password" and not password_fits(stored, form.data.password):
        form.errors["password"] = _("This is not your present password.")
    elif needed == "code":
        with database.writing() as session:
            if not accept(session, actor.user_id, Vault(settings_of(request)), form.data.code):
                form.errors["code"] = _("This code is not right, or has been used already.")
    elif not needed and not fresh:
        form.errors[""] = _("Please sign out and in again first, and come back here within ten minutes.")
    if not form.errors:
        forget_count(database, "proof", who)


def _is_fresh(session: Session, actor: Actor) -> bool:
    opened = session.get(UserSession, actor.session_id)
    return opened is not None and opened.created_at > now() - _FRESH
