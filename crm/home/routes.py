from functools import lru_cache
from typing import Any

from fastapi import Request
from fastapi.openapi.utils import get_openapi
from sqlalchemy import Select, select
from starlette.responses import JSONResponse, PlainTextResponse, Response

from crm.accounts.access import Public, Visitor
from crm.accounts.reader import seen_by
from crm.core.api import ROOT
from crm.core.db import Sess
from crm.core.i18n import current_language
from crm.core.routing import Router
from crm.core.web import go, page, settings_of

router = Router()


@router.get("/", name="home:today")
def today(request: Request, session: Sess, visitor: Visitor) -> Response:
    """The public sees the map; a user what waits in the office."""
    if visitor is None:
        return go(request, "listings:map", language=current_language())
    tiles = [tile for tile in request.app.state.tiles if visitor.may(tile.permission)]
    counts = session.execute(_counted(*(tile.count for tile in tiles)), seen_by(visitor)).one() if tiles else ()
    asked = [part for part in request.app.state.today if visitor.may(part.permission)]
    parts = [(part.template, part.ask(session, visitor)) for part in asked]
    return page(
        request,
        "home/today",
        tiles=[pair for pair in zip(tiles, counts, strict=True) if pair[1]],
        parts=[(template, part) for template, part in parts if part],
    )


@lru_cache(maxsize=100)
def _counted(*counts: Any) -> Select[Any]:
    """All numbers of a reader in one statement, made once for all who are shown the same tiles."""
    return select(*counts)


@router.get(f"{ROOT}/openapi.json", name="home:openapi")
def openapi(request: Request, _language: Public) -> Response:
    """What programs may ask, and every answer that they may get."""
    routes = [route for route in request.app.routes if getattr(route, "path", "").startswith(f"{ROOT}/")]
    asked = [route for route in routes if route.name != "home:openapi"]
    told = get_openapi(title=settings_of(request).site_name, version="1", routes=asked)
    return JSONResponse(told, headers={"Cache-Control": "public, max-age=300"})


@router.get("/health", name="home:health")
def health(_language: Public) -> Response:
    return PlainTextResponse("ok")
