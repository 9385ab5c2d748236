"""Headers, the cross-site check and the request log: an ASGI layer around the whole app."""

import time
from urllib.parse import urlsplit

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crm.core.api import ROOT
from crm.core.i18n import gettext as _
from crm.core.settings import Settings

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
MOST_BODY_BYTES = 30 * 1024 * 1024
log = structlog.get_logger("request")


def policy(settings: Settings) -> str:
    """Forms stay on this site; the one that goes to the provider's sign-in may be passed on there."""
    beyond = "".join(f" {origin}" for origin in settings.provider.origins) if settings.provider else ""
    return CSP.replace("form-action 'self'", f"form-action 'self'{beyond}")


class Guard:
    """Refuses cross-site writes and oversized bodies, adds the security headers, logs route names, never paths.

    Cookie requests that write must come from this site: ``Sec-Fetch-Site`` where the browser sends it, else ``Origin``.
    A program's token is nothing that a browser sends by itself, and no cookie opens its doors: they may be asked from
    anywhere.
    Doors that are opened by a signed link or a token need no exemption: browsers post to them from our own pages.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings
        self.policy = policy(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        # No form keeps a NUL either, and PostgreSQL knows no text with one.
        scope["query_string"] = scope["query_string"].replace(b"%00", b"")
        started = time.perf_counter()
        headers = Headers(scope=scope)
        status = 500

        async def sealed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._add_headers(MutableHeaders(scope=message), scope["path"])
            await send(message)

        if not (_only_reads(scope) or _is_program(scope, headers) or self._same_site(headers)):
            refusal = _(
                "This form was sent from another site, so it was refused. Please open the page here and try again."
            )
            await PlainTextResponse(refusal, 403)(scope, receive, sealed)
        elif int(headers.get("content-length") or 0) > MOST_BODY_BYTES:
            limit = MOST_BODY_BYTES // 1024 // 1024
            refusal = _("This is too large: at most %(limit)s MB can be sent at once.", limit=limit)
            await PlainTextResponse(refusal, 413)(scope, receive, sealed)
        else:
            await self.app(scope, receive, sealed)
        route = getattr(scope.get("route"), "name", None) or "-"
        log.info("request", route=route, method=scope["method"], status=status, ms=_elapsed(started))

    def _same_site(self, headers: Headers) -> bool:
        fetch_site = headers.get("sec-fetch-site")
        if fetch_site:
            return fetch_site in ("same-origin", "none")
        origin = headers.get("origin")
        if origin is None:
            return "cookie" not in headers
        return origin == self.settings.origin or urlsplit(origin).netloc == headers.get("host")

    def _add_headers(self, headers: MutableHeaders, path: str) -> None:
        headers.setdefault("X-Content-Type-Options", "nosniff")
        if path.startswith("/static/"):
            # Our own files are no pages: the rest would be half a kilobyte on each of them.
            return
        headers.setdefault("Content-Security-Policy", self.policy)
        headers.setdefault("Referrer-Policy", "same-origin")
        headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers.setdefault("Cache-Control", "no-store")
        if self.settings.secure:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000")


def _only_reads(scope: Scope) -> bool:
    return scope["method"] in ("GET", "HEAD", "OPTIONS")


def _is_program(scope: Scope, headers: Headers) -> bool:
    return str(scope["path"]).startswith(f"{ROOT}/") and headers.get("authorization", "").lower().startswith("bearer ")


def _elapsed(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 1)
