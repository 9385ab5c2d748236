"""The one way out: what other services say is fetched here, with little patience and little room."""

import json
import socket
from contextlib import suppress
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import httpx2

from crm.core.errors import Problem
from crm.core.i18n import lazy_gettext as _l
from crm.core.settings import origin_of

SECONDS = 6.0
MOST_BYTES = 2_000_000


class NoAnswer(Problem):
    status = 502
    sentence = _l("The other service did not answer. Please try again later, or fill in the form by hand.")


class NotThere(Problem):
    status = 404
    sentence = _l("The other service does not know this number.")


class Declined(NoAnswer):
    """It answers, and says that the fault is in what was asked."""


def fetch_json(address: str, *, named_by: str = "", bearer: str = "") -> Any:
    """Raises ``NotThere`` for 404, ``NoAnswer`` for everything else that is not JSON of a sensible size.

    The host comes from a setting, never from a user; no redirect is followed, so it cannot become another. Where the
    service at ``named_by`` has named the address, see ``_check_named``.
    """
    return _asked("GET", address, named_by, {"Authorization": f"Bearer {bearer}"} if bearer else {})


def send_form(address: str, fields: dict[str, str], basic: tuple[str, str] | None, *, named_by: str = "") -> Any:
    """As ``fetch_json``, with a form and perhaps HTTP Basic."""
    return _asked("POST", address, named_by, {}, data=fields, auth=basic)


def _asked(method: str, address: str, named_by: str, headers: dict[str, str], **more: Any) -> Any:
    if named_by:
        _check_named(address, named_by)
    try:
        with (
            httpx2.Client(timeout=SECONDS, follow_redirects=False, trust_env=True) as client,
            client.stream(method, address, headers={"Accept": "application/json", **headers}, **more) as answer,
        ):
            if answer.status_code == 404:
                raise NotThere()
            if answer.status_code != 200:
                raise Declined() if 400 <= answer.status_code < 500 else NoAnswer()
            return json.loads(_read(answer))
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
        raise NoAnswer() from error


def _check_named(address: str, named_by: str) -> None:
    """A service may name another place on its own host; any other host must be public, and spoken to by HTTPS."""
    if origin_of(address) == origin_of(named_by):
        return
    parts = urlsplit(address)
    if parts.scheme != "https" or not parts.hostname:
        raise NoAnswer()
    with suppress(OSError):  # a name that only the proxy knows
        found = {entry[4][0] for entry in socket.getaddrinfo(parts.hostname, parts.port or 443)}
        if not all(ip_address(str(where)).is_global for where in found):
            raise NoAnswer()


def _read(answer: httpx2.Response) -> bytes:
    read = b""
    for piece in answer.iter_bytes():
        read += piece
        if len(read) > MOST_BYTES:
            raise NoAnswer()
    return read
