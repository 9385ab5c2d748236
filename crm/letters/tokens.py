"""The token that opens the mailbox where the mail service takes no password (OAuth 2.0), kept until it ends."""

import time
from threading import Lock
from typing import Any, Final

from crm.core.errors import Problem
from crm.core.outside import Declined, send_form
from crm.core.settings import MailTokens

_EARLY: Final = 60
"""Seconds before its end in which a token is not begun with any more."""
_UNSAID: Final = 300
_LOCK = Lock()
_KEPT: dict[MailTokens, tuple[str, float]] = {}
_NEWEST: dict[MailTokens, str] = {}
"""Refresh tokens that a service has sent in place of the one in the settings, while this process lives."""


class NoToken(Exception):
    """Says why without what was sent or answered: both hold secrets."""


def token_for(source: MailTokens) -> str:
    """Raises ``NoToken``. Two that ask at once ask the service once."""
    with _LOCK:
        token, ends = _KEPT.get(source, ("", 0.0))
        if ends - _EARLY < time.monotonic():
            token, ends = _fetched(source)
            _KEPT[source] = (token, ends)
        return token


def forget_token(source: MailTokens) -> None:
    """When the mailbox has refused it: the next turn fetches another."""
    with _LOCK:
        _KEPT.pop(source, None)


def _fetched(source: MailTokens) -> tuple[str, float]:
    begun = time.monotonic()
    try:
        said = send_form(source.url, _fields(source), None)
    except Declined as fault:
        _NEWEST.pop(source, None)
        raise NoToken("the token service refuses us: look at client, secret, refresh token and scope") from fault
    except Problem as fault:
        raise NoToken("the token service does not answer as it should") from fault
    if not isinstance(said, dict) or not isinstance(said.get("access_token"), str):
        raise NoToken("the token service answers without a token")
    if isinstance(said.get("refresh_token"), str):
        _NEWEST[source] = said["refresh_token"]
    return said["access_token"], begun + _seconds(said.get("expires_in"))


def _fields(source: MailTokens) -> dict[str, str]:
    fields = {"client_id": source.client_id, "client_secret": source.client_secret, "scope": source.scope}
    if source.refresh_token:
        refresh = _NEWEST.get(source, source.refresh_token)
        fields |= {"grant_type": "refresh_token", "refresh_token": refresh}
    else:
        fields["grant_type"] = "client_credentials"
    return {name: value for name, value in fields.items() if value}


def _seconds(said: Any) -> float:
    """Some services say it as text."""
    try:
        return max(0.0, float(said))
    except (TypeError, ValueError):
        return _UNSAID


def lacking(source: MailTokens) -> list[str]:
    """Settings without which no service gives a token."""
    needed = {"CRM_IMAP_CLIENT_ID": source.client_id}
    if not source.refresh_token:
        needed |= {"CRM_IMAP_CLIENT_SECRET": source.client_secret, "CRM_IMAP_SCOPE": source.scope}
    return [name for name, value in needed.items() if not value]
