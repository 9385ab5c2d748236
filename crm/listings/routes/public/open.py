from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from fastapi import Request
from sqlmodel import Session
from starlette.responses import PlainTextResponse, Response

from crm.accounts.access import Public
from crm.core.columns import now
from crm.core.db import Sess
from crm.core.i18n import LANGUAGES
from crm.core.routing import Router
from crm.core.tables import csv_text
from crm.core.web import settings_of
from crm.listings.models import Snapshot
from crm.listings.public import outputs, queries
from crm.listings.public.kept import answer
from crm.listings.public.overview import base_of

router = Router()
_CSV = "text/csv; charset=utf-8"
_FEED_LENGTH = 500


def _with_terms(response: Response) -> Response:
    """A table cannot carry its terms; the address where they stand goes with it."""
    response.headers["Link"] = '</en/about#reuse>; rel="license"'
    return response


def _reusable(session: Session) -> Sequence[Snapshot]:
    return session.execute(queries.reusable(now())).scalars().all()


def _figures(request: Request, session: Session, version: str) -> dict[str, Any]:
    return outputs.totals(base_of(request, session, version).index, now())


@router.get("/open/totals.json", name="listings:totals_json")
def totals_json(request: Request, session: Sess, _language: Public) -> Response:
    def make(version: str) -> Response:
        text = outputs.json_text(_figures(request, session, version))
        return Response(text, media_type="application/json")

    return answer(request, session, make)


@router.get("/open/totals.csv", name="listings:totals_csv")
def totals_csv(request: Request, session: Sess, _language: Public) -> Response:
    def make(version: str) -> Response:
        rows = outputs.totals_rows(_figures(request, session, version))
        return Response(csv_text([("kind", "value", "people"), *rows]), media_type=_CSV)

    return answer(request, session, make)


@router.get("/open/people.csv", name="listings:people_csv")
def people_csv(request: Request, session: Sess, _language: Public) -> Response:
    def make(_version: str) -> Response:
        records = map(outputs.person_record, _reusable(session))
        return Response(outputs.people_csv(records), media_type=_CSV)

    return _with_terms(answer(request, session, make))


@router.get("/open/people.json", name="listings:people_json")
def people_json(request: Request, session: Sess, _language: Public) -> Response:
    def make(_version: str) -> Response:
        people = [outputs.person_record(snapshot) for snapshot in _reusable(session)]
        told = {"terms": outputs.TERMS, "as_of": now().isoformat(timespec="seconds"), "people": people}
        return Response(outputs.json_text(told), media_type="application/json")

    return _with_terms(answer(request, session, make))


@router.get("/open/people.geojson", name="listings:people_geojson")
def people_geojson(request: Request, session: Sess, _language: Public) -> Response:
    def make(_version: str) -> Response:
        text = outputs.json_text(outputs.geojson(_reusable(session)))
        return Response(text, media_type="application/geo+json")

    return _with_terms(answer(request, session, make))


@router.get("/open/changes.atom", name="listings:changes")
def changes(request: Request, session: Sess, _language: Public) -> Response:
    settings = settings_of(request)

    def make(_version: str) -> Response:
        rows = session.execute(queries.changes(now(), _FEED_LENGTH)).all()
        entries = [(snapshot, shown) for snapshot, shown in rows]
        updated = max((snapshot.changed_at for snapshot, _shown in entries), default=now())
        feed = outputs.atom(entries, settings.base_url, settings.site_name, updated)
        return Response(feed, media_type="application/atom+xml")

    return answer(request, session, make)


@router.get("/robots.txt", name="listings:robots")
def robots(request: Request, _language: Public) -> Response:
    lines = ["User-agent: *", "Disallow: /*/confirm/", "Disallow: /*/embed/", "Disallow: /*/shortlist"]
    lines += ["Disallow: /*/message/", "Disallow: /*/map/*/message", "Disallow: /*/invitation/"]
    return PlainTextResponse("\n".join([*lines, f"Sitemap: {settings_of(request).base_url}/sitemap.xml", ""]))


@router.get("/sitemap.xml", name="listings:sitemap")
def sitemap(request: Request, session: Sess, _language: Public) -> Response:
    """The general pages, and the entries of those who allow search engines."""
    base = settings_of(request).base_url

    def make(_version: str) -> Response:
        allowed = session.execute(queries.findable(now())).scalars()
        paths = ["map", "events", "about", "privacy", "accessibility", *(f"map/{quote(slug)}" for slug in allowed)]
        urls = [f"<url><loc>{base}/{language}/{path}</loc></url>" for path in paths for language in LANGUAGES]
        head = '<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        return Response(f"{head}{''.join(urls)}</urlset>", media_type="application/xml")

    return answer(request, session, make)
