from fastapi import Request
from starlette.responses import PlainTextResponse, Response

from crm.accounts.access import Public, Visitor
from crm.core.db import Sess
from crm.core.i18n import current_language
from crm.core.routing import Router
from crm.core.web import go, page

router = Router()


@router.get("/", name="home:today")
def today(request: Request, session: Sess, visitor: Visitor) -> Response:
    """The public sees the map; a user what waits in the office."""
    if visitor is None:
        return go(request, "listings:map", language=current_language())
    counts = ((tile, tile.count(session, visitor)) for tile in request.app.state.tiles if visitor.may(tile.permission))
    tiles = [(tile, count) for tile, count in counts if count]
    asked = [part for part in request.app.state.today if visitor.may(part.permission)]
    parts = [(part.template, part.ask(session, visitor)) for part in asked]
    return page(request, "home/today", tiles=tiles, parts=[(template, part) for template, part in parts if part])


@router.get("/health", name="home:health")
def health(_language: Public) -> Response:
    return PlainTextResponse("ok")
