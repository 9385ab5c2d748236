from collections.abc import Callable, Sequence
from typing import Any

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from crm.accounts.access import Public
from crm.core.db import Sess
from crm.core.maps.views import View
from crm.core.web import page, query_url
from crm.listings.public.kept import answer
from crm.listings.public.overview import base_of, map_picture, matching, overview
from crm.listings.public.wanted import MapSearch, Wanted, wants_map_alone
from crm.listings.routes.public.tongue import public_router

router = public_router()


@router.get("/map", name="listings:map")
def show_map(request: Request, session: Sess, _language: Public, wanted: Wanted) -> Response:
    return answer(request, session, lambda version: _drawn(request, session, version, wanted))


def _drawn(request: Request, session: Session, version: str, wanted: MapSearch) -> Response:
    base = base_of(request, session, version)
    picture = map_picture(base, matching(session, base, wanted), wanted)
    shared: dict[str, Any] = {"picture": picture, **_addresses(request)}
    if wants_map_alone(request):
        return page(request, "listings/map_fragment", **shared)
    return page(request, "listings/map", overview=overview(session, base, wanted), **shared)


def _addresses(request: Request) -> dict[str, Callable[..., str]]:
    """Where a click on the map leads: the same page with another view, or filtered by places."""

    def view_url(view: View | None) -> str:
        return query_url(request, view=view, width=None, after=None)

    def places_url(keys: Sequence[str]) -> str:
        return query_url(request, city=list(keys), width=None, after=None) + "#list"

    return {"view_url": view_url, "places_url": places_url}
