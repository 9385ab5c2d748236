"""Answers kept for as long as nothing public has changed. The version is read from the database at every request."""

import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import cache
from threading import Lock
from typing import Any, TypeVar

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from crm.core.columns import now
from crm.core.i18n import current_language
from crm.core.paths import LOCALES, STATIC, TEMPLATES
from crm.core.web import FLASH_COOKIE, settings_of
from crm.listings.public.queries import data_version

T = TypeVar("T")
_MOST = 128
_VARY = "Accept-Encoding, Cookie, X-Fragment, HX-Target"


class Kept:
    """Values made from the newest version of the public data, at most ``_MOST``: the least used goes first."""

    def __init__(self) -> None:
        self._values: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = Lock()
        self._version = ""

    def renew(self, version: str) -> None:
        """Nothing made from an older version is of use, and it is large."""
        with self._lock:
            if version != self._version:
                self._values.clear()
                self._version = version

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                found: T = self._values[key]
                return found
        made = make()
        with self._lock:
            self._values[key] = made
            while len(self._values) > _MOST:
                self._values.popitem(last=False)
        return made


def kept_of(request: Request) -> Kept:
    state = request.app.state
    if not hasattr(state, "public_kept"):
        state.public_kept = Kept()
    kept: Kept = state.public_kept
    return kept


def answer(request: Request, session: Session, make: Callable[[str], Response]) -> Response:
    """304 for who has this version already, else what was kept or what ``make(version)`` makes now."""
    version = data_version(session, now())
    kept_of(request).renew(version)
    return answer_of(request, version, kept_of(request), make)


def answer_of(request: Request, version: str, kept: "Kept", make: Callable[[str], Response]) -> Response:
    """The same for pages whose version somebody else knows."""
    key = (version, *_asked(request))
    etag = f'W/"{hashlib.sha256(repr((_program(), *key)).encode()).hexdigest()[:24]}"'
    headers = {"ETag": etag, "Cache-Control": "no-cache", "Vary": _VARY}
    if FLASH_COOKIE in request.cookies:
        return make(version)
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    packed, kind = kept.get(key, lambda: _packed(make(version)))
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(packed, headers={**headers, "Content-Encoding": "gzip"}, media_type=kind)
    return Response(gzip.decompress(packed), headers=headers, media_type=kind)


def _asked(request: Request) -> tuple[str, ...]:
    part = request.headers.get("x-fragment", "") or request.headers.get("hx-target", "")
    theme = request.cookies.get("meguri_theme", "")
    url = request.url
    demo = str(settings_of(request).demo)
    return (current_language(), url.path, url.query, part[:40], theme if theme in ("light", "dark") else "", demo)


def _packed(response: Response) -> tuple[bytes, str]:
    return gzip.compress(bytes(response.body), 6, mtime=0), response.headers["content-type"]


@cache
def _program() -> str:
    """Changes when the pages look different although the data are the same."""
    digest = hashlib.sha256()
    for folder, pattern in ((TEMPLATES, "**/*.html"), (LOCALES, "**/*.po"), (STATIC, "css/*"), (STATIC, "js/*")):
        for path in sorted(folder.glob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()
