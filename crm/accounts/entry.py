"""The cookies of signing in: of a session, of a first step that was right, of what a browser has been asked."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from fastapi import Request
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlmodel import Session
from starlette.responses import Response

from crm.accounts.access import cookie_name
from crm.accounts.actions.challenges import MINUTES, Asked, take
from crm.accounts.actions.sessions import SESSION_HOURS
from crm.accounts.codes import Vault
from crm.accounts.models import ChallengeKind, User
from crm.core.db import database_of
from crm.core.errors import Missing
from crm.core.rates import count_against
from crm.core.settings import Provider
from crm.core.web import go, redirect, safe_next, settings_of

HALF_COOKIE = "meguri_half"
"""Says that the first step was right, for five minutes; it opens nothing by itself."""
ASKED_COOKIE = "meguri_asked"
_HALF_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Half:
    """Who has taken the first step, and whether that was at the provider."""

    user_id: UUID
    changed: str
    by_provider: bool

    def fits(self, user: User | None) -> bool:
        """A new password in between makes it void."""
        return user is not None and not user.closed_at and str(user.password_changed_at) == self.changed


def signed_in(request: Request, token: str, next: str) -> Response:
    """On to where the user wanted to go, with the session's cookie."""
    response = redirect(request, safe_next(next))
    _set(request, response, cookie_name(request), token, SESSION_HOURS * 3600)
    for done in (HALF_COOKIE, ASKED_COOKIE):
        response.delete_cookie(done, httponly=True)
    return response


def half_signed_in(request: Request, user: User, next: str, *, by_provider: bool = False) -> Response:
    """On to the second step."""
    response = go(request, "accounts:code", query={"next": safe_next(next)})
    token = _serializer(request).dumps([str(user.id), str(user.password_changed_at), by_provider])
    _set(request, response, HALF_COOKIE, token, _HALF_SECONDS)
    return response


def read_half(request: Request) -> Half | None:
    try:
        said = _serializer(request).loads(request.cookies.get(HALF_COOKIE, ""), max_age=_HALF_SECONDS)
        return Half(UUID(said[0]), said[1], said[2])
    except (BadData, LookupError):
        return None


def half_user(request: Request, session: Session) -> tuple[Half, User] | None:
    half = read_half(request)
    user = session.get(User, half.user_id) if half else None
    return (half, user) if half and user and half.fits(user) else None


def remember_asked(request: Request, response: Response, token: str) -> Response:
    _set(request, response, ASKED_COOKIE, token, MINUTES * 60)
    return response


def take_asked(request: Request, kind: ChallengeKind) -> Asked | None:
    token = request.cookies.get(ASKED_COOKIE, "")
    return take(database_of(request), Vault(settings_of(request)), kind, token) if token else None


def configured_provider(request: Request) -> Provider:
    provider = settings_of(request).provider
    if provider is None:
        raise Missing()
    return provider


def count_visitor(request: Request, what: str) -> None:
    """Raises ``TooMany`` after a hundred in a quarter of an hour from one address."""
    client = request.client.host if request.client else "-"
    count_against(database_of(request), what, client, most=100, per=timedelta(minutes=15))


def _set(request: Request, response: Response, name: str, value: str, seconds: int) -> None:
    secure = settings_of(request).secure
    response.set_cookie(name, value, max_age=seconds, httponly=True, samesite="lax", secure=secure)


def _serializer(request: Request) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings_of(request).secret_key, salt="half signed in")
