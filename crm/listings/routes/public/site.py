"""About the site itself: who runs it, what it keeps, whom it is made for."""

from fastapi import Request
from starlette.responses import Response

from crm.accounts.access import Public
from crm.core.db import Sess
from crm.core.web import page, settings_of
from crm.listings.public.kept import answer
from crm.listings.routes.public.tongue import public_router

router = public_router()


@router.get("/privacy", name="listings:privacy")
def privacy(request: Request, session: Sess, _language: Public) -> Response:
    return answer(request, session, lambda _version: _shown(request, "listings/public_privacy"))


@router.get("/accessibility", name="listings:accessibility")
def accessibility(request: Request, session: Sess, _language: Public) -> Response:
    return answer(request, session, lambda _version: _shown(request, "listings/public_accessibility"))


def _shown(request: Request, template: str) -> Response:
    settings = settings_of(request)
    return page(request, template, operator=settings.operator or settings.site_name, contact=settings.contact)
