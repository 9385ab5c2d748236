from typing import Any

from fastapi import Request
from starlette.responses import Response

from crm.accounts.access import Public
from crm.core.columns import now
from crm.core.db import Sess
from crm.core.errors import Missing
from crm.core.web import page
from crm.listings.actions.moves import office_settings
from crm.listings.public import queries
from crm.listings.public.kept import answer
from crm.listings.public.overview import base_of
from crm.listings.routes.public.people import entries_of
from crm.listings.routes.public.tongue import public_router

router = public_router()


@router.get("/missions/{code}", name="listings:mission")
def show_mission(request: Request, session: Sess, _language: Public, code: str) -> Response:
    office = queries.mission(session, code)
    if office is None:
        raise Missing()

    def make(_version: str) -> Response:
        entries = entries_of(session, office, queries.order_of(session, office))
        settings = office_settings(session, office.id)
        shown: dict[str, Any] = {"office": office, "entries": entries, "settings": settings}
        return page(request, "listings/public_mission", as_of=now(), **shown)

    return answer(request, session, make)


@router.get("/about", name="listings:about")
def about(request: Request, session: Sess, _language: Public) -> Response:
    def make(version: str) -> Response:
        base = base_of(request, session, version)
        counts = base.index.matching({}).counts("mission")
        missions = [
            (office, counts.get(code, 0)) for code, office in base.words.offices.items() if office.kind.is_mission
        ]
        return page(request, "listings/public_about", missions=missions, total=len(base.index.ids), as_of=now())

    return answer(request, session, make)
