"""What is said to a provider and what it answers (OpenID Connect, by authlib and joserfc). Nothing here is stored."""

import hmac
import secrets
from dataclasses import dataclass
from threading import Lock
from typing import Any
from urllib.parse import quote_plus

import structlog
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from cachetools import TTLCache, cached
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import BaseModel

from crm.core.errors import Problem
from crm.core.i18n import lazy_gettext as _l
from crm.core.outside import Declined, NoAnswer, NotThere, fetch_json, send_form
from crm.core.settings import Provider

BACK = "/sign-in/provider/back"
"""Where the browser comes back to, below ``CRM_BASE_URL``; to be registered at the provider."""
SIGNATURES = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""By a key pair only: with a shared secret, whoever knows it could be anybody."""
_LEEWAY = 60
_HOUR = 3600
log = structlog.get_logger("provider")


class ProviderDown(Problem):
    status = 502
    sentence = _l("The sign-in service does not answer. Please try again in a few minutes, or sign in another way.")


class Cancelled(Problem):
    status = 403
    sentence = _l("You have cancelled the sign-in at the sign-in service. Nothing was changed.")


class WrongAnswer(Problem):
    """A state, a signature, an audience, a nonce or a time that is not right."""

    status = 403
    sentence = _l("What the sign-in service answered could not be accepted. Please sign in again from the beginning.")


class ProviderAnswer(BaseModel):
    """What the browser brings back."""

    code: str = ""
    state: str = ""
    error: str = ""
    iss: str = ""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is, as the provider says; ``vouched``: it has seen a second factor, where that may count."""

    subject: str
    email: str
    verified: bool
    vouched: bool


def new_request() -> dict[str, str]:
    """What only this browser's sign-in knows."""
    return {name: secrets.token_urlsafe(48) for name in ("state", "nonce", "verifier")}


def sign_in_address(provider: Provider, back: str, asked: dict[str, str]) -> str:
    """Where the browser is sent; ``back`` is our own address to which it returns."""
    address: str = prepare_grant_uri(
        _endpoint(provider, "authorization_endpoint"),
        provider.client_id,
        "code",
        redirect_uri=back,
        scope="openid email",
        state=asked["state"],
        nonce=asked["nonce"],
        code_challenge=create_s256_code_challenge(asked["verifier"]),
        code_challenge_method="S256",
    )
    return address


def identify(provider: Provider, back: str, asked: dict[str, str], answer: ProviderAnswer) -> Identity:
    """Raises ``Cancelled``, ``WrongAnswer`` or ``ProviderDown``."""
    if not hmac.compare_digest(answer.state.encode(), asked["state"].encode()):
        raise refused("state")
    if answer.iss not in ("", provider.issuer):
        raise refused("iss")
    if answer.error == "access_denied":
        raise Cancelled()
    if answer.error or not answer.code:
        raise refused(answer.error[:80] or "no code")
    tokens = _exchange(provider, back, asked, answer.code)
    claims = _proved(provider, asked["nonce"], tokens)
    if "email" not in claims:
        claims = {**_user_info(provider, tokens, claims["sub"]), **claims}
    factors = [*(claims.get("amr") or []), claims.get("acr")]
    return Identity(
        claims["sub"],
        str(claims.get("email") or ""),
        claims.get("email_verified") is True,
        any(factor in provider.factors for factor in factors),
    )


def refused(reason: str) -> WrongAnswer:
    """The reason is for the log; whoever tampers learns nothing."""
    log.warning("answer refused", reason=reason)
    return WrongAnswer()


def _exchange(provider: Provider, back: str, asked: dict[str, str], code: str) -> dict[str, Any]:
    fields = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": back,
        "code_verifier": asked["verifier"],
    }
    ways = described(provider).get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    basic = None
    if provider.client_secret and "client_secret_basic" in ways:
        basic = (quote_plus(provider.client_id), quote_plus(provider.client_secret))
    else:
        fields |= {"client_id": provider.client_id, "client_secret": provider.client_secret}
    try:
        tokens = send_form(_endpoint(provider, "token_endpoint"), fields, basic, named_by=provider.issuer)
    except Declined as fault:
        raise refused("the code was declined") from fault
    except (NoAnswer, NotThere) as fault:
        raise ProviderDown() from fault
    if not isinstance(tokens, dict) or not isinstance(tokens.get("id_token"), str):
        raise refused("no id_token")
    return tokens


def _proved(provider: Provider, nonce: str, tokens: dict[str, Any]) -> dict[str, Any]:
    """The claims of the token, once signature, issuer, audience, times and nonce are right."""
    wanted: Any = {
        "iss": {"essential": True, "value": provider.issuer},
        "aud": {"essential": True, "value": provider.client_id},
    }
    params = {"nonce": nonce, "client_id": provider.client_id, "access_token": tokens.get("access_token")}
    try:
        token = _opened(provider, tokens["id_token"])
        claims = CodeIDToken(token.claims, token.header, wanted, params)
        claims.validate(leeway=_LEEWAY)
    except (JoseError, ValueError, LookupError, TypeError) as fault:
        raise refused(str(fault)[:200]) from fault
    if not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= 255:
        raise refused("sub")
    return dict(claims)


def _opened(provider: Provider, token: str) -> jwt.Token:
    """With the keys as they are known; keys change, so at a failure they are asked for once more."""
    place = _endpoint(provider, "jwks_uri")
    try:
        return jwt.decode(token, _keys(place, provider.issuer), SIGNATURES)
    except (JoseError, ValueError):
        with _KEYS_LOCK:
            _KEYS.pop((place, provider.issuer), None)
        return jwt.decode(token, _keys(place, provider.issuer), SIGNATURES)


def _user_info(provider: Provider, tokens: dict[str, Any], subject: str) -> dict[str, Any]:
    """Some providers say an address only here, and only about the same subject it counts."""
    place, bearer = described(provider).get("userinfo_endpoint"), tokens.get("access_token")
    if not place or not bearer:
        return {}
    try:
        said = fetch_json(str(place), named_by=provider.issuer, bearer=str(bearer))
    except (NoAnswer, NotThere) as fault:
        raise ProviderDown() from fault
    if not isinstance(said, dict) or said.get("sub") != subject:
        raise refused("userinfo of somebody else")
    return {name: said[name] for name in ("email", "email_verified") if name in said}


def _endpoint(provider: Provider, name: str) -> str:
    place = described(provider).get(name)
    if not isinstance(place, str) or not place.startswith(("https://", "http://")):
        raise ProviderDown()
    return place


def described(provider: Provider) -> dict[str, Any]:
    """What the provider says of itself, kept for an hour."""
    return _described(provider.issuer)


_KEYS: TTLCache[Any, KeySet] = TTLCache(8, _HOUR)
_KEYS_LOCK = Lock()


@cached(TTLCache(8, _HOUR), lock=Lock())
def _described(issuer: str) -> dict[str, Any]:
    try:
        said = fetch_json(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    except (NoAnswer, NotThere) as fault:
        raise ProviderDown() from fault
    if not isinstance(said, dict) or said.get("issuer") != issuer:
        log.error("the provider says another issuer than CRM_OIDC_ISSUER")
        raise ProviderDown()
    return said


@cached(_KEYS, key=lambda place, issuer: (place, issuer), lock=_KEYS_LOCK)
def _keys(place: str, issuer: str) -> KeySet:
    try:
        return KeySet.import_key_set(fetch_json(place, named_by=issuer))
    except (NoAnswer, NotThere) as fault:
        raise ProviderDown() from fault
