"""Passkeys of a user: made, used, removed."""

import hmac
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col
from webauthn.helpers import base64url_to_bytes

from crm.accounts.access import Actor
from crm.accounts.actions.challenges import Asked, ask
from crm.accounts.actions.factors import first_codes, forget_codes
from crm.accounts.codes import Vault
from crm.accounts.journal import record
from crm.accounts.letters import passkey_added
from crm.accounts.models import ChallengeKind, Passkey, User
from crm.accounts.passkeys import (
    NewKey,
    WrongPasskey,
    count_proved,
    options_for_new,
    options_for_sign_in,
    read_new,
    who_answers,
)
from crm.accounts.queries.factors import passkeys_of
from crm.core.columns import now
from crm.core.errors import Missing, Refused
from crm.core.i18n import lazy_gettext as _l
from crm.core.mail import post
from crm.core.settings import Settings

MOST = 20


def begin_passkey(session: Session, actor: Actor, settings: Settings, name: str) -> tuple[str, dict[str, Any]]:
    """The secret for the cookie, and what the browser is given."""
    known = passkeys_of(session, actor.user_id)
    if len(known) >= MOST:
        raise Refused(_l("You have %(number)s passkeys. Please remove one that you do not use any more.", number=MOST))
    options = options_for_new(settings, session.get_one(User, actor.user_id), known)
    asked = Asked({"challenge": options["challenge"], "name": name}, actor.user_id)
    return ask(session, Vault(settings), ChallengeKind.NEW_PASSKEY, asked), options


def add_passkey(session: Session, actor: Actor, settings: Settings, asked: Asked | None, answer: str) -> list[str]:
    """Returns recovery codes with the first factor, which are shown this once; the user is told by letter."""
    if asked is None or asked.user_id != actor.user_id:
        raise WrongPasskey(_l("Too much time has passed. Please begin again."))
    made: NewKey = read_new(settings, asked.content["challenge"], answer)
    taken = select(col(Passkey.id)).where(col(Passkey.credential_id) == made.credential_id)
    if session.execute(taken).first():
        raise WrongPasskey(_l("This passkey is registered already."))
    passkey = Passkey(
        user_id=actor.user_id, name=asked.content["name"], credential_id=made.credential_id,
        public_key=made.public_key, sign_count=made.sign_count, transports=made.transports,
    )  # fmt: skip
    session.add(passkey)
    session.flush()
    record(session, actor, "added", passkey)
    post(session, passkey_added(session.get_one(User, actor.user_id), passkey.name))
    return first_codes(session, actor.user_id)


def ask_for_passkey(
    session: Session, settings: Settings, user_id: UUID | None, *, by_provider: bool = False
) -> tuple[str, dict[str, Any]]:
    """Of whoever is there, or of the user whose password (or provider) has been right already."""
    options = options_for_sign_in(settings, passkeys_of(session, user_id) if user_id else [])
    asked = Asked({"challenge": options["challenge"], "by_provider": by_provider}, user_id)
    return ask(session, Vault(settings), ChallengeKind.PASSKEY, asked), options


def use_passkey(session: Session, settings: Settings, asked: Asked, answer: str) -> User:
    """The user to whom the passkey belongs that has signed what was asked."""
    credential_id, handle = who_answers(answer)
    mine = select(Passkey).where(col(Passkey.credential_id) == credential_id).with_for_update()
    passkey = session.execute(mine).scalars().first()
    if passkey is None:
        raise WrongPasskey(_l("This passkey is not known here. It may have been removed."))
    if asked.user_id not in (None, passkey.user_id) or not _is_handle(handle, passkey.user_id, asked.user_id):
        raise WrongPasskey()
    passkey.sign_count = count_proved(settings, asked.content["challenge"], answer, passkey)
    passkey.last_used_at = now()
    user = session.get_one(User, passkey.user_id)
    if user.closed_at:
        raise WrongPasskey()
    session.flush()
    return user


def _is_handle(handle: str, user_id: UUID, expected: UUID | None) -> bool:
    """The device says whose it is; it may be silent where that was known before."""
    if not handle:
        return expected is not None
    try:
        return hmac.compare_digest(base64url_to_bytes(handle), user_id.bytes)
    except ValueError:
        return False


def own_passkey(session: Session, actor: Actor, passkey_id: UUID) -> Passkey:
    passkey = session.get(Passkey, passkey_id)
    if passkey is None or passkey.user_id != actor.user_id:
        raise Missing()
    return passkey


def remove_passkey(session: Session, actor: Actor, passkey_id: UUID) -> None:
    """Where the office asks for a factor and this was the last, the user is led to set up a new one."""
    passkey = own_passkey(session, actor, passkey_id)
    record(session, actor, "removed", passkey)
    session.delete(passkey)
    forget_codes(session, actor.user_id)
