"""Answers: a page or a part of it, a redirect, a short notice for the next page."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from itsdangerous import BadData, URLSafeSerializer
from jinja2 import Environment
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from crm.core.i18n import GUEST_LANGUAGES, LANGUAGES, current_language, set_language
from crm.core.settings import Settings

FLASH_COOKIE = "meguri_notice"
LANGUAGE_COOKIE = "meguri_language"
YEAR = 365 * 24 * 3600


def settings_of(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


def page(request: Request, template: str, *, status: int = 200, **context: Any) -> Response:
    """Render ``templates/<template>.html``; a request for one element (its id a block's name) gets that block alone."""
    environments: Mapping[str, Environment] = request.app.state.templates
    found = environments[current_language()].get_template(f"{template}.html")
    variables = {**_frame(request), **context}
    block = wanted_block(request)
    if block and block in found.blocks:
        variables["flashes"] = []
        scope = found.new_context(variables)
        # The imports at the top of the page run before its first text.
        next((text for text in found.root_render_func(scope) if text.strip()), None)
        text = "".join(found.blocks[block](scope))
        return HTMLResponse(text, status, headers={"Vary": "HX-Target, X-Fragment"})
    response = HTMLResponse(found.render(variables), status)
    if variables["flashes"]:
        response.delete_cookie(FLASH_COOKIE, httponly=True)
    return response


def wanted_block(request: Request) -> str:
    """The id of the element that asked (``div#results`` → ``results``), as the name of a template block."""
    target = request.headers.get("hx-target") or request.headers.get("x-fragment") or ""
    return target.rpartition("#")[2].replace("-", "_")


def _frame(request: Request) -> dict[str, Any]:
    """What ``base.html`` needs on every page."""
    settings = settings_of(request)
    actor = getattr(request.state, "actor", None)
    return {
        "request": request,
        "language": current_language(),
        "languages": list(_languages(request)),
        "actor": actor,
        "menu": request.app.state.menu(request, actor) if actor else (),
        "flashes": _read_flashes(request),
        "site_name": settings.site_name,
        "demo": settings.demo,
        "provider": settings.provider,
        "url": url_builder(request),
        "query_url": query_url,
        "theme": request.cookies.get("meguri_theme", ""),
    }


def url_builder(request: Request) -> Any:
    """``url(name, **params)``. To find a name the router walks all its routes, so each is asked for once."""
    app, forms = request.app, request.app.state.addresses

    def url(name: str, *, language: str | None = None, **params: Any) -> str:
        if (name, language) not in forms:
            spoken = {"language": language} if language else {}
            forms[name, language] = app.url_path_for(name, **{key: f"{{{key}}}" for key in params}, **spoken)
        return str(forms[name, language].format(**params))

    return url


class ChooseLanguage:
    """By the path in public (``/ja/…``), else by the reader's choice, else by the browser's wish."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            request = HTTPConnection(scope)
            first = scope["path"].lstrip("/").partition("/")[0]
            browser = "ja" if request.headers.get("accept-language", "").startswith("ja") else "en"
            if first in GUEST_LANGUAGES:
                set_language(first, GUEST_LANGUAGES)
            else:
                set_language(request.cookies.get(LANGUAGE_COOKIE, browser))
        await self.app(scope, receive, send)


def _languages(request: Request) -> Iterator[tuple[str, str, str]]:
    """This page in each language: by its path in public, by a switch inside."""
    path, query = request.url.path, request.url.query
    first, _, rest = path.lstrip("/").partition("/")
    route = request.scope.get("route")
    speaks = getattr(route, "param_convertors", {}).get("language")
    for code, name in getattr(speaks, "languages", LANGUAGES).items():
        if first in GUEST_LANGUAGES:
            yield code, name, f"/{code}/{rest}" + (f"?{query}" if query else "")
        else:
            here = path + (f"?{query}" if query else "")
            yield code, name, f"/language/{code}?{urlencode({'next': here})}"


def query_url(request: Request, **changes: Any) -> str:
    """The current address with some query parameters changed; None removes one, a list repeats it."""
    kept = [(key, value) for key, value in request.query_params.multi_items() if key not in changes]
    for key, value in changes.items():
        if value is not None:
            kept += [(key, str(item)) for item in (value if isinstance(value, list | tuple) else [value])]
    return request.url.path + (f"?{urlencode(kept)}" if kept else "")


def go(request: Request, name: str, *, query: Mapping[str, Any] | None = None, **params: Any) -> Response:
    """Redirect (303) to a route by its name; every successful POST ends here."""
    address = url_builder(request)(name, **params)
    return redirect(request, address + (f"?{urlencode(query, doseq=True)}" if query else ""))


def redirect(request: Request, address: str) -> Response:
    """Redirect within this site; notices of this request travel with it."""
    response = RedirectResponse(safe_next(address), 303)
    if notices := getattr(request.state, "notices", None):
        signed = _serializer(request).dumps(notices)
        secure = settings_of(request).secure
        response.set_cookie(FLASH_COOKIE, signed, max_age=300, httponly=True, samesite="lax", secure=secure)
    return response


def safe_next(address: str | None, default: str = "/") -> str:
    """Only a path of this site; anything else becomes the default."""
    if not address or not address.startswith("/") or address.startswith(("//", "/\\")) or "\\" in address:
        return default
    return address if address.isprintable() else default


def flash(request: Request, text: str, kind: str = "ok") -> None:
    """A notice (kind ok, warn or error) shown once on the next page."""
    request.state.notices = [*getattr(request.state, "notices", []), [kind, text]]


def _read_flashes(request: Request) -> list[tuple[str, str]]:
    try:
        stored = _serializer(request).loads(request.cookies.get(FLASH_COOKIE, ""))
    except BadData:
        stored = []
    return [(kind, text) for kind, text in [*stored, *getattr(request.state, "notices", [])]]


def _serializer(request: Request) -> URLSafeSerializer:
    return URLSafeSerializer(settings_of(request).secret_key, salt="notice")
