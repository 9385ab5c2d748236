"""The one way out: what other services say is fetched here, with little patience and little room."""

import json
from typing import Any

import httpx2

from crm.core.errors import Problem
from crm.core.i18n import lazy_gettext as _l

SECONDS = 6.0
MOST_BYTES = 2_000_000


class NoAnswer(Problem):
    status = 502
    sentence = _l("The other service did not answer. Please try again later, or fill in the form by hand.")


class NotThere(Problem):
    status = 404
    sentence = _l("The other service does not know this number.")


def fetch_json(address: str) -> Any:
    """Raises ``NotThere`` for 404, ``NoAnswer`` for everything else that is not JSON of a sensible size.

    The host comes from a setting, never from a user; no redirect is followed, so it cannot become another.
    """
    try:
        with (
            httpx2.Client(timeout=SECONDS, follow_redirects=False, trust_env=True) as client,
            client.stream("GET", address, headers={"Accept": "application/json"}) as answer,
        ):
            if answer.status_code == 404:
                raise NotThere()
            if answer.status_code != 200:
                raise NoAnswer()
            return json.loads(_read(answer))
    except (httpx2.HTTPError, ValueError) as error:
        raise NoAnswer() from error


def _read(answer: httpx2.Response) -> bytes:
    read = b""
    for piece in answer.iter_bytes():
        read += piece
        if len(read) > MOST_BYTES:
            raise NoAnswer()
    return read
