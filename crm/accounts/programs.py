"""Programs at the door: a bearer token stands for its owner's post, and opens no more than its scopes."""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel
from sqlalchemy import delete, select
from sqlmodel import Session, col

from crm.accounts.access import Actor, Requires, make_actor, token_hash
from crm.accounts.models import AccessToken, Membership, Office, ProgramReply, Scope, User
from crm.accounts.permissions import Permission
from crm.accounts.queries import in_term
from crm.core.columns import now
from crm.core.db import Sess, database_of
from crm.core.errors import Forbidden, Problem, SignInNeeded
from crm.core.i18n import lazy_gettext as _l

_BEARER = HTTPBearer(auto_error=False, description="An access token, made under “My account”.")
_KEPT = timedelta(days=1)


class Program(Requires):
    """Lets in a token with this scope whose owner holds the permission. Cookies open nothing here."""

    def __init__(self, scope: Scope, permission: Permission) -> None:
        super().__init__(permission, barred=True)
        self.scope = scope

    async def __call__(  # type: ignore[override]
        self,
        request: Request,
        session: Sess,
        given: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)],
    ) -> Actor:
        token, actor = find_program(session, given.credentials if given else "")
        if self.scope not in token.scopes:
            raise Forbidden(_l("This token does not have the scope %(scope)s.", scope=self.scope.value))
        request.state.token = token
        _note_use(request, token)
        return self.let_in(actor)


def find_program(session: Session, secret: str) -> tuple[AccessToken, Actor]:
    """SignInNeeded for a token that is unknown, over, revoked, or whose post has ended."""
    standing = (
        select(AccessToken, User, Membership, Office)
        .join(User, col(User.id) == col(AccessToken.user_id))
        .join(Membership, col(Membership.id) == col(AccessToken.membership_id))
        .join(Office, col(Office.id) == col(Membership.office_id))
        .where(
            col(AccessToken.token_hash) == token_hash(secret),
            col(AccessToken.revoked_at).is_(None),
            col(AccessToken.expires_at) > now(),
            col(User.closed_at).is_(None),
            in_term(),
        )
    )
    row = session.execute(standing).first() if secret else None
    if row is None:
        raise SignInNeeded(_l("Please send a token that is valid: Authorization: Bearer …"))
    return row[0], make_actor(*row[1:])


def _note_use(request: Request, token: AccessToken) -> None:
    """Once a day, so that reading stays reading."""
    today = now().date()
    if token.last_used_on == today:
        return
    if request.method in ("GET", "HEAD"):
        with database_of(request).writing() as apart:
            apart.get_one(AccessToken, token.id).last_used_on = today
    else:
        token.last_used_on = today


IdempotencyKey = Annotated[
    str | None, Header(max_length=200, description="The same key again is answered the same, and done once.")
]


class OtherRequest(Problem):
    status = 422
    sentence = _l("This Idempotency-Key was used for another request.")


def once(request: Request, session: Session, key: str | None, body: BaseModel, make: Callable[[], UUID]) -> UUID:
    """The id of what was made, now or before under this key. What it says is never kept: it is read as it is today."""
    if not key:
        return make()
    token: AccessToken = request.state.token
    words = json.dumps([request.url.path, body.model_dump(mode="json", exclude_unset=True)], sort_keys=True)
    asked = hashlib.sha256(words.encode()).hexdigest()
    session.execute(delete(ProgramReply).where(col(ProgramReply.created_at) < now() - _KEPT))
    same = select(ProgramReply).where(col(ProgramReply.token_id) == token.id, col(ProgramReply.key) == key)
    before: ProgramReply | None = session.execute(same).scalars().first()
    if before is not None:
        if before.asked != asked:
            raise OtherRequest()
        return before.made
    made = make()
    session.add(ProgramReply(token_id=token.id, key=key, asked=asked, made=made))
    session.flush()
    return made
