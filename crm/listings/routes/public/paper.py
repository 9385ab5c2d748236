from urllib.parse import quote

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from crm.accounts.access import Public
from crm.accounts.models import Office
from crm.core.columns import now
from crm.core.db import Sess
from crm.core.documents import pdf
from crm.core.errors import Missing
from crm.core.security import CSP
from crm.core.web import page, settings_of, url_builder
from crm.listings.public import queries
from crm.listings.public.kept import answer
from crm.listings.public.paper import paper_data
from crm.listings.routes.public.people import entries_of
from crm.listings.routes.public.tongue import public_router

router = public_router()


def _found(session: Session, code: str) -> Office:
    office = queries.mission(session, code)
    if office is None:
        raise Missing()
    return office


@router.get("/missions/{code}/list.pdf", name="listings:pdf")
def show_pdf(request: Request, session: Sess, language: Public, code: str) -> Response:
    office = _found(session, code)
    address = settings_of(request).base_url + url_builder(request)("listings:mission", language=language, code=code)

    def make(_version: str) -> Response:
        order = queries.order_of(session, office)
        data = paper_data(office, entries_of(session, office, order), address, order)
        return Response(pdf("listings/public_list", data), media_type="application/pdf")

    response = answer(request, session, make)
    response.headers["Content-Disposition"] = f'inline; filename="{quote(code)}-{language}.pdf"'
    return response


@router.get("/embed/{code}", name="listings:embed")
def embed(request: Request, session: Sess, _language: Public, code: str) -> Response:
    """A narrow page for an ``<iframe>`` on the mission's own site, and on no other."""
    office = _found(session, code)

    def make(_version: str) -> Response:
        entries = entries_of(session, office, queries.order_of(session, office))
        return page(request, "listings/public_embed", office=office, entries=entries, as_of=now())

    response = answer(request, session, make)
    hosts = " ".join(_sources(queries.embed_hosts(session, office))) or "'none'"
    response.headers["Content-Security-Policy"] = CSP.replace("frame-ancestors 'none'", f"frame-ancestors {hosts}")
    return response


def _sources(hosts: list[str]) -> list[str]:
    """Host names as a policy may name them: nothing that could add another directive."""
    plain = [host.strip().removeprefix("https://").rstrip("/").lower() for host in hosts]
    fine = [host for host in plain if host and all(part.isalnum() for part in host.replace("-", "").split("."))]
    return [f"https://{host}" for host in fine if host.isascii()]
